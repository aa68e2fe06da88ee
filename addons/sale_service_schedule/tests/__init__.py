from . import test_backend_tours
from . import test_fulfilment
from . import test_invoicing
from . import test_portal
from . import test_query_counts
from . import test_sale_order
from . import test_security
from . import test_wizards
