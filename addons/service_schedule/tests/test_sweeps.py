from contextlib import closing
from datetime import timedelta

from odoo.fields import Command, Domain
from odoo.tests import tagged
from odoo.tools import SQL

from .common import NEXT_DAY, NOW, ScheduleCase
from .zone_rules import changed_rule

MODELS = "odoo.addons.service_schedule.models"
HOUR = timedelta(hours=1)
SUMMER_FOR_EVER = "EDT4"


@tagged("post_install", "-at_install")
class TestSweeps(ScheduleCase):
    """Of three records the database refuses to change one: the others are done, and that one in the next run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maria = cls.create_person()
        cls.offer.write(
            {
                "allow_windows": False,
                "allow_times": True,
                "lead_minutes": 0,
                "resource_ids": [Command.set(cls.maria.ids)],
            }
        )

    def make_three(self, make):
        """Return ``(the three, the second, the others)``, of three hours of the next day."""
        three = self.env["service.reservation"].concat(
            *[make(f"time:{NEXT_DAY}T{hour:02}:00:00-04:00") for hour in (9, 12, 15)]
        )
        return three, three[1], three - three[1]

    def book_in_winter(self, choice):
        """Book an hour of a day on which winter time was promised."""
        return self.book(choice.replace("-10-20", "-11-10").replace("-04:00", "-05:00"))

    def assert_swept(self, three, spoilt, others, field, values):
        """Check a field of the spoilt record and of the others; ``values`` is ``(spoilt, others)``."""
        self.env.invalidate_all()
        self.assertEqual((spoilt[field], *others.mapped(field)), (values[0], values[1], values[1]))
        self.assertEqual(len(three), 3)

    def explain(self, domain, index):
        """Return how the database finds the reservations of a domain when ``index`` is the only one that it may use."""
        cr = self.env.cr
        cr.execute(
            """SELECT indexname FROM pg_indexes
                WHERE tablename = 'service_reservation' AND indexname <> %s
                  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)""",
            [index],
        )
        others = [SQL.identifier(row[0]) for row in cr.fetchall()]
        query = self.env["service.reservation"].sudo()._search(domain)
        with closing(cr.savepoint()):
            self.env.cr.execute(SQL("DROP INDEX %s", SQL(", ").join(others)))
            cr.execute("SET LOCAL enable_seqscan = off")
            return "\n".join(row[0] for row in self.env.execute_query(SQL("EXPLAIN %s", query.select())))

    def test_nothing_reads_the_history(self):
        """What a run looks for is in an index that holds no more than what is coming or waits to be closed."""
        reservations = self.env["service.reservation"]
        now = NOW.replace(tzinfo=None)
        point = Domain("point_id", "=", self.point.id)
        for index, domain in (
            ("expiry_idx", reservations._get_stale_domain()),
            ("promised_idx", reservations._get_late_domain(now)),
            ("coming_idx", reservations._get_coming_domain()),
            ("promised_idx", reservations._get_reviewed_domain() & point),
        ):
            with self.subTest(index=index):
                plan = self.explain(domain, f"service_reservation_{index}")
                self.assertRegex(plan, rf"{index}[^\n]*\n\s*Index Cond")

    def test_expire_holds(self):
        """A hold that cannot be expired keeps no other from it."""
        three, spoilt, others = self.make_three(
            lambda choice: self.env["service.reservation"]._hold(self.offer, choice, now=NOW)
        )
        self.spoil(spoilt)
        run = "ir_cron_expire_holds", NOW + HOUR
        self.run_cron(*run, failing=(spoilt, f"{MODELS}.service_reservation_hold"))
        self.assert_swept(three, spoilt, others, "state", ("held", "expired"))
        self.heal(spoilt)
        self.run_cron(*run)
        self.assert_swept(three, spoilt, others, "state", ("expired", "expired"))

    def test_no_shows(self):
        """A customer who cannot be marked keeps no other from it."""
        self.offer.auto_no_show = True
        three, spoilt, others = self.make_three(self.book)
        self.spoil(spoilt)
        run = "ir_cron_no_shows", NOW + 36 * HOUR
        self.run_cron(*run, failing=(spoilt, f"{MODELS}.service_reservation_outcome"))
        self.assert_swept(three, spoilt, others, "state", ("confirmed", "no_show"))
        self.heal(spoilt)
        self.run_cron(*run)
        self.assert_swept(three, spoilt, others, "state", ("no_show", "no_show"))

    def test_keep_wall_clock(self):
        """One that cannot be moved keeps no other from having its promised wall clock."""
        self.offer.horizon_days = 0
        three, spoilt, others = self.make_three(self.book_in_winter)
        was = spoilt.start
        self.spoil(spoilt)
        run = ("ir_cron_keep_wall_clock",)
        with changed_rule("America/New_York", SUMMER_FOR_EVER):
            self.run_cron(*run, failing=(spoilt, f"{MODELS}.service_reservation_zone"))
            self.env.invalidate_all()
            self.assertEqual(spoilt.start, was)
            self.assertEqual({one.start.hour for one in others}, {13, 19})
            self.heal(spoilt)
            self.run_cron(*run)
        self.assertEqual(spoilt.start, was - HOUR)
        self.assertEqual(len(three), 3)

    def test_unreadable_wall_clock(self):
        """One whose zone does not exist any more keeps no other from having its promised wall clock."""
        self.offer.horizon_days = 0
        _three, spoilt, others = self.make_three(self.book_in_winter)
        spoilt.tz = "Mars/Olympus"
        with changed_rule("America/New_York", SUMMER_FOR_EVER):
            self.run_cron("ir_cron_keep_wall_clock", failing=(spoilt, f"{MODELS}.service_reservation_zone"))
        self.assertEqual({one.start.hour for one in others}, {13, 19})

    def test_review_trouble(self):
        """A promise that cannot be marked keeps no other of its service point from it, nor the staff from a to-do."""
        three, spoilt, others = self.make_three(self.book)
        self.env.cr.flush()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ill",
                "resource_id": self.maria.id,
                "date_from": f"{NEXT_DAY} 00:00:00",
                "date_to": f"{NEXT_DAY} 23:00:00",
            }
        )
        self.env.flush_all()
        self.env.cr.precommit.clear()  # as if they had been booked while the leave was entered
        self.spoil(spoilt)
        run = ("ir_cron_review_trouble",)
        self.run_cron(*run, failing=(spoilt, f"{MODELS}.service_reservation_trouble"))
        self.assert_swept(three, spoilt, others, "trouble", (False, "away"))
        self.assertIn("2 reservations", self.point.activity_ids.summary)
        self.heal(spoilt)
        self.run_cron(*run)
        self.assert_swept(three, spoilt, others, "trouble", ("away", "away"))
        self.assertIn("3 reservations", self.point.activity_ids.summary)
