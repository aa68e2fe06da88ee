from . import test_delivery
from . import test_docs
from . import test_pages
from . import test_publish
from . import test_security
from . import test_sending
from . import test_targets
