from . import book
from . import book_wait
from . import book_hold
from . import book_payment
