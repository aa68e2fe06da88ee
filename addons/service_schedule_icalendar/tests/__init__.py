from . import test_invitation
from . import test_feed
from . import test_feed_pages
