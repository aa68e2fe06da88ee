from . import test_choices, test_clock, test_delivery, test_digest, test_outbox, test_preview, test_push
from . import test_reminder, test_security, test_sms, test_texts, test_unsubscribe
