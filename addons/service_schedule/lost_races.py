"""Keeps lost races out of the log.

The exclusion constraint refuses whoever comes second: that is its work, and the booker is told. Odoo logs every query
that fails as an ERROR, which would wake an administrator for nothing. The filter has no state, so that threads do not
mind each other (as they would with ``mute_logger``).
"""

import logging

CONSTRAINT = "service_reservation_no_overlap"


def is_no_lost_race(record):
    """Return whether a record of ``odoo.sql_db`` is something else than our constraint at work."""
    return CONSTRAINT not in record.getMessage()


def keep_out_of_log():
    """Install the filter, once a process."""
    logger = logging.getLogger("odoo.sql_db")
    if is_no_lost_race not in logger.filters:
        logger.addFilter(is_no_lost_race)
