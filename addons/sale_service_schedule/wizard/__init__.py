from . import sale_order_quick
from . import sale_order_schedule
