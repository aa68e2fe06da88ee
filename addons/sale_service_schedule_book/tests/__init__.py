from . import test_book_hold
