from odoo.exceptions import UserError
from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.service_schedule.tests.common import NEXT_DAY, NOW

from .payment_common import ELEVEN, TEN, PaymentCase

FROZEN = NOW.replace(tzinfo=None)


@tagged("post_install", "-at_install")
@freeze_time(FROZEN)
class TestTrouble(PaymentCase, HttpCase):
    """Orders whose time the shop cannot keep: another person, another time free of charge, or all money back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patch_mails()
        cls.offer.write({"cutoff_minutes": 2880, "free_minutes": 2880, "refund_percent": 50, "reschedule_fee": 10})

    def place_paid(self):
        """Return an order for tomorrow at ten that is paid, and whose time Maria cannot keep any more."""
        order = self.place()
        self.pay(order)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ill",
                "resource_id": self.maria.id,
                "date_from": f"{NEXT_DAY} 12:00:00",
                "date_to": f"{NEXT_DAY} 14:30:00",
            }
        )
        self.env.cr.flush()
        self.assertEqual(order.reservation_id.trouble, "away")
        return order

    def get_notes(self, order):
        """Return what the staff read in the order's history."""
        self.env.cr.flush()
        return " ".join(order.message_ids.mapped("body"))

    def test_reassign(self):
        """Tom takes over: the order stays as it was, its history says who and why."""
        order = self.place_paid()
        self.offer.resource_ids += self.tom
        order.reservation_id._reassign(reason="Maria is ill")
        self.assertEqual((order.reservation_id.resource_id, order.fulfilment_state), (self.tom, "confirmed"))
        self.assertIn("Tom instead of Maria. Maria is ill", self.get_notes(order))
        self.assertIn("Person or place does not work then", self.get_notes(order))

    def test_customer_chooses(self):
        """By the link of the message, without a log-in, within the cut-off, and without the fee."""
        order = self.place_paid()
        reservation = order.reservation_id
        reservation._offer_times()
        mail = self.env["mail.mail"].search([("model", "=", reservation._name), ("res_id", "=", reservation.id)])
        link = f"/my/service/{order.id}/reschedule?access_token={order.access_token}"
        self.assertIn(link, mail.body_html)
        self.env.cr.flush()
        page = self.url_open(f"/my/orders/{order.id}?access_token={order.access_token}").text
        self.assertIn("we cannot keep this time", page)
        self.assertIn("Confirm new time", self.url_open(link).text)
        order._reschedule_by_customer(ELEVEN)
        self.assertEqual((reservation.trouble, reservation.state), (False, "confirmed"))
        self.assertEqual(len(order.order_line), 1)
        self.assertNotIn("cannot keep", self.url_open(f"/my/orders/{order.id}?access_token={order.access_token}").text)

    def test_same_time_is_no_answer(self):
        """The time that cannot be kept is not taken for an answer."""
        order = self.place_paid()
        with self.assertRaises(UserError):
            order._reschedule_by_customer(TEN)
        self.assertEqual(order.reservation_id.trouble, "away")

    def test_cancel(self):
        """The shop cancels: the order is cancelled, all of the money is promised back, the customer reads why."""
        order = self.place_paid()
        reservation = order.reservation_id
        reservation._cancel_for_shop("Maria is ill")
        self.assertEqual((order.state, reservation.state), ("cancel", "cancelled"))
        self.assertEqual(order.refund_due, order.amount_total)
        self.assertEqual(len(order.activity_ids.filtered(lambda activity: activity.summary == "Refund")), 1)
        self.assertIn("Cancelled: Maria is ill", self.get_notes(order))
        self.assertFalse(
            self.env["mail.mail"].search([("model", "=", reservation._name), ("res_id", "=", reservation.id)]),
            "the order tells it, once",
        )
        [told] = order.message_ids.filtered(lambda message: "had to cancel" in (message.subject or ""))
        self.assertIn("Maria is ill", told.body)
        self.assertIn(self.customer, told.notified_partner_ids)

    def test_paid_too_late(self):
        """Who paid after his time was gone gets it after all when somebody else can do it."""
        order = self.place()
        late = NOW.replace(hour=NOW.hour + 1)
        self.take(order, late)
        self.pay(order, now=late)
        self.assertTrue(order.needs_new_time)
        self.offer.resource_ids += self.tom
        order.reservation_id._reassign()
        self.assertEqual((order.needs_new_time, order.reservation_id.resource_id), (False, self.tom))

    def test_what_is_served_stays(self):
        """An order that was picked up is not cancelled by a bulk of cancellations."""
        order = self.place_paid()
        order.reservation_id.sudo().trouble = False
        for step in ("preparing", "ready", "picked_up"):
            order._update_fulfilment(step)
        wizard = self.env["service.reservation.resolve"].create(
            {"reservation_ids": [(6, 0, order.reservation_id.ids)], "action": "cancel", "reason": "x"}
        )
        wizard.action_apply()
        self.assertFalse(wizard.line_ids.is_done)
        self.assertEqual(order.fulfilment_state, "picked_up")
