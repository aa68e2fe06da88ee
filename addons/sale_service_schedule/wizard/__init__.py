from . import payment_refund_wizard
from . import sale_order_cancel_service
from . import sale_order_quick
from . import sale_order_schedule
from . import sale_order_start_unpaid
