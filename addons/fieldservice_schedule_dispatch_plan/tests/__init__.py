from . import common, test_apply, test_odd_days, test_plan, test_rights, test_run
