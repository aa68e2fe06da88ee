from . import sale_order_quick
