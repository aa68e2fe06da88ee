"""Many records, worked off in batches: each is kept when it is done, and a killed run goes on where it was."""

import logging

from psycopg2.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from odoo.tools import split_every

_logger = logging.getLogger(__name__)
BUSY = (DeadlockDetected, LockNotAvailable, SerializationFailure)
"""What the database says when somebody else has just changed the same rows."""


def work_off(records, size, work, count_rest):
    """Call ``work`` with locked batches of records until all are done or the scheduled action's time is over.

    What somebody else is changing at this moment is left for the next run, which follows at once.

    :param int size: how many records are worked on in one transaction
    :param work: a function of a batch; what it raises ends the run
    :param count_rest: a function that returns how many records wait, so that the next run knows of them
    """
    for batch in split_every(size, records.ids, records.browse):
        done = _work_on(batch, work)
        if not records.env["ir.cron"]._commit_progress(done, remaining=count_rest()):
            break


def _work_on(batch, work):
    """Do the work on those of a batch that nobody else has; return how many they are."""
    try:
        with batch.env.cr.savepoint():
            free = batch.try_lock_for_update()
            work(free)
        return len(free)
    except BUSY as error:
        _logger.info("%s of %s are left for later: %s", len(batch), batch._name, error)
        batch.env.invalidate_all()
        return 0
