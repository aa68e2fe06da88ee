from datetime import timedelta
from zoneinfo import ZoneInfo

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import NOW, YORK, PlanCase, run_cron

york = ZoneInfo(YORK)


@tagged("post_install", "-at_install")
class TestPreference(PlanCase):
    """What a customer wants, and the plans that follow from it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.preference = cls.env["service.preference"].create({"partner_id": cls.fleet.id})
        cls.line = cls.preference.site_ids

    def wish(self, **values):
        """Let the customer wish for lot walks, and the scheduled action run."""
        self.preference.write({"service_mode": "both", "has_lot_walks": True, **values})
        run_cron(self)

    def get_visits(self, line=None):
        """Return the visits that shall take place at a site, the first one without more."""
        plans = (line or self.line).plan_ids
        return plans.fsm_order_ids.filtered(lambda visit: visit.state != "cancelled")

    def test_makes_visits(self):
        """The documents' first line: preferences make visits, on the days and at the time that the customer chose."""
        self.assertFalse(self.line.plan_ids)
        self.wish(frequency="weekly", mo=False, tu=True, th=True, walk_time=8.5)
        self.assertEqual(
            self.get_starts(self.get_visits(), york),
            [
                f"{day} 08:30"
                for day in (
                    "Tue 2026-03-03",
                    "Thu 2026-03-05",
                    "Tue 2026-03-10",
                    "Thu 2026-03-12",
                    "Tue 2026-03-17",
                    "Thu 2026-03-19",
                    "Tue 2026-03-24",
                    "Thu 2026-03-26",
                )
            ],
        )
        self.assertEqual(self.get_visits().type.internal_type, "lot_walk")

    def test_frequencies(self):
        """Every two weeks, every month and every quarter are what they say."""
        for frequency, expected in (
            ("two_weeks", ["Tue 2026-03-03 09:00", "Tue 2026-03-17 09:00"]),
            ("monthly", ["Tue 2026-03-03 09:00", "Tue 2026-04-07 09:00"]),
            ("quarterly", ["Tue 2026-03-03 09:00", "Tue 2026-06-02 09:00"]),
        ):
            with self.subTest(frequency):
                self.wish(frequency=frequency, mo=False, tu=True)
                starts = self.get_starts(self.get_visits(), york)
                self.assertEqual(starts[:2], expected)

    def test_first_visit_soon(self):
        """Who chooses every three months when this month's day is past is visited next month, then every three."""
        with freeze_time("2026-03-10 14:00:00"):
            self.wish(frequency="quarterly", mo=False, tu=True)
            starts = self.get_starts(self.get_visits(), york)
        self.assertEqual(starts, ["Tue 2026-04-07 09:00", "Tue 2026-07-07 09:00"])

    def test_no_longer(self):
        """Who wants us only when called, or no lot walks, has no visits; his choice can be taken back."""
        self.wish()
        visits = self.get_visits()
        self.assertTrue(visits)
        for unwished, wished in (
            ({"service_mode": "on_call"}, {"service_mode": "scheduled"}),
            ({"has_lot_walks": False}, {"has_lot_walks": True}),
        ):
            self.preference.write(unwished)
            self.assertFalse(self.get_visits())
            self.wish(**wished)
            self.assertEqual(self.get_visits(), visits)

    def test_sites(self):
        """Sites follow their customer, or have times of their own, or none; a new site is visited as the others are."""
        south = self.create_site("South Lot")
        line = self.preference.site_ids - self.line
        self.assertEqual(line.location_id, south)
        self.wish()
        self.assertEqual(len(self.get_visits(line)), len(self.get_visits()))
        line.write({"rhythm": "own", "frequency": "weekly", "mo": False, "fr": True, "walk_time": 15})
        run_cron(self)
        self.assertEqual(self.get_starts(self.get_visits(line), york)[0], "Fri 2026-03-06 15:00")
        line.rhythm = "none"
        self.assertFalse(self.get_visits(line))
        self.assertTrue(self.get_visits())

    def test_site_closed_and_sold(self):
        """A site that is archived is not visited; one that is sold follows its new owner's preferences."""
        self.wish()
        self.lot.active = False
        self.assertFalse(self.get_visits())
        self.lot.active = True
        run_cron(self)
        self.assertTrue(self.get_visits())
        plan = self.line.plan_ids
        self.lot.owner_id = self.env["res.partner"].create({"name": "Red Vans"})
        self.assertFalse(self.preference.site_ids)
        self.assertEqual(plan.state, "suspend")

    def test_another_time(self):
        """Another time of day moves the visits that nobody touched; the rhythm of two weeks keeps its weeks."""
        self.wish(frequency="two_weeks", mo=False, we=True)
        before = self.get_visits().mapped("occurrence_date")
        with freeze_time(NOW + timedelta(days=4)):
            self.wish(walk_time=16)
        visits = self.get_visits()
        self.assertTrue(set(visits.mapped("occurrence_date")) >= {day for day in before if day.day > 6})
        self.assertEqual(
            {
                text[-5:]
                for text in self.get_starts(visits.filtered(lambda one: one.due_start > NOW + timedelta(days=4)), york)
            },
            {"16:00"},
        )

    def test_nothing_happens_twice(self):
        """Keeping the same choice again writes no plan and makes no visit."""
        self.wish()
        plan, visits = self.line.plan_ids, self.get_visits()
        written = plan.write_date
        plan.invalidate_recordset()
        self.preference.write({"note": "The gate's code is 12."})
        self.assertEqual(self.line.plan_ids, plan)
        self.wish()
        self.assertEqual((self.get_visits(), plan.write_date), (visits, written))

    def test_nothing_to_do(self):
        """What makes no other plan wakes no scheduled action; another time of day wakes it."""
        self.wish()
        cron = self.env.ref("fieldservice_recurring.recurring_orders_cron")
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.preference.write({"note": "The gate's code is 12.", "fleet_size": 30})
        self.line.visit_hours = self.line.visit_hours
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), triggers)
        self.assertTrue(self.line.plan_ids.generated_on)
        self.preference.walk_time = 11
        self.assertGreater(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), triggers)
        self.assertFalse(self.line.plan_ids.generated_on)

    def test_one_for_a_customer(self):
        """A customer has one record, which is not a contact's."""
        contact = self.env["res.partner"].create({"name": "Joe", "parent_id": self.fleet.id})
        with self.assertRaisesRegex(ValidationError, "Green Vans"):
            self.env["service.preference"].create({"partner_id": contact.id})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["service.preference"].create({"partner_id": self.fleet.id})
        action = contact.action_open_service_preference()
        self.assertEqual(action["res_id"], self.preference.id)

    def test_bad_rhythms(self):
        """No day at all, and a time that no clock shows, are refused."""
        for values, message in (
            ({"mo": False}, "at least one day"),
            ({"walk_time": 24}, "23:59"),
            ({"walk_time": -1}, "23:59"),
        ):
            with self.assertRaisesRegex(ValidationError, message), self.env.cr.savepoint():
                self.preference.write(values)

    def test_label(self):
        """A rhythm reads as one says it."""
        self.preference.write({"frequency": "monthly", "tu": True, "walk_time": 8.5})
        self.assertEqual(" ".join(self.preference.rhythm_label.split()), "Every month: Monday or Tuesday, at 8:30 AM")

    def test_staff(self):
        """A dispatcher changes preferences with the form; a technician reads them; others do not see them."""
        dispatcher = new_test_user(self.env, "plan_dispatcher", "fieldservice.group_fsm_dispatcher")
        technician = new_test_user(self.env, "plan_technician", "fieldservice.group_fsm_user")
        clerk = new_test_user(self.env, "plan_clerk", "base.group_user")
        with Form(self.preference.with_user(dispatcher)) as form:
            form.service_mode = "both"
            form.has_lot_walks = True
            form.fleet_size = 40
        self.assertTrue(self.line.plan_ids)
        as_technician = self.preference.with_user(technician)
        self.assertEqual(as_technician.fleet_size, 40)
        with self.assertRaises(AccessError):
            as_technician.write({"fleet_size": 1})
        with self.assertRaises(AccessError):
            self.preference.with_user(clerk).read(["fleet_size"])
