from datetime import timedelta

from odoo import fields
from odoo.tests import JsonRpcException, tagged

from .portal_common import PortalCase, text_of_errors


@tagged("post_install", "-at_install")
class TestPortalPayment(PortalCase):
    """What customers see of times that are held, paid late or cancelled with a share of their money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.point.counter_lane_count = 1
        cls.offer.write({"payment": "full"})
        cls.provider = cls.env.ref("payment.payment_provider_demo").copy(
            {"name": "Card", "state": "test", "company_id": cls.env.company.id, "is_published": True}
        )
        cls.method = cls.env.ref("payment_demo.payment_method_demo")

    def setUp(self):
        super().setUp()
        self.login(self.ann)

    def pay(self, order, state="done"):
        """Pay an order as the page's script does, and return the transaction."""
        self.start_payment(order)
        transaction = order.transaction_ids.sorted("id")[-1:]
        transaction._process("demo", {"reference": transaction.reference, "simulated_state": state})
        transaction._post_process()
        return transaction

    def start_payment(self, order):
        """Ask for a transaction, as the button "Pay" does."""
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}/transaction",
            {
                "access_token": order._portal_ensure_token(),
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "token_id": None,
                "amount": order.amount_total,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": order.get_portal_url(),
            },
        )

    def lose(self, order):
        """Let the hold of an order end, and somebody else take its time."""
        order.reservation_id.expires_at = fields.Datetime.now() - timedelta(minutes=1)
        choice = self.window_on(self.afternoon)
        return self.env["service.reservation"]._hold(self.offer, choice, holder="partner:0")

    def test_order_waits_for_payment(self):
        """The order's page says until when the time is kept, and asks for the money; paid, it is scheduled."""
        order = self.place_order()
        self.assertEqual(order.reservation_id.state, "held")
        page = self.url_open(f"/my/orders/{order.id}").text
        self.assertIn("Waiting for payment", page)
        self.assertIn("Pay until then to make it yours", page)
        self.pay(order)
        page = self.url_open(f"/my/orders/{order.id}").text
        self.assertIn("Scheduled for", page)
        self.assertEqual((order.reservation_id.state, order.fulfilment_state), ("confirmed", "confirmed"))

    def test_paid_in_part(self):
        """After a part was paid, the page says what was paid and asks for the rest, not for the whole again."""
        for payment, percent in (("full", 100), ("deposit", 60)):
            with self.subTest(payment=payment):
                self.offer.write({"payment": payment, "deposit_percent": percent})
                order = self.place_order()
                self.start_payment(order)
                part = order.transaction_ids
                part.amount = 2.5
                part._process("demo", {"reference": part.reference, "simulated_state": "done"})
                part._post_process()
                self.assertEqual(order.state, "sent")
                page = self.get_page(f"/my/orders/{order.id}")
                due = order._get_prepayment_required_amount() - 2.5
                [title] = page.xpath("//*[contains(@class, 'o_service_due')]")
                self.assertIn(f"{due:.2f}", title.text_content())
                self.assertIn("2.50", page.xpath("//*[contains(@class, 'alert-success')]")[0].text_content())
                [form] = page.xpath("//form[@id='o_payment_form']")
                self.assertEqual(float(form.get("data-amount")), due)
                if payment == "deposit":
                    [whole] = page.xpath("//button[@name='o_sale_portal_amount_total_button']")
                    self.assertIn(f"{order.amount_total - 2.5:.2f}", whole.text_content())
                    whole_page = self.get_page(f"/my/orders/{order.id}?amount_selection=full_amount")
                    [form] = whole_page.xpath("//form[@id='o_payment_form']")
                    self.assertEqual(float(form.get("data-amount")), order.amount_total - 2.5)
                self.env["sale.order"].browse(order.id)._action_cancel()

    def test_paying_for_a_time_that_is_gone(self):
        """Before any money is taken the time is taken again; when that cannot be, nothing can be paid."""
        order = self.place_order()
        other = self.lose(order)
        with self.assertLogs("odoo.http", "WARNING"), self.assertRaises(JsonRpcException):
            self.start_payment(order)
        self.assertFalse(order.transaction_ids)
        other._release()
        self.start_payment(order)
        self.assertEqual(order.reservation_id.state, "held")

    def test_choosing_a_new_time_without_log_in(self):
        """Paid late: the link of the message lets anyone who has it choose, without paying again or logging in."""
        order = self.place_order()
        self.start_payment(order)
        transaction = order.transaction_ids
        self.lose(order)
        transaction._process("demo", {"reference": transaction.reference, "simulated_state": "done"})
        transaction._post_process()
        self.assertTrue(order.needs_new_time)
        self.logout()
        self.user = self.env.ref("base.public_user")
        link = order._get_choose_url().removeprefix(order.get_base_url())
        page = self.url_open(link).text
        self.assertIn("You do not pay again", page)
        response = self.post_form(link, choice=self.window_on(self.evening), go="place")
        self.assertEqual(response.status_code, 303, text_of_errors(response))
        self.assertIn(order.access_token, response.headers["Location"])
        self.assertEqual(
            (order.needs_new_time, order.reservation_id.state, order.reservation_id.window_id),
            (False, "confirmed", self.evening),
        )

    def test_strangers_without_log_in(self):
        """Without the link's secret nobody sees or moves an order: he is asked to log in."""
        order = self.place_order()
        self.logout()
        for token in ("", "?access_token=wrong"):
            for page in ("reschedule", "cancel"):
                with self.subTest(token=token, page=page):
                    response = self.url_open(f"/my/service/{order.id}/{page}{token}", allow_redirects=False)
                    self.assertEqual(response.status_code, 303)
                    self.assertIn("/web/login", response.headers["Location"])

    def test_terms_are_said_before(self):
        """Cancelling and moving say what they cost before they are done, and afterwards what is given back."""
        self.offer.write({"free_minutes": 20 * 1440, "refund_percent": 50, "reschedule_fee": 5})
        order = self.place_order()
        self.pay(order)
        self.assertIn("Rescheduling this late costs", self.url_open(f"/my/service/{order.id}/reschedule").text)
        page = self.url_open(f"/my/service/{order.id}/cancel").text
        self.assertIn("You get back", page)
        self.assertIn("Less than 20 days before the time, cancelling gives back 50%", page)
        response = self.post_form(f"/my/service/{order.id}/cancel")
        self.assertEqual(response.status_code, 303)
        self.assertEqual(order.refund_due, order.currency_id.round(order.amount_total / 2))
        for address in (response.headers["Location"], f"/my/orders/{order.id}"):
            self.assertIn("We give back", self.url_open(address).text, "also who comes back later reads it")
        order._record_refund(order.refund_due)
        self.assertNotIn("We give back", self.url_open(f"/my/orders/{order.id}").text)

    def test_fee_is_said_with_its_taxes(self):
        """What moving costs is said as it is charged: with the taxes of the fee, in both places."""
        tax = self.env["account.tax"].create({"name": "A quarter", "amount": 25})
        self.env.company._get_service_fee_product().taxes_id = tax
        self.offer.write({"free_minutes": 20 * 1440, "reschedule_fee": 5})
        order = self.place_order()
        self.pay(order)
        page = self.url_open(f"/my/service/{order.id}/reschedule").text
        self.assertRegex(page, r"Rescheduling this late costs \D*6\.25")
        self.post_form(f"/my/service/{order.id}/reschedule", choice=self.window_on(self.evening), go="place")
        self.assertEqual(order._get_fees(), 6.25)

    def test_time_that_the_shop_cannot_keep(self):
        """Who is asked to choose another time reads why, sees the times near his own, and need not keep it."""
        order = self.place_order()
        order.reservation_id.trouble = "away"
        page = self.url_open(f"/my/service/{order.id}/reschedule").text
        self.assertIn("we cannot keep this time", page)
        self.assertNotIn("Keep the present time", page)
        self.assertEqual(order._prepare_portal_picker({})["day"], order.reservation_id.wall_start[:10])
