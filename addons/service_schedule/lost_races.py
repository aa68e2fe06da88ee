"""Keeps lost races out of the log.

The exclusion constraint and the bound on holds refuse whoever comes second: that is their work, and he is told.
Odoo logs every query that fails as an ERROR, which would wake an administrator for nothing. The filter has no state, so
that threads do not mind each other (as they would with ``mute_logger``).
"""

import logging

CONSTRAINTS = ("service_reservation_no_overlap", "service_reservation_hold_number_uniq")


def is_no_lost_race(record):
    """Return whether a record of ``odoo.sql_db`` is something else than our constraints at work."""
    message = record.getMessage()
    return not any(constraint in message for constraint in CONSTRAINTS)


def keep_out_of_log():
    """Install the filter, once a process."""
    logger = logging.getLogger("odoo.sql_db")
    if is_no_lost_race not in logger.filters:
        logger.addFilter(is_no_lost_race)
