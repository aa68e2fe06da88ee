from . import ir_http
from . import res_users
from . import sale_order
from . import sale_order_events
from . import sale_order_pushes
from . import sale_order_texts
from . import service_point
from . import service_reservation
