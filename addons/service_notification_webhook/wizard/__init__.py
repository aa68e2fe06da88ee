from . import service_webhook_rotation
from . import service_webhook_secret_show
from . import service_webhook_replay
