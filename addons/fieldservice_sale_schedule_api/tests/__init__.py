from . import test_api_equipment
