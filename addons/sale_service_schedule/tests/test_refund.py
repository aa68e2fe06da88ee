from datetime import timedelta
from html import unescape

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import new_test_user, tagged
from odoo.tools import file_path

from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.tests.common import NOW

from .payment_common import TEN, PaymentCase

MINUTE = timedelta(minutes=1)
REFUND = "sale_service_schedule.mail_activity_type_refund"


@tagged("post_install", "-at_install")
class TestRefund(PaymentCase):
    """Money that goes back: how much, once, with Odoo's own refund, and what the books say afterwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offer.write({"free_minutes": 1440, "refund_percent": 25})

    def place_paid(self):
        """Return a paid order."""
        order = self.place()
        self.pay(order)
        return order

    def cancel_late(self, order):
        """Let the customer cancel when only a quarter of his money comes back."""
        order._cancel_by_customer(now=NOW + timedelta(hours=5))

    def give_back(self, order, amount=None):
        """Refund a payment with Odoo's own wizard, as an accountant does from the payment; return the refund."""
        accountant = new_test_user(
            self.env, f"accountant-{order.id}-{len(self.get_refunds(order))}", "account.group_account_invoice"
        )
        payment = self.get_payments(order).payment_id
        self.assertTrue(payment)
        wizard = self.env["payment.refund.wizard"].with_user(accountant).with_context(active_id=payment.id).create({})
        if amount is not None:
            wizard.amount_to_refund = amount
        wizard.action_refund()
        refund = self.get_refunds(order).sorted("id")[-1:]
        refund._post_process()  # as the scheduled action does
        return refund

    def get_payments(self, order):
        """Return the customer's payments."""
        return order.sudo().transaction_ids

    def get_refunds(self, order):
        """Return the refunds of the customer's payments."""
        return self.get_payments(order).child_transaction_ids

    def get_activities(self, order):
        """Return the open refunds that the staff have to do."""
        return order.activity_ids.filtered(lambda activity: activity.activity_type_id == self.env.ref(REFUND))

    def check_books(self):
        """Return ``{(title, id)}`` of all that is wrong in the whole database, as "Check the Books" finds it."""
        with freeze_time(NOW.replace(tzinfo=None)):
            found = self.env["service.schedule.check"]._run()
        return {(check.title, row_id) for check, rows in found for row_id, _detail in rows}

    def test_end_to_end(self):
        """Paid, cancelled in time, refunded by Odoo's wizard: the money is back, nothing is left to do or to tell."""
        before = self.check_books()
        order = self.place_paid()
        order._cancel_by_customer(now=NOW)
        self.assertEqual((order.refund_due, order.refund_state), (order.amount_total, "due"))
        self.assertEqual(len(self.get_activities(order)), 1)
        refund = self.give_back(order)
        self.assertEqual((refund.operation, refund.state, refund.amount), ("refund", "done", -order.amount_total))
        self.assertEqual(refund.payment_id.payment_type, "outbound")
        self.assertEqual((order.state, order.reservation_id.state), ("cancel", "cancelled"))
        self.assertEqual((order.refund_due, order.refund_state), (0, "settled"))
        self.assertFalse(self.get_activities(order))
        self.assertEqual(order.amount_paid, 0)
        self.assertEqual(self.check_books(), before)

    def test_promise_is_suggested(self):
        """Late: the accountant gets from the order to its payment, and the wizard suggests what was promised."""
        order = self.place_paid()
        self.cancel_late(order)
        promised, paid = order.refund_due, order.amount_total
        self.assertLess(promised, paid)
        action = order.action_open_refund_payments()
        payment = self.get_payments(order).payment_id
        self.assertEqual((action["res_model"], action["res_id"]), ("account.payment", payment.id))
        refund = self.give_back(order)
        self.assertEqual((refund.amount, order.refund_state), (-promised, "settled"))
        self.assertIn("We have given back", order._get_portal_refund())

    def test_no_payment_to_open(self):
        """A payment that accounting knows nothing of cannot be opened; the error says what to do."""
        order = self.place_paid()
        self.cancel_late(order)
        self.get_payments(order).payment_id = False
        with self.assertRaisesRegex(UserError, "by hand"):
            order.action_open_refund_payments()

    def test_in_parts(self):
        """Refunded in two parts: the staff's to-do stays until the second one."""
        order = self.place_paid()
        order._action_cancel()
        self.give_back(order, 5)
        self.assertEqual((order.refund_due, order.refund_state), (order.amount_total - 5, "due"))
        self.assertTrue(self.get_activities(order))
        self.give_back(order)
        self.assertEqual((order.refund_due, order.refund_state), (0, "settled"))
        self.assertFalse(self.get_activities(order))

    def test_too_much(self):
        """Odoo's wizard gives back no more than what is left."""
        order = self.place_paid()
        order._action_cancel()
        self.give_back(order, 5)
        with self.assertRaises(ValidationError):
            self.give_back(order, order.amount_total)

    def test_what_the_shop_keeps(self):
        """Late: a quarter goes back. The books do not complain about what the policy lets the shop keep."""
        before = self.check_books()
        order = self.place_paid()
        self.cancel_late(order)
        share = order.currency_id.round(order.amount_total / 4)
        self.assertEqual(order.refund_due, share)
        self.give_back(order, share)
        self.assertEqual(order.refund_state, "settled")
        self.assertEqual(self.check_books(), before)

    def test_nothing_back(self):
        """A policy that gives nothing back asks the staff for nothing, and the books are right."""
        self.offer.refund_percent = 0
        before = self.check_books()
        order = self.place_paid()
        self.cancel_late(order)
        self.assertEqual((order.refund_due, order.refund_state), (0, "settled"))
        self.assertFalse(order.activity_ids)
        self.assertEqual(self.check_books(), before)

    def test_forgotten_refund_is_found(self):
        """A refund that is due and that nobody has on his list is what the books complain about."""
        order = self.place_paid()
        order._action_cancel()
        order.activity_unlink([REFUND])
        self.assertIn(order.id, [row_id for _title, row_id in self.check_books()])

    def test_cancelled_twice(self):
        """Refunded, taken up again, cancelled again: what went back counts, nothing is given back twice."""
        order = self.place_paid()
        self.cancel_late(order)
        self.give_back(order, order.refund_due)
        order.action_draft()
        self.assertEqual((order.refund_due, order.refund_state, order.cancelled_by), (0, False, False))
        order._apply_payment_policy()
        order._schedule(TEN, now=NOW)
        self.assertEqual(order.reservation_id.state, "held", "a quarter went back: it is not paid any more")
        self.pay(order, amount=order.amount_total - order.amount_paid)
        self.assertEqual(order.state, "sale")
        self.cancel_late(order)
        _first, second = self.get_payments(order).sorted("id")
        self.assertEqual(order.refund_due, order.currency_id.round(second.amount / 4), "of the first it went back")
        order._action_cancel()
        self.assertEqual(order.refund_due, order.currency_id.round(second.amount / 4), "cancelled is cancelled")

    def test_draft_again_without_refund(self):
        """Taken up again before anything went back: the money pays the order again, and the to-do is gone."""
        order = self.place_paid()
        order._action_cancel()
        order.action_draft()
        self.assertFalse(self.get_activities(order))
        self.assertEqual(order.amount_paid, order.amount_total)

    def test_given_back_by_hand(self):
        """Cash at the counter settles it as well, and the history says so."""
        order = self.place_paid()
        order._action_cancel()
        order.with_user(self.technician).action_refund_given()
        self.assertEqual((order.refund_due, order.refund_state), (0, "settled"))
        self.assertFalse(self.get_activities(order))
        self.assertIn("by hand", " ".join(order.message_ids.mapped("body")))

    def test_no_show(self):
        """Who did not come gets what the policy of his time says; staff may choose otherwise. It stays a no-show."""
        for percent, share in ((None, 0.25), (60, 0.6)):
            with self.subTest(percent=percent):
                order = self.place_paid()
                with freeze_time(NOW + timedelta(days=2)):
                    order.action_no_show()
                if percent is None:
                    order.action_cancel()
                else:
                    wizard = self.env["sale.order.cancel.service"].with_user(self.technician)
                    wizard = wizard.create({"order_id": order.id})
                    self.assertEqual((wizard.refund_percent, wizard.is_no_show), (25, True))
                    wizard.write({"refund_percent": percent, "reason": "A friend of the house"})
                    self.assertEqual(wizard.refund_amount, order.currency_id.round(order.amount_total * share))
                    wizard.action_cancel()
                self.assertEqual((order.state, order.reservation_id.state), ("cancel", "no_show"))
                self.assertEqual(order.refund_due, order.currency_id.round(order.amount_total * share))

    def test_too_late_changes_nothing(self):
        """A customer who is refused leaves no promise behind."""
        self.offer.cutoff_minutes = 2880
        order = self.place_paid()
        with self.assertRaises(NotBookable):
            order._cancel_by_customer(now=NOW)
        self.assertEqual((order.refund_due, order.cancelled_by, order.state), (0, False, "sale"))

    def test_migration(self):
        """Orders of an earlier version: what is still due is known, and unpaid walk-ins leave the board."""
        order, waiting = self.place_paid(), self.create_order(submission_key="key")
        order._action_cancel()
        self.get_payments(order)._create_child_transaction(5, is_refund=True)._set_done()
        waiting.write({"require_payment": True})
        order.activity_ids.activity_type_id = self.env.ref("mail.mail_activity_data_todo")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET refund_state = NULL, refund_due = %s WHERE id = %s", [order.amount_total, order.id]
        )
        self.env.cr.execute("UPDATE sale_order SET fulfilment_state = 'pending' WHERE id = %s", [waiting.id])
        self.env.invalidate_all()
        path = file_path("sale_service_schedule/migrations/19.0.1.2.0/post-migrate.py")
        load_script(path, "post_migrate").migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.assertEqual((order.refund_due, order.refund_state), (order.amount_total - 5, "due"))
        self.assertEqual(len(self.get_activities(order)), 1)
        self.assertFalse(waiting.fulfilment_state)

    def test_shop_cancels(self):
        """When the shop cancels, all of it goes back, however late."""
        order = self.place_paid()
        with freeze_time(NOW + timedelta(hours=5)):
            order.with_user(self.technician).action_cancel()
        self.assertEqual((order.refund_due, order.cancelled_by), (order.amount_total, "shop"))


