from . import fsm_dispatch_wishes, fsm_order_suggest
