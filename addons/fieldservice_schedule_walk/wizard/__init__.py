from . import fsm_walk_finding
from . import fsm_walk_finish
from . import fsm_walk_new
