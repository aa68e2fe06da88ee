from . import test_equipment
from . import test_portal_equipment
from . import test_sell_together
from . import test_sold_jobs
from . import test_sold_time
from . import test_roles
from . import test_turns
