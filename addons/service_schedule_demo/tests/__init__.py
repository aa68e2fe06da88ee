from . import test_corner_shop, test_dive_shop, test_garage, test_users, test_windshield
