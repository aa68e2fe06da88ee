import json
from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .common import OrderNotificationCase

ADDRESS = "jeanne@example.com"
HOLD, DELAY = timedelta(minutes=15), timedelta(minutes=15)
EVENT = "sale_service_schedule_notification.event_reservation_held_expired"


@tagged("post_install", "-at_install")
class TestHoldMessages(OrderNotificationCase, HttpCase):
    """Who left before he had booked is told once, and with a way back, that his time is not kept any more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offer.write({"payment": "full", "lead_minutes": 0})

    def order_held(self, hour=10, **values):
        """Return an order whose time is held for the customer until he has paid."""
        order = self.create_order(**values)
        order._apply_payment_policy()
        order.action_quotation_sent()
        order._schedule(self.at(hour))
        self.assertEqual(order.reservation_id.state, "held")
        return order

    def expire(self):
        """Let a quarter of an hour pass, and the cron find what is over."""
        self.clock.tick(HOLD)
        with self.enter_registry_test_mode():
            self.env.ref("service_schedule.ir_cron_expire_holds").method_direct_trigger()
        self.env.invalidate_all()

    def mails_later(self):
        """Let another quarter of an hour pass; return what the customer got."""
        self.clock.tick(DELAY)
        return self.mails_to(ADDRESS)

    def reason(self, order):
        """Return why nothing was sent about an order's hold."""
        message = self.get_messages(res_model="sale.order", res_id=order.id, event_id=self.env.ref(EVENT).id)
        self.assertEqual(message.state, "skipped")
        return message.reason

    def test_told(self):
        """Not at once: who is just choosing anew needs no mail. Then once, with a link that needs no log-in."""
        order = self.order_held()
        self.expire()
        self.assertEqual(order.reservation_id.state, "expired")
        self.assertEqual(self.mails_to(ADDRESS), [])
        [mail] = self.mails_later()
        html = self.get_part(mail, "html").replace("&amp;", "&")
        self.assertIn("mardi 20 octobre 2026", html)
        self.assertIn(order._get_resume_url(), html)
        self.assertIn("you have paid nothing", html)
        self.assertTrue(mail["List-Unsubscribe"])
        self.assertEqual(self.mails_later(), [])

    def test_link(self):
        """By the link he chooses a time again, which is held for him anew."""
        order = self.order_held()
        self.expire()
        self.env.flush_all()
        page = self.url_open(order._get_resume_url().replace("https://shop.example.com", self.base_url()))
        self.assertEqual(page.status_code, 200)
        self.assertIn('name="choice"', page.text)
        order._reschedule_by_customer(self.at(12))
        self.assertEqual(order.reservation_id.state, "held")

    def test_once(self):
        """Who comes back and leaves again is not told a second time."""
        order = self.order_held()
        self.expire()
        self.assertEqual(len(self.mails_later()), 1)
        order._reschedule_by_customer(self.at(12))
        self.expire()
        self.assertEqual(order.reservation_id.state, "expired")
        self.assertEqual(self.mails_later(), [])

    def test_somebody_else_takes_it(self):
        """It needs no cron: whoever takes the time ends the hold, and its customer is told."""
        order = self.order_held()
        self.clock.tick(HOLD)
        other = self.env["res.partner"].create({"name": "Other"})
        self.env["service.reservation"]._book(self.offer, self.at(10), partner=other, by_staff=True)
        self.assertEqual(order.reservation_id.state, "expired")
        self.assertEqual(len(self.mails_later()), 1)

    def test_given_back_or_replaced(self):
        """Who gives his time back, or takes another instead, is told nothing."""
        released, moved = self.order_held(10), self.order_held(12)
        released.reservation_id._release("Given back by the customer")
        moved._schedule(self.at(14))
        self.assertFalse(self.get_messages(event_id=self.env.ref(EVENT).id))
        moved.reservation_id._confirm()
        self.expire()
        self.assertFalse(self.get_messages(event_id=self.env.ref(EVENT).id))

    def test_goes_on(self):
        """Who holds it again before the message goes out is told nothing."""
        order = self.order_held()
        self.expire()
        order._hold_again()
        self.assertEqual(self.mails_later(), [])
        self.assertTrue(self.reason(order))

    def test_booked_since(self):
        """Who has booked another time meanwhile is told nothing, also as a guest: another contact, the same address."""
        first = self.order_held()
        self.expire()
        guest = self.env["res.partner"].create({"name": "J. Doux", "email": "Jeanne@example.com"})
        second = self.order_held(12, partner_id=guest.id)
        self.assertEqual(second.partner_id, guest)
        second.reservation_id._confirm()
        self.send()
        self.assertEqual(self.mails_later(), [])
        self.assertEqual(self.reason(first), "The customer has booked since")

    def test_stranger_has_booked(self):
        """What others book since, or he had booked before, keeps nobody from being told."""
        earlier = self.order_held(14)
        earlier.reservation_id._confirm()
        self.order_held()
        self.expire()
        other = self.env["res.partner"].create({"name": "Other"})
        self.env["service.reservation"]._book(self.offer, self.at(12), partner=other, by_staff=True)
        self.send()
        self.assertEqual(len(self.mails_later()), 1)

    def test_booked_between(self):
        """Of two holds that ended, with a booking between them, only the later is told of: it was not made good."""
        first = self.order_held(10)
        booked = self.order_held(12)
        booked.reservation_id._confirm()
        last = self.order_held(14)
        self.send()
        self.expire()
        [mail] = self.mails_later()
        self.assertIn(last.name, self.get_part(mail, "html"))
        self.assertEqual(self.reason(first), "The customer has booked since")

    def test_parked(self):
        """Whose payment came too late needs a new time: he is told that, not this."""
        order = self.order_held()
        self.expire()
        order.reservation_id._set_trouble("late")
        self.assertTrue(order.needs_new_time)
        self.assertEqual(self.mails_later(), [])
        self.assertTrue(self.reason(order))

    def test_confirmed_too_late(self):
        """An order that is confirmed after its time has passed has not been left: nobody is told so."""
        order = self.order_held()
        self.clock.move_to(order.scheduled_start + timedelta(hours=1))
        order.action_confirm()
        self.assertEqual((order.reservation_id.state, order.needs_new_time), ("expired", True))
        self.assertFalse(self.get_messages(event_id=self.env.ref(EVENT).id))

    def test_paid(self):
        """Whose payment has come after all, or is on its way, is told nothing of this."""
        order = self.order_held()
        self.expire()
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.env.ref("payment.payment_provider_demo").id,
                "payment_method_id": self.env.ref("payment_demo.payment_method_demo").id,
                "reference": order.name,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "operation": "online_direct",
                "sale_order_ids": [(6, 0, order.ids)],
            }
        )
        transaction.state = "pending"
        self.assertEqual(self.mails_later(), [])
        self.assertEqual(self.reason(order), "A payment is on its way")

    def test_too_late(self):
        """What could not be sent for a day is of no use any more."""
        order = self.order_held()
        self.expire()
        self.clock.tick(timedelta(days=1, minutes=15))
        self.assertEqual(self.mails_to(ADDRESS), [])
        self.assertIn("Too late", self.reason(order))

    def test_told_elsewhere(self):
        """Who is told of the end of his hold otherwise, as the waitlist does, is not told here."""
        self.patch(self.registry["service.reservation"], "_is_end_told", lambda reservation: True)
        self.order_held()
        self.expire()
        self.assertEqual(self.mails_later(), [])

    def test_switched_off(self):
        """The shop may switch it off."""
        self.env.ref(EVENT).active = False
        self.order_held()
        self.expire()
        self.assertEqual(self.mails_later(), [])

    def test_webhook(self):
        """Programs are told at once, of each."""
        self.env["service.webhook.endpoint"].create(
            {"name": "Books", "url": "https://93.184.216.34/hooks", "is_all_events": True, "state": "on"}
        )
        order = self.order_held()
        self.expire()
        deliveries = self.env["service.webhook.delivery"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        [told] = [
            body for body in map(json.loads, deliveries.mapped("body")) if body["type"] == "reservation_held_expired"
        ]
        self.assertEqual(told["data"]["order_id"], order.id)
        self.assertEqual(told["data"]["status"], "pending")
        self.assertEqual(told["data"]["scheduled_pickup_time"], "2026-10-20T10:00:00-04:00")
