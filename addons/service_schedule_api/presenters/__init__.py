from . import order, time, webhook
