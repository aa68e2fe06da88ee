from . import test_waitlist_messages
