from . import fsm_order_batch
