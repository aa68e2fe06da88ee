from . import fsm_equipment
from . import sale_order
from . import sale_order_line
from . import service_order_form
