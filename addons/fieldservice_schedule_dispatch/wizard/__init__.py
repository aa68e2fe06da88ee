from . import fsm_order_suggest
