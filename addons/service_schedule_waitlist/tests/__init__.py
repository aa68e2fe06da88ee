from . import test_check
from . import test_join
from . import test_line
from . import test_line_cron
from . import test_portal
from . import test_security
