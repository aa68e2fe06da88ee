from . import common, roads_server, test_driving, test_suggest, test_today, test_travel, test_wishes
