from . import common, test_plan, test_plan_generate, test_portal, test_preference
