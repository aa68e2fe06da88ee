from . import fsm_order_overbook
