from . import test_book_hold
from . import test_book_details
