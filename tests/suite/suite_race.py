"""What the race tests share: committed data, real transactions, and their removal.

Odoo's `TransactionCase` gives every cursor the same transaction, so nothing in it can race. Here every booker has a
cursor of its own on the database, commits, and what was made is deleted afterwards.
"""

import contextlib
import threading
import time
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields
from odoo.api import SUPERUSER_ID
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name

from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.schedlib import from_wall_text, instant

# Generous: the machine may be busy. A test that reaches it hangs, and hanging is a failure.
PATIENCE = 60
RETRIES = 5
MINUTE = 60

# In the order in which rows may go. All that a race test makes hangs on its service points.
CLEANING = """
    DELETE FROM service_reservation_change WHERE reservation_id IN
        (SELECT id FROM service_reservation WHERE point_id = ANY(%(points)s));
    UPDATE sale_order SET reservation_id = NULL WHERE service_point_id = ANY(%(points)s);
    DELETE FROM service_reservation WHERE point_id = ANY(%(points)s);
    DELETE FROM sale_order WHERE service_point_id = ANY(%(points)s);
    DELETE FROM service_point WHERE id = ANY(%(points)s);
    DELETE FROM resource_resource WHERE id = ANY(%(resources)s);
    DELETE FROM resource_calendar WHERE id = ANY(%(calendars)s);
    DELETE FROM mail_message WHERE model = 'service.point' AND res_id = ANY(%(points)s);
"""


@contextlib.contextmanager
def transaction(commit=True):
    """Give the block an `Environment` on a cursor of its own; commit at the end unless it raises."""
    with contextlib.closing(db_connect(get_db_name()).cursor()) as cr:
        yield api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
        if commit:
            cr.commit()


def wait_until(condition, what):
    """Call `condition` until it is true; fail after `PATIENCE`."""
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"waited {PATIENCE} s in vain: {what}")
        time.sleep(0.01)


def is_waiting(pid):
    """Return whether the database session `pid` waits for a lock."""
    with transaction() as env:
        env.cr.execute("SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted", [pid])
        return bool(env.cr.rowcount)


class Booker(threading.Thread):
    """One client: reads (so that its snapshot is old), waits for the start, acts, commits.

    As Odoo does for a request, it acts again on a serialization failure. A deadlock it reports.
    """

    def __init__(self, act, start=None, opening=transaction):
        super().__init__(daemon=True)
        self.act = act
        self.opening = opening
        self.starting = start
        self.pid = None
        self.tries = 0
        self.value = None
        self.error = None
        self.start()

    def run(self):
        """Act; keep what came of it in `value` or `error`."""
        try:
            with self.opening() as env:
                self.pid = env.cr.connection.info.backend_pid
                env["service.reservation"].search_count([])  # takes the snapshot
                if self.starting:
                    self.starting.wait(PATIENCE)
                self.value = self._try(env)
        except Exception as error:  # noqa: BLE001 - the test judges it
            self.error = error

    def _try(self, env):
        while True:
            self.tries += 1
            try:
                value = self.act(env)
                env.flush_all()
                env.cr.commit()
                return value
            except SerializationFailure:
                if self.tries == RETRIES:
                    raise
                env.cr.rollback()
                env.transaction.reset()

    @property
    def won(self):
        """Whether the act was carried out."""
        return not self.error


def race(acts, opening=transaction):
    """Let all `acts` (functions of an environment) start at once, each in its own transaction; return the bookers."""
    start = threading.Barrier(len(acts))
    return finish([Booker(act, start, opening) for act in acts])


def finish(bookers):
    """Wait until all have ended; return them."""
    for booker in bookers:
        booker.join(PATIENCE)
        if booker.is_alive():
            raise AssertionError("a booker never came back")
    return bookers


