"""What is read afterwards: the checker, the database's own log, and whether what nobody has can still be had."""

import contextlib
import re
from collections import Counter
from pathlib import Path

from odoo import api
from odoo.api import SUPERUSER_ID
from odoo.modules.registry import Registry
from odoo.sql_db import close_db

REFUSALS = {
    "deadlocks": re.compile(r"ERROR:  deadlock detected"),
    "40001": re.compile(r"ERROR:  could not serialize access"),
    "lost races": re.compile(r"ERROR:  conflicting key value violates exclusion constraint"),
}


@contextlib.contextmanager
def environment(database):
    """Give the block an `Environment` of the superuser on a cursor of its own; commit at the end unless it raises."""
    with Registry(database).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {"lang": "en_US", "tracking_disable": True})


def forget_connections(database):
    """Close our connections, before their server goes away."""
    close_db(database)


class DatabaseLog:
    """What PostgreSQL itself refused since this object was made; nothing when its log is not ours to read."""

    def __init__(self, path):
        self.path = Path(path) if path else None
        self.start = self._size()

    def _size(self):
        return self.path.stat().st_size if self.path and self.path.exists() else 0

    def count(self):
        """Return `{what: how often}`."""
        if not self.path or not self.path.exists():
            return {}
        with open(self.path, "rb") as log:
            log.seek(self.start)
            text = log.read().decode(errors="replace")
        return {what: len(pattern.findall(text)) for what, pattern in REFUSALS.items()}


def read_problems(database):
    """Return `[(title, detail)]` of what the checker finds in the whole database."""
    with environment(database) as env:
        return [
            (check.title, detail) for check, rows in env["service.schedule.check"]._run() for _row_id, detail in rows
        ]


def count_checks(env):
    """Return how many checks there are and over how many reservations."""
    return len(env["service.schedule.check"]._get_checks()), env["service.reservation"].search_count([])


def count_doubles(env, resource_ids):
    """Return how many pairs of claims meet on a place: arithmetic of our own, not the constraint's."""
    env.cr.execute(
        """SELECT resource_id, lane, lanes, blocked_start, blocked_stop FROM service_reservation
            WHERE state IN ('held', 'confirmed') AND resource_id = ANY(%s)""",
        [resource_ids],
    )
    claims = env.cr.fetchall()
    by_resource = {}
    for resource, lane, lanes, start, stop in claims:
        by_resource.setdefault(resource, []).append((lane, lane + lanes, start, stop))
    return sum(
        a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]
        for mine in by_resource.values()
        for index, a in enumerate(mine)
        for b in mine[:index]
    )


def count_states(env, offer_ids):
    """Return `{state: how many reservations}`."""
    groups = env["service.reservation"]._read_group([("offer_id", "in", offer_ids)], ["state"], ["__count"])
    return Counter(dict(groups))


def book_the_rest(env, shop):
    """Book every place that nobody has and return `(how many were booked, [slots that could not be])`; undone again.

    A time is lost for ever when its slot has fewer claims than places and yet cannot be booked.
    """
    booked, lost = 0, []
    with env.cr.savepoint() as savepoint:
        for slot in shop.slots:
            offer = env["service.offer"].browse(slot.offer_id)
            taken = env["service.reservation"].search_count(
                [
                    ("offer_id", "=", slot.offer_id),
                    ("start", "=", env["service.reservation"]._fields["start"].to_string(_naive(slot.stamp))),
                    ("state", "in", ("held", "confirmed")),
                ]
            )
            for _place in range(slot.places - taken):
                if _book(env, offer, slot.choice):
                    booked += 1
                else:
                    lost.append(slot)
        savepoint.rollback()
    env.invalidate_all()
    return booked, lost


def _book(env, offer, choice):
    from odoo.exceptions import UserError

    try:
        return env["service.reservation"]._book(offer, choice)
    except UserError:
        return None


def _naive(stamp):
    from odoo.addons.service_schedule import timing

    return timing.to_field(stamp)
