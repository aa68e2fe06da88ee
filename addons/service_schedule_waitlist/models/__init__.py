from . import service_point
from . import service_offer
from . import service_waitlist_entry
from . import service_waitlist_line
from . import service_waitlist_message
from . import service_waitlist_portal
from . import service_reservation
from . import service_schedule_check
