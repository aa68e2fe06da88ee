from . import (
    common,
    test_moved_by_hand,
    test_place,
    test_place_bulk,
    test_place_night,
    test_plan,
    test_plan_generate,
    test_plan_rrule,
    test_portal,
    test_preference,
)
