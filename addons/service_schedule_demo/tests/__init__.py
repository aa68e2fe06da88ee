from . import test_dive_shop
from . import test_users
