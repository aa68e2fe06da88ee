from . import test_commands, test_day, test_routes, test_tours
