from . import service_notification_choice
from . import service_notification_twilio_receipt
from . import sms_twilio_account_manage
