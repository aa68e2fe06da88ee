from . import common, test_apply, test_plan, test_rights, test_run
