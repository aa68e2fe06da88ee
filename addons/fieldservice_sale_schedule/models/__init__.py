from . import product_template
from . import fsm_equipment
from . import fsm_order
from . import fsm_order_sell
from . import sale_order
from . import sale_order_line
from . import sale_order_line_jobs
from . import service_order_form
