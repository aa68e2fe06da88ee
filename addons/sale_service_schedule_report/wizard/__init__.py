from . import service_capacity_refresh
