from . import resource_calendar
from . import resource_resource
from . import service_window
from . import service_point
from . import service_offer
from . import service_reservation
from . import service_reservation_change
from . import ir_websocket
