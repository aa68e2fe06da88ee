from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from odoo.tests import TransactionCase, freeze_time, tagged

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule_demo.garage import Garage

CHICAGO = ZoneInfo("America/Chicago")


class GarageCase(TransactionCase):
    """The garage opened at a given moment, on top of what the installation left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.point = cls.env.ref("service_schedule_demo.point_nordside")
        cls.driver = cls.env.ref("service_schedule_demo.partner_driver")

    @classmethod
    def open_at(cls, *moment, coming_days=2):
        """Stop the clock at a Chicago moment, open the garage and return its orders."""
        now = datetime(*moment, tzinfo=CHICAGO).astimezone(UTC)
        clock = freeze_time(now.replace(tzinfo=None))
        clock.start()
        cls.addClassCleanup(clock.stop)
        last = cls.env["sale.order"].search([], order="id desc", limit=1).id
        Garage(cls.env, now, coming_days).open()
        cls.env.cr.precommit.run()
        return cls.env["sale.order"].search([("id", ">", last), ("service_point_id", "=", cls.point.id)])

    def assert_every_hour_keeps(self, orders):
        """Check what the garage promises at whatever hour."""
        reservations = orders.reservation_id
        self.assertLessEqual({"held", "confirmed", "done", "no_show", "expired"}, set(reservations.mapped("state")))
        self.assertEqual(set(reservations.mapped("trouble")), {False, "late", "away"})
        lost = orders.filtered("needs_new_time")
        self.assertEqual(lost.partner_id, self.driver)
        self.assertEqual(lost.transaction_ids.mapped("state"), ["done"])
        self.assertTrue(reservations.filtered("origin_id"))
        self.assertIn("signed", reservations.mapped("waiver_state"))
        to_sign = reservations.filtered(lambda reservation: reservation.partner_id == self.driver)
        self.assertTrue(to_sign.filtered(lambda reservation: reservation._get_waiver_step() == "open"))
        waiting = self.env["service.waitlist.entry"].search(
            [("point_id", "=", self.point.id), ("state", "=", "waiting"), ("day", ">", self.point._get_today())]
        )
        self.assertGreaterEqual(len(waiting.partner_id), 2)


@tagged("post_install", "-at_install")
class TestGarageMidday(GarageCase):
    """The garage on a Wednesday at noon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.open_at(2027, 6, 16, 12, 10)

    def test_every_kind(self):
        """There is an appointment of every kind, and what customers paid is what the offers ask."""
        self.assert_every_hour_keeps(self.orders)
        held = self.orders.filtered(lambda order: order.reservation_id.state == "held")
        self.assertEqual(held.transaction_ids.mapped("state"), ["pending"])
        for order in self.orders.filtered("transaction_ids"):
            share = order.service_offer_id._get_prepaid_share(order.partner_id)
            with self.subTest(order=order.name):
                self.assertAlmostEqual(sum(order.transaction_ids.mapped("amount")), order.amount_total * share)

    def test_no_shows_pay_ahead(self):
        """Who did not come twice has paid his next appointment in full, at an offer that is paid at the shop."""
        tyler = self.env.ref("service_schedule_demo.partner_tyler")
        self.assertGreaterEqual(tyler.no_show_count, 2)
        coming = self.orders.filtered(
            lambda order: order.partner_id == tyler and order.reservation_id.state == "confirmed"
        )
        self.assertEqual(coming.service_offer_id.payment, "shop")
        self.assertEqual(coming.transaction_ids.amount, coming.amount_total)

    def test_late_cancellation(self):
        """What was called off within a day gives back half of what was paid, and the staff are asked to do it."""
        cancelled = self.orders.filtered(lambda order: order.state == "cancel")
        self.assertAlmostEqual(cancelled.refund_due, cancelled.transaction_ids.amount / 2)
        self.assertIn("Refund", cancelled.activity_ids.mapped("summary"))

    def test_full_day(self):
        """On the day for which people wait the mechanic they want has no free time."""
        entry = self.env["service.waitlist.entry"].search([("partner_id", "=", self.driver.id)], limit=1)
        slots = entry.offer_id.get_availability(entry.day, entry.day, resources=entry.resource_id)
        self.assertEqual(slots, [])

    def test_meeting(self):
        """A meeting in her own calendar takes an hour of Astrid's, and lies over no appointment."""
        meeting = self.env["calendar.event"].search([("name", "=", "Tyre supplier")], order="id desc", limit=1)
        astrid = self.env.ref("service_schedule_demo.resource_astrid")
        start, stop = timing.to_stamp(meeting.start), timing.to_stamp(meeting.stop)
        self.assertIn((start, stop), self.env["service.reservation"]._read_busy(astrid, start, stop)[astrid.id])
        self.assertNotIn("busy", self.orders.reservation_id.mapped("trouble"))

    def test_configuration_is_sound(self):
        """The configuration check has nothing to say about the garage."""
        self.assertEqual(self.point._get_configuration_issues(), [])


@tagged("post_install", "-at_install")
class TestGarageOddHours(GarageCase):
    """Whatever the hour of installation, there is a garage to show."""

    def test_before_opening(self):
        """On a Monday at three in the morning."""
        self.assert_every_hour_keeps(self.open_at(2027, 6, 14, 3, 0))

    def test_sunday_night(self):
        """On a Sunday at 23:30."""
        self.assert_every_hour_keeps(self.open_at(2027, 6, 20, 23, 30))

    def test_clocks_go_back(self):
        """On the day with 25 hours, at an hour that comes twice."""
        self.assert_every_hour_keeps(self.open_at(2027, 11, 7, 1, 30))
