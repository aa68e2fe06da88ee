from . import service_waitlist_entry
