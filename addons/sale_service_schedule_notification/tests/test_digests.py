from datetime import datetime

from odoo.tests import tagged

from .common import OrderNotificationCase


@tagged("post_install", "-at_install")
class TestDigests(OrderNotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["service.point"].search([("id", "!=", cls.point.id)]).user_ids = False

    def run_at(self, *moment):
        """Run the cron at a moment, naive UTC, and the sender; return what Maria got."""
        self.clock.move_to(datetime(2026, 10, *moment))
        self.env["service.point"]._cron_digests()
        return self.mails_to("maria@shop.example")

    def test_due_tomorrow(self):
        """At 14:00 of the shop its staff are told what is due tomorrow, once a day, with all that is true then."""
        orders = [self.order_at(hour) for hour in (10, 12, 15)]
        self.send()
        orders[1]._action_cancel()
        self.send()
        self.assertEqual(self.run_at(19, 17, 59), [])
        [mail] = self.run_at(19, 18, 0)
        self.assertEqual(mail["Subject"], "2 Orders Due Tomorrow")
        text = self.get_part(mail, "plain")
        self.assertIn(orders[0].name, text)
        self.assertNotIn(orders[1].name, text)
        self.assertEqual(self.run_at(19, 18, 30), [])

    def test_nothing_due(self):
        """Nobody is told that nothing is due."""
        self.assertEqual(self.run_at(19, 18, 0), [])

    def test_clocks_go_back(self):
        """Before and after the change it is 14:00 on the shop's clock."""
        for day, hour in ((datetime(2026, 10, 31), 18), (datetime(2026, 11, 1), 19)):
            with self.subTest(day=day):
                self.clock.move_to(day.replace(hour=12))
                moment, _day = self.point._get_digest_moment("tomorrow_digest_hour", day.replace(hour=12))
                self.assertEqual(moment, day.replace(hour=hour))

    def test_late(self):
        """After a night without a server nobody gets yesterday's list."""
        self.order_at(10)
        self.send()
        self.assertEqual(self.run_at(19, 23, 30), [])
