from . import field, portal
