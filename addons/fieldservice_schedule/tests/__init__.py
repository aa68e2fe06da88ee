from . import test_times
from . import test_leaves
from . import test_state
from . import test_reservation
from . import test_security
from . import test_announce
from . import test_ground
from . import test_query_counts
