from . import feed
from . import portal
