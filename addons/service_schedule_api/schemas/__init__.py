from . import common, order, time, webhook
