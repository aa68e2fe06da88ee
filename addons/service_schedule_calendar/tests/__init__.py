from . import test_busy
from . import test_events
from . import test_moves
from . import test_access
from . import test_query_counts
from . import test_calendar_tour
