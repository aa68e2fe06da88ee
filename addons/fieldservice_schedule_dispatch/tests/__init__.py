from . import common, test_suggest
