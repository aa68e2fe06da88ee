from . import service_reservation
from . import service_calendar_feed
from . import res_users
from . import service_point
