from . import test_availability
from . import test_configuration
from . import test_hold
from . import test_hours
from . import test_query_counts
from . import test_reservation
from . import test_security
from . import test_service_offer_explain
