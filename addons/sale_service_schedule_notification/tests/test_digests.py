from datetime import datetime

from odoo.tests import new_test_user, tagged

from .common import OrderNotificationCase


@tagged("post_install", "-at_install")
class TestDigests(OrderNotificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["service.point"].search([("id", "!=", cls.point.id)]).active = False

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
        self.assertIn("https://shop.example.com/odoo/service-calendar", text)
        self.assertEqual(self.run_at(19, 18, 30), [])

    def test_without_staff_list(self):
        """A service point without a staff list tells all technicians of its company, as they all see it."""
        stranger = new_test_user(
            self.env, "other@shop", groups="service_schedule.group_technician", email="o@shop.example"
        )
        self.point.user_ids = False
        self.order_at(10)
        self.send()
        self.clock.move_to(datetime(2026, 10, 19, 18))
        self.env["service.point"]._cron_digests()
        told = {mail["To"].addresses[0].addr_spec for mail in self.send() if "Due Tomorrow" in mail["Subject"]}
        self.assertLessEqual({"maria@shop.example", stranger.email}, told)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.assertNotIn(stranger, self.point._get_staff()[self.point.id])

    def test_other_day(self):
        """A list that waited past midnight is not sent: its tomorrow is today."""
        self.point.tomorrow_digest_hour = 23.5
        self.order_at(10)
        self.order_at(10, 21)
        self.send()
        self.clock.move_to(datetime(2026, 10, 20, 3, 45))
        self.env["service.point"]._cron_digests()
        self.clock.move_to(datetime(2026, 10, 20, 4, 15))
        self.assertEqual(self.mails_to("maria@shop.example"), [])
        skipped = self.get_messages(res_id=self.point.id, state="skipped")
        self.assertEqual(skipped.mapped("reason"), ["It is of another day"])

    def test_nothing_due(self):
        """Nobody is told that nothing is due."""
        self.assertEqual(self.run_at(19, 18, 0), [])

    def test_clocks_go_back(self):
        """Before and after the change it is 14:00 on the shop's clock."""
        for day, hour in ((datetime(2026, 10, 31), 18), (datetime(2026, 11, 1), 19)):
            with self.subTest(day=day):
                self.clock.move_to(day.replace(hour=12))
                moment = self.point._get_digest_moment("tomorrow_digest_hour", day.date())
                self.assertEqual(moment, day.replace(hour=hour))

    def test_late(self):
        """After a night without a server nobody gets yesterday's list."""
        self.order_at(10)
        self.send()
        self.assertEqual(self.run_at(19, 23, 30), [])
