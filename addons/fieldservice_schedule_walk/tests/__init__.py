from . import (
    test_finding,
    test_finish,
    test_list,
    test_new,
    test_notice,
    test_portal,
    test_security,
    test_summary,
    test_views,
    test_walk_phone,
    test_walk_tours,
)
