from . import test_book_hold
from . import test_book_details
from . import test_book_review
from . import test_book_wait
from . import test_book_wait_tours
from . import test_book_tours
from . import test_book_query_counts
