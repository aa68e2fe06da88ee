from . import service_schedule_report