class RaceCase(BaseCase):
    """A service point that is open day and night in New York, committed; what hangs on it goes at the end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.made = {"points": [], "resources": [], "calendars": []}
        cls.addClassCleanup(cls._clean)
        cls.zone_name = "America/New_York"
        with transaction() as env:
            calendar = env["resource.calendar"].create(
                {
                    "name": "Race: always",
                    "tz": cls.zone_name,
                    "attendance_ids": [(5, 0, 0)]
                    + [
                        (
                            0,
                            0,
                            {
                                "name": "open",
                                "dayofweek": str(day),
                                "hour_from": 0,
                                "hour_to": 24,
                                "day_period": "full_day",
                            },
                        )
                        for day in range(7)
                    ],
                }
            )
            point = env["service.point"].create({"name": "Race point", "tz": cls.zone_name, "calendar_id": calendar.id})
            cls.made["points"].append(point.id)
            cls.made["resources"].append(point.counter_id.id)
            cls.made["calendars"].append(calendar.id)
            cls.point_id = point.id
            cls.counter_id = point.counter_id.id
            cls.window_ids = point.window_ids.ids
            cls.day = fields.Date.context_today(point) + timedelta(days=9)

    @classmethod
    def _clean(cls):
        with transaction() as env:
            env.cr.execute(CLEANING, cls.made)
            env.registry.clear_all_caches()

    @classmethod
    def make_resource(cls, env, name, **values):
        """Make a resource that works whenever the service point is open; return its id."""
        resource = env["resource.resource"].create(
            {"name": name, "resource_type": "material", "calendar_id": False, "tz": cls.zone_name, **values}
        )
        cls.made["resources"].append(resource.id)
        return resource.id

    @classmethod
    def make_offer(cls, env, name, resource_ids, **values):
        """Make an offer of the service point without notice; return its id."""
        offer = env["service.offer"].create(
            {
                "name": name,
                "point_id": cls.point_id,
                "resource_ids": [(6, 0, resource_ids)],
                "lead_minutes": 0,
                "cutoff_minutes": 0,
                **values,
            }
        )
        return offer.id

    def setUp(self):
        super().setUp()
        self.addCleanup(self._forget_reservations)

    def _forget_reservations(self):
        """Start the next test with an empty book."""
        with transaction() as env:
            env.cr.execute(CLEANING.split("UPDATE")[0], self.made)
            env.cr.execute("DELETE FROM service_reservation WHERE point_id = ANY(%(points)s)", self.made)

    # -- Acts -----------------------------------------------------------------------------------

    def window_choice(self, index=0, days=0):
        """Return the choice of the point's window `index`, `days` after the test's day."""
        return f"window:{self.window_ids[index]}:{self.day + timedelta(days=days)}"

    def time_choice(self, clock, days=0):
        """Return the choice of a time on the wall clock, such as "10:00"."""
        wall = f"{self.day + timedelta(days=days)}T{clock}:00"
        return f"time:{instant(from_wall_text(wall, self.zone)).isoformat()}"

    @property
    def zone(self):
        """The service point's zone."""
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.zone_name)

    def booking(self, offer_id, choice, **options):
        """Return the act of booking; its value is the reservation's id."""
        return lambda env: env["service.reservation"]._book(env["service.offer"].browse(offer_id), choice, **options).id

    def moving(self, reservation_id, choice):
        """Return the act of rescheduling."""
        return lambda env: env["service.reservation"].browse(reservation_id)._reschedule(choice)

    def cancelling(self, reservation_id):
        """Return the act of cancelling."""
        return lambda env: env["service.reservation"].browse(reservation_id)._cancel()

    def book(self, offer_id, choice, **options):
        """Book and commit; return the reservation's id."""
        with transaction() as env:
            return self.booking(offer_id, choice, **options)(env)

    # -- What must hold -------------------------------------------------------------------------

    def read_claims(self):
        """Return `[(id, resource id, lane, lanes, blocked start, blocked stop)]` of what is taken now."""
        with transaction() as env:
            env.cr.execute(
                """SELECT id, resource_id, lane, lanes, blocked_start, blocked_stop FROM service_reservation
                    WHERE point_id = %s AND state IN ('held', 'confirmed') ORDER BY id""",
                [self.point_id],
            )
            return env.cr.fetchall()

    def assert_none_double(self):
        """Check every pair of claims by arithmetic of our own, not by the constraint."""
        claims = self.read_claims()
        for index, (_id, resource, lane, lanes, start, stop) in enumerate(claims):
            for other_id, other, other_lane, other_lanes, other_start, other_stop in claims[:index]:
                meets = (
                    resource == other
                    and lane < other_lane + other_lanes
                    and other_lane < lane + lanes
                    and start < other_stop
                    and other_start < stop
                )
                self.assertFalse(meets, f"reservation {other_id} is double")

    def assert_race(self, bookers, winners):
        """Check that exactly `winners` won and all others were told no in our own words."""
        for booker in bookers:
            if booker.error and not isinstance(booker.error, NotBookable):
                raise booker.error
        self.assertEqual(sum(booker.won for booker in bookers), winners)
        self.assert_none_double()
