from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.tests import TransactionCase, freeze_time, tagged

from odoo.addons.service_schedule_demo.dive_shop import DiveShop

NEW_YORK = ZoneInfo("America/New_York")


class DiveShopCase(TransactionCase):
    """The shop opened at a given moment, on top of what the installation left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env["base"].with_context(tracking_disable=True).env
        cls.point = cls.env.ref("service_schedule_demo.point_blue_reef")

    @classmethod
    def open_at(cls, *moment, coming_days=8):
        """Stop the clock at a New York moment, open the shop and return its orders."""
        now = datetime(*moment, tzinfo=NEW_YORK).astimezone(UTC)
        clock = freeze_time(now.replace(tzinfo=None))
        clock.start()
        cls.addClassCleanup(clock.stop)
        last = cls.env["sale.order"].search([], order="id desc", limit=1).id
        DiveShop(cls.env, now, coming_days).open()
        return cls.env["sale.order"].search([("id", ">", last), ("service_point_id", "=", cls.point.id)])

    def assert_every_hour_keeps(self, orders):
        """Check what the demo promises at whatever hour."""
        start, _stop = self.point._get_day_bounds(self.point._get_today())
        overdue = orders.filtered("is_overdue")
        self.assertTrue(overdue.filtered(lambda order: order.scheduled_start < start), "left over from yesterday")
        states = set(orders.mapped("fulfilment_state"))
        self.assertEqual(states, {"pending", "confirmed", "preparing", "ready", "picked_up", "cancelled"})
        self.assertEqual(len(orders.filtered(lambda order: order.order_type == "instant")), 2, "walk-ins")
        coming = orders.filtered(lambda order: order.is_scheduled and order.scheduled_start > start + timedelta(days=2))
        self.assertGreater(len(coming), 8)
        self.assertTrue(all(order.date_order <= fields.Datetime.now() for order in orders))

    def get_buckets(self, orders):
        """Return the due buckets of the orders of today on which work has not begun."""
        today = orders.filtered("is_due_today")
        waiting = today.filtered(lambda order: order.fulfilment_state in ("pending", "confirmed"))
        return set(waiting.mapped("due_bucket"))


@tagged("post_install", "-at_install")
class TestOddHours(DiveShopCase):
    """Whatever the hour of installation, there is a shop to show."""

    def test_before_opening(self):
        """Before the shop opens nothing of today can be overdue yet."""
        orders = self.open_at(2027, 6, 17, 3, 0)
        self.assert_every_hour_keeps(orders)
        self.assertNotIn("overdue", self.get_buckets(orders))
        self.assertIn("scheduled", self.get_buckets(orders))

    def test_sunday_night(self):
        """On a Sunday at 23:30 all of today that waits is overdue."""
        orders = self.open_at(2027, 6, 20, 23, 30)
        self.assert_every_hour_keeps(orders)
        self.assertEqual(self.get_buckets(orders), {"overdue"})

    def test_winter_evening(self):
        """In winter the shop's evening is tomorrow in UTC; the day stays the shop's."""
        orders = self.open_at(2027, 1, 31, 18, 45)
        self.assert_every_hour_keeps(orders)
        self.assertIn("overdue", self.get_buckets(orders))

    def test_clocks_go_back(self):
        """The day with 25 hours, at an hour that comes twice."""
        self.assert_every_hour_keeps(self.open_at(2027, 11, 7, 1, 30))


@tagged("post_install", "-at_install")
class TestMidday(DiveShopCase):
    """The shop on a Wednesday at noon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.open_at(2027, 6, 16, 12, 10, coming_days=28)

    def test_every_kind(self):
        """There is an order of every kind."""
        self.assert_every_hour_keeps(self.orders)
        self.assertEqual(self.get_buckets(self.orders), {"overdue", "due_soon", "scheduled"})
        today = self.orders.filtered("is_due_today")
        self.assertLessEqual({"preparing", "ready"}, set(today.mapped("fulfilment_state")))

    def test_three_moves(self):
        """One order was moved three times; its chain names four days."""
        moved = self.orders.filtered(lambda order: order.reschedule_count == 3)
        self.assertEqual(moved.mapped("reschedule_chain"), ["Jun 11 → Jun 13 → Jun 17 → Jun 20"])
        self.assertEqual(moved.partner_id, self.env.ref("service_schedule_demo.partner_customer"))

    def test_full_morning(self):
        """One Morning of the coming days is sold out."""
        choices = self.get_choices(date(2027, 6, 16), date(2027, 6, 26))
        morning = self.point.window_ids.filtered(lambda window: window.code == "MORNING")
        self.assertIn(f"window:{morning.id}:2027-06-18", choices)
        self.assertNotIn(f"window:{morning.id}:2027-06-19", choices)

    def test_training_day(self):
        """The shop is closed on a Wednesday of next month."""
        self.assertTrue(self.get_choices(date(2027, 7, 13), date(2027, 7, 13)))
        self.assertFalse(self.get_choices(date(2027, 7, 14), date(2027, 7, 14)))

    def get_choices(self, first_day, last_day):
        """Return what a customer may choose for a tank fill on some days."""
        picker = self.env.ref("service_schedule_demo.offer_fill").get_picker_days(first_day, last_day)
        return {entry["choice"] for entries in picker.values() for entry in entries}

    def test_invoices(self):
        """What was picked up is invoiced in full, but for the last two; the oldest are paid."""
        served = self.orders.filtered(lambda order: order.fulfilment_state == "picked_up")
        invoiced = served.filtered("invoice_ids")
        self.assertEqual((served - invoiced).mapped("invoice_status"), ["to invoice"] * 2)
        self.assertEqual(invoiced.mapped("invoice_ids.amount_total"), invoiced.mapped("amount_total"))
        self.assertEqual(set(invoiced.invoice_ids.mapped("state")), {"posted"})
        self.assertEqual(set(invoiced.invoice_ids.mapped("payment_state")), {"not_paid", "paid"})

    def test_equipment(self):
        """Lines name what is worked on, each tank once."""
        charter = self.orders.filtered(lambda order: order.order_notes == "For the charter boat.")
        self.assertEqual(len(charter.order_line.equipment_id), 8)

    def test_configuration_is_sound(self):
        """The configuration check has nothing to say about the shop."""
        self.assertEqual(self.point._get_configuration_issues(), [])
