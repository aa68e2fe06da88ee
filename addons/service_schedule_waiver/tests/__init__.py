from . import test_document
from . import test_portal
from . import test_query_counts
from . import test_reservation
from . import test_security
from . import test_tours
from . import test_waiver
