from . import service_waiver_override
