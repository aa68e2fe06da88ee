from . import common, test_place, test_place_bulk, test_plan, test_plan_generate, test_portal, test_preference
