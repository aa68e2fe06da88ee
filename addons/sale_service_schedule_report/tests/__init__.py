from . import (
    test_access,
    test_dashboard,
    test_query_counts,
    test_service_capacity,
    test_service_capacity_refresh,
    test_service_schedule_report,
)
