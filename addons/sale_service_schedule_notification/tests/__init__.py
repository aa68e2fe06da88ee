from . import test_order_messages
from . import test_reminders
from . import test_digests
from . import test_pushes
from . import test_hold_messages
from . import test_time_messages
from . import test_webhook_endpoint
