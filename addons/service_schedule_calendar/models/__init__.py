from . import calendar_event
from . import calendar_attendee
from . import resource_resource
from . import res_users
from . import service_reservation_busy
from . import service_reservation_event
from . import service_reservation_move
