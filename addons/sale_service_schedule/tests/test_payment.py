from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.tests.common import NOW

from .payment_common import ELEVEN, TEN, PaymentCase

MINUTE = timedelta(minutes=1)


@tagged("post_install", "-at_install")
class TestPayment(PaymentCase):
    """What becomes of the time when the money comes, comes late, or does not come."""

    def test_time_is_held_until_paid(self):
        """Nobody has to serve an order that is not paid; with the money it is confirmed, order and time."""
        order = self.place()
        self.assertEqual((order.reservation_id.state, order.fulfilment_state, order.state), ("held", False, "sent"))
        self.assertNotIn(order.id, [row["id"] for row in order.get_due_board()["orders"]])
        self.pay(order)
        self.assertEqual(
            (order.reservation_id.state, order.fulfilment_state, order.state), ("confirmed", "confirmed", "sale")
        )

    def test_authorised_counts(self):
        """An authorised payment confirms as well."""
        order = self.place()
        self.provider.capture_manually = True
        self.pay(order, "authorized")
        self.assertEqual((order.reservation_id.state, order.state), ("confirmed", "sale"))

    def test_now_paid_on_the_second_try(self):
        """Served at once: after a failed payment, now is taken again, and begins when it is paid."""
        self.offer.allow_now = True
        order = self.place("now")
        self.pay(order, "cancel")
        with freeze_time(NOW + 10 * MINUTE):
            order._hold_again()
        self.pay(order, now=NOW + 12 * MINUTE)
        self.assertEqual(order.reservation_id.start, (NOW + 13 * MINUTE).replace(tzinfo=None))
        self.assertEqual(order.scheduled_start, order.reservation_id.start)

    def test_deposit(self):
        """A deposit is enough where the offer says so; less than it is not."""
        self.offer.write({"payment": "deposit", "deposit_percent": 50})
        order = self.place()
        due = order.currency_id.round(order.amount_total / 2)
        self.assertEqual(order._get_prepayment_required_amount(), due)
        self.pay(order, amount=due / 2)
        self.assertEqual((order.reservation_id.state, order.state), ("held", "sent"))
        self.pay(order, amount=due / 2 + 0.01)
        self.assertEqual((order.reservation_id.state, order.state), ("confirmed", "sale"))

    def test_at_the_shop(self):
        """Paid at the shop, the time is the customer's at once."""
        self.offer.payment = "shop"
        order = self.place()
        self.assertEqual((order.reservation_id.state, order.require_payment), ("confirmed", False))

    def test_failed_payment_gives_the_time_back(self):
        """After an error or a cancelled payment somebody else can have the time; a second try takes it again."""
        for state in ("cancel", "error"):
            with self.subTest(state=state):
                order = self.place()
                self.pay(order, state)
                self.assertEqual((order.reservation_id.state, order.state), ("released", "sent"))
                with freeze_time(NOW + MINUTE):
                    order._hold_again()
                self.assertEqual(order.reservation_id.state, "held")
                self.pay(order, now=NOW + 2 * MINUTE)
                self.assertEqual((order.reservation_id.state, order.state), ("confirmed", "sale"))
                order._action_cancel()

    def test_failure_beside_success(self):
        """Two tabs: one payment fails after the other succeeded, or while it is pending; the time stays."""
        order = self.place()
        first = self.pay(order, "pending")
        self.pay(order, "error")
        self.assertEqual(order.reservation_id.state, "held")
        self.settle(first, "done")
        self.pay(order, "cancel")
        self.assertEqual((order.reservation_id.state, order.state), ("confirmed", "sale"))

    def test_pending_keeps_the_time(self):
        """A bank transfer keeps the time as long as its provider says, and no longer."""
        self.provider.service_hold_hours = 5
        order = self.place()
        transaction = self.pay(order, "pending", NOW + 5 * MINUTE)
        self.assertEqual(order.reservation_id.expires_at, (NOW + 305 * MINUTE).replace(tzinfo=None))
        self.settle(transaction, "done", NOW + 300 * MINUTE)
        self.assertEqual((order.reservation_id.state, order.state), ("confirmed", "sale"))

    def test_pending_must_cover(self):
        """A transfer of one cent keeps nobody's time; one that pays what is due, alone or with others, does."""
        self.offer.write({"payment": "deposit", "deposit_percent": 50})
        order = self.place()
        due, until = order._get_prepayment_required_amount(), order.reservation_id.expires_at
        self.pay(order, "pending", amount=0.01)
        self.assertEqual(order.reservation_id.expires_at, until)
        self.assertFalse(order._is_covered())
        self.pay(order, "done", amount=0.02)
        self.pay(order, "pending", amount=due - 0.03)
        self.assertGreater(order.reservation_id.expires_at, until)

    def test_pending_must_cover_at_the_shop(self):
        """Where nothing is paid ahead, only the whole price keeps a held time."""
        order = self.place()
        order.write({"require_payment": False})
        until = order.reservation_id.expires_at
        self.pay(order, "pending", amount=1)
        self.assertEqual(order.reservation_id.expires_at, until)
        self.pay(order, "pending", amount=order.amount_total - 1)
        self.assertGreater(order.reservation_id.expires_at, until)

    def test_trying_for_ever(self):
        """New payments that fail win the time again for an hour in all; then it is chosen anew, as anybody does."""
        order = self.place()
        for minutes in (14, 28, 42, 56):
            self.pay(order, "error", NOW + minutes * MINUTE)
            with freeze_time(NOW + (minutes + 1) * MINUTE):
                order._hold_again()
        self.assertEqual(order.reservation_id.expires_at, (NOW + 60 * MINUTE).replace(tzinfo=None))
        with freeze_time(NOW + 61 * MINUTE):
            with self.assertRaisesRegex(NotBookable, "Choose a time again"):
                order._hold_again()
            self.assertTrue(order._is_hold_over())
            order._reschedule_by_customer(TEN)
            order._hold_again()
        self.assertEqual(order.reservation_id.expires_at, (NOW + 76 * MINUTE).replace(tzinfo=None))
        self.pay(order, now=NOW + 62 * MINUTE)
        self.assertEqual(order.state, "sale")

    def test_pending_for_ever(self):
        """Transfers that are announced one after another keep the time no longer than the first one may."""
        self.provider.service_hold_hours = 5
        order = self.place()
        for hours in range(5):
            self.pay(order, "pending", NOW + timedelta(hours=hours))
        self.assertEqual(order.reservation_id.expires_at, (NOW + 6 * 60 * MINUTE).replace(tzinfo=None))

    def test_notified_twice(self):
        """The provider's second word, and core's second post-processing, change nothing."""
        order = self.place()
        transaction = self.pay(order)
        revision, changes = order.reservation_id.revision, order.reservation_id.change_ids
        transaction._set_done()
        transaction._post_process()
        order._settle_hold()
        self.assertEqual((order.reservation_id.revision, order.reservation_id.change_ids), (revision, changes))

    def test_paid_late_still_free(self):
        """Paid after the hold, and nobody wanted the time: it is the customer's."""
        order = self.place()
        self.pay(order, now=NOW + 30 * MINUTE)
        self.assertEqual((order.reservation_id.state, order.state, order.needs_new_time), ("confirmed", "sale", False))

    def test_paid_late_another_person(self):
        """Taken meanwhile, but a colleague is free: she serves at the same time."""
        order = self.place()
        self.take(order, NOW + 20 * MINUTE)
        self.offer.resource_ids += self.tom
        self.pay(order, now=NOW + 30 * MINUTE)
        self.assertEqual((order.reservation_id.state, order.reservation_id.resource_id), ("confirmed", self.tom))

    def test_paid_late_taken_by_himself(self):
        """The same customer took the time in another tab: the late money asks for a new time, it is not lost."""
        order = self.place()
        self.env["service.reservation"]._hold(
            self.offer, TEN, holder=f"partner:{self.customer.id}", now=NOW + 20 * MINUTE
        )
        self.pay(order, now=NOW + 30 * MINUTE)
        self.assertTrue(order.needs_new_time)

    def test_paid_late_and_taken(self):
        """Nothing is lost: the order is confirmed, keeps the money, and customer and staff are told once."""
        order = self.place()
        self.take(order, NOW + 20 * MINUTE)
        transaction = self.pay(order, now=NOW + 30 * MINUTE)
        transaction._post_process()
        self.assertEqual((order.state, order.needs_new_time, order.reservation_id.state), ("sale", True, "expired"))
        self.assertEqual(order.amount_paid, order.amount_total)
        self.assertEqual(len(order.activity_ids), 1)
        mails = order.message_ids.filtered(lambda message: "choose a new time" in (message.subject or ""))
        self.assertEqual(len(mails), 1)
        self.assertIn(f"/my/service/{order.id}/reschedule?access_token={order.access_token}", mails.body)
        self.assertFalse(order.scheduled_start)
        self.assertNotIn(order.id, [row["id"] for row in order.get_due_board()["orders"]])
        with self.assertRaisesRegex(Exception, "choose a new time"):
            order.action_start_work()
        order._schedule(ELEVEN, now=NOW + 40 * MINUTE)
        self.assertEqual(
            (order.needs_new_time, order.reservation_id.state, order.fulfilment_state),
            (False, "confirmed", "confirmed"),
        )
        self.assertFalse(order._get_begin_obstacles())

    def test_time_held_anew_is_lost_as_well(self):
        """Of a paid order that lets a second hold go, customer and staff are told again, whoever ends that hold."""
        for end in ("cron", "taken"):
            with self.subTest(end=end):
                order = self.place(f"time:2026-10-2{1 if end == 'cron' else 2}T10:00:00-04:00")
                order.reservation_id._release()
                order.reservation_id._set_trouble("late")
                order.action_confirm()
                order.activity_ids.action_done()
                order.reservation_id._move_hold(ELEVEN, now=NOW + 30 * MINUTE)
                self.assertTrue(order.needs_new_time)
                before = order.message_ids
                if end == "cron":
                    self.run_cron("ir_cron_expire_holds", NOW + 50 * MINUTE)
                else:
                    self.env["service.reservation"]._hold(self.offer, ELEVEN, now=NOW + 50 * MINUTE)
                self.assertEqual((order.reservation_id.state, order.needs_new_time), ("expired", True))
                self.assertEqual(order.activity_ids.mapped("summary"), ["Choose a new time"])
                news = (order.message_ids - before).filtered(lambda message: "new time" in (message.subject or ""))
                self.assertEqual(len(news), 1)

    def test_mail_that_cannot_be_made(self):
        """A message that cannot be made keeps nobody's money from being settled: he and the next need a new time."""
        spoilt = self.env["res.partner"].create({"name": "Ann", "email": "ann@example.com"})
        orders = self.place(partner_id=spoilt.id) | self.place(ELEVEN)
        for choice in (TEN, ELEVEN):
            self.env["service.reservation"]._hold(self.offer, choice, holder="partner:0", now=NOW + 20 * MINUTE)
        template = self.env.ref("sale_service_schedule.mail_template_new_time")
        template.body_html = f'<div><p>Hello <t t-out="1 / (object.partner_id.id - {spoilt.id})">1</t></p></div>'
        logger = "odoo.addons.sale_service_schedule.models.sale_order_payment"
        with freeze_time(NOW + 30 * MINUTE), self.assertLogs(logger, "ERROR") as log:
            orders.action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "sale"])
        self.assertEqual(orders.mapped("needs_new_time"), [True, True])
        self.assertIn(f"sale.order({orders[0].id},)", "".join(log.output))
        self.assertIn("could not be told", orders[0].activity_ids.note)
        self.assertIn("has been told", orders[1].activity_ids.note)

    def test_staff_confirm_an_expired_hold(self):
        """Accepting an order whose time is gone never raises: it asks for a new time."""
        order = self.place()
        self.take(order, NOW + 20 * MINUTE)
        with freeze_time(NOW + 30 * MINUTE):
            order.action_confirm()
        self.assertEqual((order.state, order.needs_new_time), ("sale", True))

    def test_refund_share(self):
        """Late cancelling gives back what the policy says, and the staff are asked to do it; in time it is all."""
        self.offer.write({"free_minutes": 1440, "refund_percent": 25})
        for hours, share in ((0, 1), (5, 0.25)):
            with self.subTest(hours=hours):
                order = self.place()
                self.pay(order)
                order._cancel_by_customer(now=NOW + timedelta(hours=hours))
                self.assertEqual(order.refund_due, order.currency_id.round(order.amount_total * share))
                self.assertIn("Refund", order.activity_ids.mapped("summary"))

    def test_reschedule_fee(self):
        """A late reschedule adds the fee, once; in time it is free."""
        self.offer.write({"payment": "shop", "free_minutes": 1440, "reschedule_fee": 9})
        order = self.place()
        order._schedule(ELEVEN, now=NOW)
        self.assertEqual(len(order.order_line), 1)
        order._schedule(TEN, now=NOW + timedelta(hours=5))
        self.assertEqual(order.order_line[1:].mapped("price_unit"), [9])
        order._schedule(TEN, now=NOW + timedelta(hours=6))
        self.assertEqual(len(order.order_line), 2)

    def test_late_move_does_not_win_the_refund_back(self):
        """Moving late to a far day and cancelling there gives back no more, and keeps the fee of the move."""
        self.offer.write({"free_minutes": 1440, "refund_percent": 25, "reschedule_fee": 4})
        order = self.place()
        self.pay(order)
        paid = order.amount_total
        late = NOW + timedelta(hours=5)
        order._schedule("time:2026-11-16T10:00:00-05:00", now=late)
        fees = sum(order._get_fee_lines().mapped("price_total"))
        self.assertGreaterEqual(fees, 4)
        with freeze_time(late):
            terms = order._get_portal_cancel_terms()
        amount = order.currency_id.round((paid - fees) / 4)
        for text in (order.currency_id.format(amount), order.currency_id.format(fees), "25%", "1 day"):
            self.assertIn(text, terms)
        order._cancel_by_customer(now=late)
        self.assertEqual(order.refund_due, amount)
        self.assertIn("of fees are kept", order.activity_ids.note)

    def test_shop_gives_the_fee_back_too(self):
        """Who moved late gets everything back when the shop cancels, or cannot keep the new time."""
        self.offer.write({"free_minutes": 1440, "refund_percent": 25, "reschedule_fee": 4})
        late = NOW + timedelta(hours=5)
        for day, is_shop_cancelling in ((16, True), (17, False)):
            with self.subTest(is_shop_cancelling=is_shop_cancelling):
                order = self.place()
                self.pay(order)
                paid = order.amount_paid
                order._schedule(f"time:2026-11-{day}T10:00:00-05:00", now=late)
                if is_shop_cancelling:
                    order._action_cancel()
                else:
                    order.reservation_id._set_trouble("away")
                    order._cancel_by_customer(now=late)
                self.assertEqual(order.refund_due, paid)

    def test_no_shows_must_prepay(self):
        """Who did not come twice pays everything ahead, also where others pay at the shop."""
        self.offer.write({"payment": "shop", "prepay_no_shows": 2})
        for day in (20, 21):
            visit = self.env["service.reservation"]._book(
                self.offer, f"time:2026-10-{day}T10:00:00-04:00", partner=self.customer, now=NOW
            )
            self.assertEqual(self.create_order()._get_prepaid_share(), 0)
            visit._no_show(now=NOW + timedelta(days=3))
        self.assertEqual(self.create_order()._get_prepaid_share(), 1)

    def miss(self, partner, day):
        """Let ``partner`` miss an appointment."""
        visit = self.env["service.reservation"]._book(
            self.offer, f"time:2026-10-{day}T10:00:00-04:00", partner=partner, now=NOW
        )
        visit._no_show(now=NOW + timedelta(days=3))

    def test_no_shows_under_other_contacts(self):
        """Guests are known by their e-mail address: what was missed under one contact counts for the next."""
        self.offer.write({"payment": "shop", "prepay_no_shows": 2})
        guests = self.env["res.partner"].create(
            [
                {"name": "Gus", "email": email}
                for email in ("gus@example.com", "Gus <GUS@Example.com>", "gus@example.com")
            ]
        )
        self.miss(guests[0], 20)
        self.assertEqual(self.offer._get_prepaid_share(guests[2]), 0)
        self.miss(guests[1], 21)
        guests[1].active = False
        self.assertEqual(self.offer._get_prepaid_share(guests[2]), 1)
        nobody = self.env["res.partner"].create({"name": "Gus without an address"})
        self.assertEqual(self.offer._get_prepaid_share(nobody), 0, "no address is nobody's address")
        self.assertEqual(self.offer._get_prepaid_share(self.env["res.partner"]), 0)
        other = self.env["res.company"].create({"name": "Another shop"})
        self.assertEqual(guests[2]._count_missed(other), 0)

    def test_no_shows_are_found_by_indexes(self):
        """One query, and the database has indexes for it."""
        self.env.flush_all()
        self.assertTrue(self.customer.email_normalized and self.customer.commercial_partner_id)
        with self.assertQueryCount(1):
            self.customer._count_missed(self.env.company)
        reservations = self.env["service.reservation"]
        query = reservations._search(
            [("state", "=", "no_show"), ("partner_id", "any", [("email_normalized", "in", ["john@example.com"])])]
        )
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(row[0] for row in self.env.execute_query(SQL("EXPLAIN %s", query.select())))
        self.assertIn("res_partner_service_email_idx", plan)

    def test_no_show_of_an_order(self):
        """A no-show leaves the board; who comes after all is served."""
        self.offer.payment = "shop"
        order = self.place()
        order.action_confirm()
        with freeze_time(NOW + timedelta(days=1, hours=3)):
            order.action_no_show()
            self.assertEqual((order.fulfilment_state, order.reservation_id.state), ("no_show", "no_show"))
            order.action_arrived()
        self.assertEqual((order.fulfilment_state, order.reservation_id.state), ("confirmed", "confirmed"))

    def test_cancelled_quotation_releases(self):
        """Cancelling an order whose time is held gives the time back."""
        order = self.place()
        order._action_cancel()
        self.assertEqual(order.reservation_id.state, "released")

    def test_paid_after_it_was_cancelled(self):
        """Money for an order that was cancelled meanwhile takes no time; staff are asked to give it back."""
        order = self.place()
        order._action_cancel()
        self.pay(order, now=NOW + MINUTE)
        self.assertEqual((order.state, order.reservation_id.state), ("cancel", "released"))
        self.assertEqual(order.refund_due, order.amount_total)
        self.assertEqual(order.activity_ids.mapped("summary"), ["Refund"])

    def test_transfer_for_a_cancelled_order(self):
        """A transfer that is announced after the order was cancelled holds no time again."""
        order = self.place()
        order._action_cancel()
        self.pay(order, "pending", now=NOW + MINUTE)
        self.assertEqual((order.state, order.reservation_id.state), ("cancel", "released"))
