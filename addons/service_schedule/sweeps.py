"""Scheduled actions that go through records: one bad record never keeps the others from being done."""

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY


def attempt(records, work, logger):
    """Return whether ``work(records)`` did something; None when it failed.

    Then all that it did is undone, and the log says with which records. What somebody else changes at this moment is no
    failure to wake anybody for: it is looked at next time.

    :param records: one record, or several that are done together
    :param logging.Logger logger: of the caller
    """
    try:
        with records.env.cr.savepoint():
            return bool(work(records))
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        logger.info("%s: changed by somebody else, left for the next run", records)
    except Exception:
        logger.exception("%s: failed, left for the next run", records)
    return None


def sweep(records, work, logger):
    """Do ``work(record)`` with each of ``records``, each in a transaction of its own, while the action has time.

    Callers search for what is left to do: whatever failed, or was not reached, is theirs again in the next run.

    :return: ``(done, failed)``: those for which ``work`` returned something true, and those with which it failed
    """
    crons = records.env["ir.cron"]
    done, failed = records.browse(), records.browse()
    crons._commit_progress(remaining=len(records))
    for record_id in records.ids:
        record = records.browse(record_id)  # alone: each commit forgets what was read ahead of the others
        outcome = attempt(record, work, logger)
        if outcome is None:
            failed += record
        elif outcome:
            done += record
        if not crons._commit_progress(1):
            break
    return done, failed
