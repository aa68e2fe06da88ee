from . import test_dive_shop
from . import test_garage
from . import test_users