@tagged("post_install", "-at_install")
class TestCancelMail(PaymentCase):
    """Whoever had an appointment is told that it is cancelled: once, in his language, with the reason and the money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")

    def get_mails(self, order):
        """Return the messages about cancelling that went to the customer, of the order and of its time."""
        told = order.message_ids.filtered(
            lambda message: self.customer in message.notified_partner_ids | message.partner_ids
        )
        found = told.filtered(lambda message: "cancel" in (message.subject or "").lower())
        bare = self.env["mail.mail"].search(
            [("model", "=", "service.reservation"), ("res_id", "=", order.reservation_id.id)]
        )
        bodies = found.mapped("body") + bare.mapped("body_html")
        return [unescape(body) for body in bodies]

    def place_paid(self):
        """Return a paid order."""
        order = self.place()
        self.pay(order)
        return order

    def test_shop_cancels(self):
        """The reason and the money are in one message."""
        order = self.place_paid()
        wizard = self.env["sale.order.cancel.service"].with_user(self.technician)
        wizard.create({"order_id": order.id, "reason": "Maria is ill"}).action_cancel()
        [body] = self.get_mails(order)
        self.assertIn("we had to cancel", body)
        self.assertIn("Maria is ill", body)
        self.assertIn(order.reservation_id._get_label(), body)
        self.assertIn(order.currency_id.format(order.amount_total), body)

    def test_button_without_reason(self):
        """Odoo's own Cancel tells as well; what is at the shop promises no money."""
        self.offer.payment = "shop"
        order = self.place()
        order.action_confirm()
        order.with_user(self.technician).action_cancel()
        [body] = self.get_mails(order)
        self.assertIn("we had to cancel", body)
        self.assertNotIn("give you back", body)

    def test_needs_a_new_person(self):
        """The list "Needs a new time or person" cancels with one message, not two."""
        order = self.place_paid()
        order.reservation_id._set_trouble("away")
        wizard = self.env["service.reservation.resolve"].with_user(self.technician)
        wizard.create(
            {"reservation_ids": [Command.set(order.reservation_id.ids)], "action": "cancel", "reason": "Maria is ill"}
        ).action_apply()
        [body] = self.get_mails(order)
        self.assertIn("Maria is ill", body)
        self.assertIn(order.currency_id.format(order.amount_total), body)

    def test_customer_cancels(self):
        """Who cancels himself gets a confirmation, not an excuse."""
        order = self.place_paid()
        order._cancel_by_customer("I am ill", now=NOW)
        [body] = self.get_mails(order)
        self.assertIn("you have cancelled", body)
        self.assertNotIn("sorry", body)
        self.assertIn(order.currency_id.format(order.amount_total), body)

    def test_what_was_only_held(self):
        """A time that was never booked ends without a message."""
        order = self.place()
        order._action_cancel()
        self.assertFalse(self.get_mails(order))

    def test_draft(self):
        """The shop's own draft is nothing that the customer has heard of."""
        order = self.create_order()
        order._action_cancel()
        self.assertFalse(self.get_mails(order))

    def test_language(self):
        """It is written in the customer's language."""
        template = self.env.ref("sale_service_schedule.mail_template_order_cancelled")
        template.with_context(lang="fr_FR").body_html = "<p>annulé</p>"
        self.customer.lang = "fr_FR"
        order = self.place_paid()
        order.with_user(self.technician).action_cancel()
        self.assertIn("annulé", " ".join(order.message_ids.mapped("body")))
