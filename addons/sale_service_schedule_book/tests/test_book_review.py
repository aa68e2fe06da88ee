from datetime import datetime, time, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from odoo.tests import JsonRpcException, new_test_user, tagged

from odoo.addons.service_schedule.exceptions import TimeTaken

from .book_common import BookCase, text_of_errors


@tagged("post_install", "-at_install")
class TestBookReview(BookCase):
    """Review, book, and what every page shows when the booking stands elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = cls.env["payment.provider"].search([("code", "=", "demo")], limit=1)
        cls.demo.write({"state": "test", "is_published": True})
        cls.demo.payment_method_ids.active = True

    def pay(self, order, state, amount=None):
        """Let a transaction of the order reach a state, as the provider's word does."""
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.demo.id,
                "payment_method_id": self.demo.payment_method_ids[:1].id,
                "amount": amount or order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "reference": f"{order.name}-{len(order.transaction_ids)}",
                "sale_order_ids": [(6, 0, order.ids)],
            }
        )
        getattr(transaction, f"_set_{state}")(*(["Card refused"] if state == "error" else []))
        transaction._post_process()
        return transaction

    def page_of(self, hold, step="", **kwargs):
        """Return the answer of one of the wizard's pages, redirects not followed."""
        path = f"/book/{hold.public_id}{f'/{step}' if step else ''}"
        return self.url_open(path, allow_redirects=False, **kwargs)

    def assert_leads(self, response, end):
        """The answer sends the browser to an address that ends so."""
        self.assertEqual(response.status_code, 303, self.text_of(response)[:200])
        self.assertTrue(response.headers["Location"].endswith(end), response.headers["Location"])

    # ------------------------------------------------------------------
    # At the shop
    # ------------------------------------------------------------------

    def test_book_and_pay_at_the_shop(self):
        """The review says all of it; "Book" confirms reservation and order, and asks for the confirmation mail."""
        hold = self.hold()
        order = self.give_details(hold, note="Ring twice")
        text = self.text_of(self.page_of(hold, "review"))
        for part in (
            "Brake check",
            hold._get_label(),
            f"With {hold.resource_id.name}",
            "America/New York",
            "Ring twice",
            "gus@example.com",
            "You pay $ 12.50 at the shop",
            "free of charge until",
        ):
            self.assertIn(part, text)
        # only asked for: where our notifications are installed, they take the mail's place
        with patch.object(self.env.registry["sale.order"], "_send_order_confirmation_mail") as confirmation:
            self.assert_leads(self.post_to(hold, "review"), "/done")
        confirmation.assert_called_once()
        self.assertEqual((hold.state, order.state, order.fulfilment_state), ("confirmed", "sale", "confirmed"))
        done = self.text_of(self.page_of(hold, "done"))
        self.assertIn("Your appointment is booked", done)
        self.assertIn(order.name, done)

    def test_own_calendar(self):
        """What is booked, and nothing before, can be put into the customer's calendar, also by who has no session."""
        hold = self.hold()
        self.give_details(hold)
        self.assertEqual(self.page_of(hold, "appointment.ics").status_code, 404)
        self.post_to(hold, "review")
        [link] = self.get_page(f"/book/{hold.public_id}/done").xpath("//a[contains(., 'Add to my calendar')]/@href")
        self.authenticate(None, None)
        response = self.url_open(link)
        self.assertIn("text/calendar", response.headers["Content-Type"])
        self.assertIn(f"UID:{hold.public_id}", response.text)
        self.assertEqual(self.page_of(hold, "appointment.ics").status_code, 404)

    def test_book_twice(self):
        """A double click, reload and a second tab book once; the earlier pages lead to the last one."""
        hold = self.hold()
        order = self.give_details(hold)
        form = self.read_details(hold)
        self.post_to(hold, "review")
        self.assert_leads(self.post_to(hold, "review"), "/done")
        self.assertEqual(hold.change_ids.mapped("kind").count("confirmed"), 1)
        for step in ("", "review"):
            self.assert_leads(self.page_of(hold, step), "/done")
        self.assert_leads(self.post_details(hold, form=form, name="Late"), hold.public_id)
        self.assertEqual(order.partner_id.name, "Gus Guest")
        self.assert_leads(self.post_to(hold, "again"), "/review")
        self.post_to(hold, "release")
        self.assertEqual((hold.state, len(self.get_holds())), ("confirmed", 1))
        response = self.post_hold(12, hold=hold.public_id)
        self.assert_leads(response, hold.public_id)
        self.assertEqual(hold.wall_start[11:13], "10")

    def test_review_needs_details(self):
        """Without details there is nothing to review or to book."""
        hold = self.hold()
        self.assert_leads(self.page_of(hold, "review"), hold.public_id)
        self.assert_leads(self.post_to(hold, "review"), hold.public_id)
        self.assert_leads(self.page_of(hold, "done"), hold.public_id)
        self.assertEqual(hold.state, "held")

    def test_change_the_time(self):
        """From the review back to the times: the same hold, order and answers at another time, and on to the review."""
        hold = self.hold()
        order = self.give_details(hold)
        [link] = set(
            self.get_page(f"/book/{hold.public_id}/review").xpath("//a[contains(@class,'o_book_change')]/@href")
        )
        page = self.get_page(link)
        self.assertEqual(page.xpath("//input[@name='choice'][@checked]/@value"), [hold._get_book_choice()])
        response = self.post_hold(14, form=self.read_picker(query=link[link.index("?") :]))
        self.assert_leads(response, "/review")
        self.assertEqual((hold.wall_start[11:13], order.reservation_id, len(self.get_holds())), ("14", hold, 1))

    def test_free_of_charge(self):
        """What costs nothing is booked without paying, whatever the offer says."""
        self.offer.payment = "full"
        self.product.list_price = 0
        hold = self.hold()
        self.give_details(hold)
        self.assertIn("It is free of charge", self.text_of(self.page_of(hold, "review")))
        self.post_to(hold, "review")
        self.assertEqual(hold.state, "confirmed")

    def test_free_time_is_over(self):
        """What is booked later than changes are free says what they cost, and names no moment that has passed."""
        hold = self.hold()
        hold.write({"free_minutes": 525600, "cutoff_minutes": 0, "reschedule_fee": 20, "refund_percent": 50})
        line = hold._get_policy_lines()[0]
        self.assertNotIn("free of charge", line)
        self.assertIn(
            "another time costs $ 20.00; cancelling gives back 50% of what you paid, also after",
            line.replace("\xa0", " "),
        )

    def test_fee_with_its_taxes(self):
        """The rules name the fee as it would be charged: with its taxes."""
        self.env.company._get_service_fee_product().taxes_id = self.env["account.tax"].create(
            {"name": "A quarter", "amount": 25}
        )
        hold = self.hold()
        self.give_details(hold)
        hold.write({"free_minutes": 525600, "cutoff_minutes": 0, "reschedule_fee": 20})
        self.assertIn("25.00;", hold._get_policy_lines()[0])

    def test_own_currency(self):
        """Who orders in another currency sees prices in it from the first page on."""
        self.env.ref("base.group_user").implied_ids += self.env.ref("product.group_product_pricelist")
        currency = self.env["res.currency"].create(
            {"name": "XSB", "symbol": "shells", "rate_ids": [(0, 0, {"name": "2020-01-01", "rate": 3})]}
        )
        self.env.user.partner_id.property_product_pricelist = self.env["product.pricelist"].create(
            {"name": "Island", "currency_id": currency.id}
        )
        self.product.taxes_id = False
        booking = self.env["service.booking"]
        card = next(card for card in booking._get_cards(self.point) if card["offer"] == self.offer)
        self.assertEqual((card["currency"], card["price"]), (currency, self.product.list_price * 3))
        price = booking._get_price({"product": self.product, "quantity": 2, "offer": self.offer})
        self.assertEqual((price["currency"], price["total"]), (currency, self.product.list_price * 6))

    def test_own_clock(self):
        """A customer in another zone sees his own time beside the shop's."""
        hold = self.hold()
        self.give_details(hold)
        for zone, shows in (("Europe/Berlin", True), ("America/New_York", False), ("Nowhere/Land", False)):
            with self.subTest(zone=zone):
                self.opener.cookies.set("tz", zone)
                text = self.text_of(self.page_of(hold, "review"))
                self.assertEqual("Your time:" in text, shows)
                self.assertEqual("(Europe/Berlin)" in text, shows)

    # ------------------------------------------------------------------
    # Online
    # ------------------------------------------------------------------

    def test_pay_in_full(self):
        """Odoo's own payment form; a payment that is done books it."""
        self.offer.payment = "full"
        hold = self.hold()
        order = self.give_details(hold)
        page = self.get_page(f"/book/{hold.public_id}/review")
        [form] = page.xpath("//form[@id='o_payment_form']")
        self.assertEqual(form.get("data-transaction-route"), f"/book/{hold.public_id}/transaction")
        self.assertEqual(form.get("data-landing-route"), f"/book/{hold.public_id}/done")
        self.assertEqual(float(form.get("data-amount")), 12.5)
        self.assertFalse(page.xpath("//button[contains(@class, 'o_book_place')]"))
        response = self.post_to(hold, "review")
        self.assertEqual(response.status_code, 422)
        self.assertIn("is paid when it is booked", text_of_errors(response))
        self.assertEqual(hold.state, "held")
        self.pay(order, "done")
        self.assertEqual((hold.state, order.state), ("confirmed", "sale"))
        self.assertIn("Paid $ 12.50", self.text_of(self.page_of(hold, "done")))

    def test_deposit(self):
        """A deposit is due now, the rest at the shop."""
        self.offer.write({"payment": "deposit", "deposit_percent": 40})
        hold = self.hold()
        order = self.give_details(hold)
        text = self.text_of(self.page_of(hold, "review"))
        self.assertIn("Due now $ 5.00 At the shop $ 7.50", text)
        self.pay(order, "done", 5)
        self.assertEqual(hold.state, "confirmed")

    def test_no_shows_prepay(self):
        """Who did not come too often pays all of it, and reads why."""
        self.offer.prepay_no_shows = 1
        self.login(self.ann)
        missed = self.hold(9)
        self.give_details(missed)
        self.post_to(missed, "review")
        missed.state = "no_show"
        hold = self.hold(11)
        order = self.give_details(hold)
        self.assertTrue(order._has_to_be_paid())
        self.assertIn("As appointments were missed before", self.text_of(self.page_of(hold, "review")))

    def miss(self, hold, email="gus@example.com"):
        """Let a guest book and not come."""
        self.give_details(hold, email=email)
        self.post_to(hold, "review")
        self.assertEqual(hold.state, "confirmed")
        hold.state = "no_show"

    def test_guests_prepay_too(self):
        """A guest who did not come is known by his address, however he writes it; another guest pays at the shop."""
        self.offer.prepay_no_shows = 1
        self.miss(self.hold(9))
        for email, pays in (("GUS@example.com", True), ("eve@example.com", False)):
            with self.subTest(email=email):
                hold = self.hold(11, new="1", hold="")
                order = self.give_details(hold, email=email)
                self.assertEqual(order._has_to_be_paid(), pays)
                text = self.text_of(self.page_of(hold, "review"))
                self.assertEqual("As appointments were missed before" in text, pays)
                hold._release()

    def test_missed_meanwhile(self):
        """Who misses an appointment between the first page and the last pays ahead: the page asks for it."""
        self.offer.prepay_no_shows = 1
        first = self.hold(9)
        self.give_details(first)
        self.post_to(first, "review")
        hold = self.hold(11, new="1", hold="")
        order = self.give_details(hold)
        self.assertFalse(order._has_to_be_paid())
        first.state = "no_show"
        response = self.post_to(hold, "review")
        self.assertEqual((response.status_code, hold.state), (422, "held"))
        self.assertIn("is paid when it is booked", text_of_errors(response))
        self.assertTrue(self.get_page(f"/book/{hold.public_id}/review").xpath("//form[@id='o_payment_form']"))

    def test_failed_payment(self):
        """A failed payment releases the time and says so; "Try again" takes it again and goes on with all answers."""
        self.offer.payment = "full"
        hold = self.hold()
        order = self.give_details(hold)
        self.pay(order, "error")
        self.assertEqual(hold.state, "released")
        self.assert_leads(self.page_of(hold, "done"), hold.public_id)
        text = self.text_of(self.page_of(hold))
        self.assertIn("The payment did not go through", text)
        self.assertIn("Card refused", text)
        self.assert_leads(self.post_to(hold, "again"), "/review")
        self.assertEqual((hold.state, hold.order_ids, order.state), ("held", order, "draft"))
        self.pay(order, "done")
        self.assertEqual(hold.state, "confirmed")

    def test_pending_payment(self):
        """A bank transfer on its way: the time is kept, the page says until when, and nothing more can be changed."""
        self.offer.payment = "full"
        hold = self.hold()
        order = self.give_details(hold)
        self.pay(order, "pending")
        self.assertEqual(hold.state, "held")
        for step in ("", "review"):
            self.assert_leads(self.page_of(hold, step), "/done")
        self.assertIn("We are waiting for your payment", self.text_of(self.page_of(hold, "done")))
        self.post_to(hold, "release")
        self.assert_leads(self.post_hold(12, hold=hold.public_id), hold.public_id)
        self.assertEqual((hold.state, hold.wall_start[11:13]), ("held", "10"))
        self.assertIn("/done", self.page_of(hold).headers["Location"])

    def test_paid_too_little(self):
        """Paid in another tab before more was ordered: nothing is booked, the staff are told, the rest can be paid."""
        self.offer.payment = "full"
        hold = self.hold()
        order = self.give_details(hold)
        self.pay(order, "done", order.amount_total / 2)
        self.assertEqual((hold.state, hold._get_book_step()), ("held", "open"))
        self.assertEqual(order.activity_ids.mapped("summary"), ["Too little was paid"])
        page = self.get_page(f"/book/{hold.public_id}/review")
        self.assertEqual(page.xpath("//form[@id='o_payment_form']/@data-amount"), ["6.25"])
        self.assertIn("Paid $ 6.25 Due now $ 6.25", self.text_of(self.page_of(hold, "review")))
        self.pay(order, "done", order.amount_total / 2)
        self.assertEqual((hold.state, order.state), ("confirmed", "sale"))

    def test_pending_cent(self):
        """A transfer of one cent on its way keeps nothing: the page still asks for the money."""
        self.offer.payment = "full"
        hold = self.hold()
        order = self.give_details(hold)
        until = hold.expires_at
        self.pay(order, "pending", 0.01)
        self.assertEqual((hold._get_book_step(), hold.expires_at), ("open", until))

    def test_cancelled_before_it_was_booked(self):
        """The order was cancelled while its time was held: the page says so, and no time is held for it again."""
        hold = self.hold()
        order = self.give_details(hold)
        order._action_cancel()
        self.assertEqual(hold._get_book_step(), "over")
        self.assertEqual(self.post_to(hold, "again").status_code, 303)
        self.assertEqual(hold.state, "released")
        self.get_page(f"/book/{hold.public_id}/done")
        self.assertNotEqual(self.hold(), hold)

    def test_paid_too_late(self):
        """Paid after the time had gone to somebody else: the page leads to choosing a new one, without paying again."""
        self.offer.payment = "full"
        self.offer.resource_ids = self.maria
        hold = self.hold()
        order = self.give_details(hold)
        self.let_expire(hold)
        self.env["service.reservation"]._book(self.offer, hold._get_book_choice())
        self.pay(order, "done")
        self.assertEqual((hold.trouble, order.needs_new_time), ("late", True))
        page = self.get_page(f"/book/{hold.public_id}/done")
        [link] = page.xpath("//a[contains(@class, 'o_book_new_time')]/@href")
        self.assertIn(f"/my/service/{order.id}/reschedule", link)
        self.assertEqual(self.url_open(link).status_code, 200)

    def test_transaction_door(self):
        """A transaction is made while there is a time to pay for, for nobody else, and not a second time."""
        self.offer.payment = "full"
        hold = self.hold()
        order = self.give_details(hold)
        url = f"/book/{hold.public_id}/transaction"
        values = {
            "provider_id": self.demo.id,
            "payment_method_id": self.demo.payment_method_ids[:1].id,
            "token_id": None,
            "amount": order.amount_total,
            "flow": "direct",
            "tokenization_requested": False,
            "landing_route": f"/book/{hold.public_id}/done",
        }
        self.assertTrue(self.make_jsonrpc_request(url, values)["reference"].startswith(order.name))
        self.let_expire(hold)
        self.make_jsonrpc_request(url, values)
        self.assertTrue(hold._is_live(), "paying takes the same time again")
        self.pay(order, "done")
        for _whose in ("the customer's, who has paid", "somebody else's"):
            with self.assertLogs("odoo.http", "WARNING") as log, self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(url, values)
            self.assertIn("nothing to pay here any more", log.output[0])
            self.authenticate(None, None)

    def test_no_provider(self):
        """Without a payment provider the page asks to call the shop, and the staff read it in the configuration."""
        self.offer.payment = "full"
        self.point.partner_id = self.env["res.partner"].create({"name": "Shop", "phone": "555 0100"})
        self.env["payment.provider"].search([]).state = "disabled"
        hold = self.hold()
        self.give_details(hold)
        page = self.get_page(f"/book/{hold.public_id}/review")
        self.assertIn("not possible at present", page.text_content())
        self.assertTrue(page.xpath("//a[@href='tel:555 0100']"))
        self.assertIn("no payment provider", str(self.offer.configuration_issues))

    # ------------------------------------------------------------------
    # The hold ends
    # ------------------------------------------------------------------

    def test_expired(self):
        """A hold that ended says so; the same time again with one click, with everything that was typed."""
        hold = self.hold()
        order = self.give_details(hold, note="Ring twice")
        self.let_expire(hold)
        self.assertIn("Your time is not kept any more", self.text_of(self.page_of(hold)))
        self.assert_leads(self.page_of(hold, "review"), hold.public_id)
        self.assert_leads(
            self.post_details(hold, form={"csrf_token": self.read_token(), "note": "New"}), hold.public_id
        )
        self.assert_leads(self.post_to(hold, "again"), "/review")
        self.assertTrue(hold._is_live())
        self.assertEqual((self.read_details(hold)["note"], len(self.get_holds())), ("New", 1))
        self.assertEqual(hold.order_ids, order)

    def test_expired_and_taken(self):
        """The same time was taken meanwhile: that is said, and "Back to times" carries the answers to another one."""
        self.offer.resource_ids = self.maria
        hold = self.hold()
        self.give_details(hold, note="Ring twice")
        self.let_expire(hold)
        self.env["service.reservation"]._book(self.offer, hold._get_book_choice())
        response = self.post_to(hold, "again")
        self.assertEqual(response.status_code, 422)
        self.assertIn("Full", text_of_errors(response))
        self.assertEqual(self.post_to(hold, "review").status_code, 422)
        [link] = self.get_page(f"/book/{hold.public_id}").xpath("//a[contains(@class, 'o_book_times')]/@href")
        again = self.hold(12, form=self.read_picker(query=link[link.index("?") :]))
        self.assertEqual((again, self.read_details(again)["note"]), (hold, "Ring twice"))

    def test_book_just_too_late(self):
        """A click on "Book" a moment after the hold ended still books, as long as nobody has taken the time."""
        hold = self.hold()
        self.give_details(hold)
        self.let_expire(hold)
        self.assert_leads(self.post_to(hold, "review"), "/done")
        self.assertEqual(hold.state, "confirmed")

    def test_new_start_carries_answers(self):
        """Who starts anew within the day after his hold ended need not type again; later he does."""
        hold = self.hold()
        self.give_details(hold, note="Ring twice")
        self.let_expire(hold)
        hold._give_up("expired")
        again = self.hold(12)
        self.assertEqual((again, self.read_details(again)["note"]), (hold, "Ring twice"))
        again._release()
        self.env.flush_all()
        self.env.cr.execute("UPDATE service_reservation SET write_date = now() - interval '2 days'")
        self.env.invalidate_all()
        self.assertNotEqual(self.hold(13), hold)

    def test_status(self):
        """The script asks for state and seconds: the server's, and nobody else's business."""
        hold = self.hold()
        answer = self.url_open(f"/book/{hold.public_id}/status")
        state = answer.json()
        self.assertEqual((state["step"], answer.headers["Cache-Control"]), ("open", "no-store"))
        self.assertTrue(0 < state["seconds"] <= 15 * 60)
        page = self.get_page(f"/book/{hold.public_id}")
        [timer] = page.xpath("//*[contains(@class, 'o_book_timer')]")
        self.assertTrue(0 < int(timer.get("data-seconds")) <= 15 * 60)
        self.assertIn(hold._get_until_label(), " ".join(timer.text_content().split()))
        self.let_expire(hold)
        self.assertEqual(self.url_open(f"/book/{hold.public_id}/status").json(), {"step": "ended", "seconds": 0})
        self.authenticate(None, None)
        self.assertEqual(self.url_open(f"/book/{hold.public_id}/status").status_code, 404)

    # ------------------------------------------------------------------
    # Whose it is
    # ------------------------------------------------------------------

    def test_rights(self):
        """The session, the customer and the link see the pages; others a friendly page that says no more."""
        self.login(self.ann)
        hold = self.hold()
        self.give_details(hold)
        steps = ("", "review", "done", "status")
        wanted = {step: self.page_of(hold, step).status_code for step in steps}
        token = hold._get_token()
        for who in (None, self.bob):
            self.authenticate(who and who.login, who and who.login)
            for step in steps:
                with self.subTest(who=who, step=step):
                    response = self.page_of(hold, step)
                    self.assertEqual(response.status_code, 404)
                    self.assertNotIn("Ann", response.text)
            csrf = self.read_token()
            for step in ("again", "release", "draft", "review"):
                url = f"/book/{hold.public_id}/{step}"
                self.assertEqual(self.url_open(url, data={"csrf_token": csrf, "note": "x"}).status_code, 404)
            self.assertEqual(self.url_open(f"/book/{hold.public_id}", data={"csrf_token": csrf}).status_code, 404)
            self.assertEqual(self.url_open(f"/book/{hold.public_id}?token={token[:-1]}é").status_code, 404)
            self.assertEqual(self.url_open(f"/book/{hold.public_id}?token={token}").status_code, 200)
        self.assertEqual((hold.state, hold.order_ids.order_notes), ("held", False))
        self.authenticate("ann-diver", "ann-diver")
        self.assertEqual({step: self.page_of(hold, step).status_code for step in steps}, wanted)
        self.assertEqual(self.url_open("/book/00000000-0000-0000-0000-000000000000").status_code, 404)

    def test_link_of_a_message(self):
        """A guest on another device goes on with the link alone, through all pages."""
        hold = self.hold()
        token = hold._get_token()
        self.authenticate(None, None)
        page = self.get_page(f"/book/{hold.public_id}?token={token}")
        [form] = page.xpath("//form[@id='book_details']")
        values = {**dict(form.form_values()), "name": "Gus", "email": "gus@example.com"}
        response = self.url_open(form.get("action"), data=values, allow_redirects=False)
        self.assert_leads(response, f"/review?token={token}")
        [form] = self.get_page(response.headers["Location"][response.headers["Location"].index("/book") :]).xpath(
            "//form[contains(@class, 'o_book_place_form')]"
        )
        response = self.url_open(form.get("action"), data=dict(form.form_values()))
        self.assertIn("Your appointment is booked", self.text_of(response))

    def test_hold_from_the_waitlist(self):
        """A time that was offered to somebody who waited is taken on the same pages."""
        partner = self.env["res.partner"].create({"name": "Wanda", "email": "wanda@example.com"})
        hold = self.env["service.reservation"]._hold(self.offer, self.choice_at(10), partner=partner)
        url = f"/book/{hold.public_id}?token={hold._get_token()}"
        page = self.get_page(url)
        self.assertIn("Wanda", page.xpath("//*[contains(@class, 'o_book_customer')]")[0].text_content())
        [form] = page.xpath("//form[@id='book_details']")
        self.url_open(form.get("action"), data={**dict(form.form_values()), "name": "Eve", "email": "eve@example.com"})
        self.assertEqual((partner.name, partner.email), ("Wanda", "wanda@example.com"), "a link overwrites no contact")
        self.assertEqual((hold.order_ids.partner_id, hold.order_ids.order_line.product_id), (partner, self.product))

    # ------------------------------------------------------------------
    # What it leads to
    # ------------------------------------------------------------------

    def test_link_does_not_take_over(self):
        """Who has the link of somebody else's hold goes on in his name, also when he is logged in himself."""
        hold = self.env["service.reservation"]._hold(self.offer, self.choice_at(10), partner=self.ann.partner_id)
        self.login(self.bob)
        url = f"/book/{hold.public_id}?token={hold._get_token()}"
        [form] = self.get_page(url).xpath("//form[@id='book_details']")
        self.url_open(form.get("action"), data=dict(form.form_values()))
        self.assertEqual(hold.order_ids.partner_id, self.ann.partner_id)

    def test_link_to_go_on(self):
        """By the link of the message that his time is not kept any more a guest goes on, in any browser."""
        hold = self.hold()
        order = self.give_details(hold)
        self.let_expire(hold)
        self.authenticate(None, None)
        url = order._get_resume_url().removeprefix(order.get_base_url())
        page = self.get_page(url)
        self.assertIn("Your time is not kept any more", page.text_content())
        [form] = page.xpath("//form[.//button[contains(@class, 'o_book_again')]]")
        self.url_open(form.get("action"), data=dict(form.form_values()))
        self.assertEqual(hold.state, "held")

    def test_strange_addresses(self):
        """Whatever stands in an address, nobody gets a fault: an ended hold without details, a token of controls."""
        hold = self.hold()
        self.let_expire(hold)
        self.assert_leads(self.post_to(hold, "review"), hold.public_id)
        response = self.url_open(f"/book/{hold.public_id}/done?token=a%0d%0ab%26c", allow_redirects=False)
        self.assert_leads(response, "?token=a%0D%0Ab%26c")
        for public_id in ("x", "%00", "a" * 5000, "hold", "1e3"):
            with self.subTest(public_id=public_id):
                self.assertEqual(self.url_open(f"/book/{public_id}").status_code, 404)

    def test_follow_up(self):
        """A booked appointment leads to the next: the link knows the customer, and the two are joined."""
        visit = self.create_offer("Visit", self.point, allow_windows=False, step_minutes=60, lead_minutes=0)
        self.create_product("Visit", visit)
        self.offer.follow_up_offer_ids = visit
        hold = self.hold()
        guest = self.give_details(hold).partner_id
        self.post_to(hold, "review")
        [link] = self.get_page(f"/book/{hold.public_id}/done").xpath("//a[contains(@class, 'o_book_follow')]/@href")
        self.authenticate(None, None)
        page = self.get_page(link)
        self.assertIn("follows your appointment", page.text_content())
        form = self.read_picker(visit, link[link.index("?") :])
        choice = visit.get_picker_days(self.day, self.day)[self.day.isoformat()][0]["choice"]
        response = self.url_open("/book/hold", data={**form, "choice": choice}, allow_redirects=False)
        follow_up = self.find_hold(response)
        self.assertEqual(follow_up.origin_id, hold)
        response = self.post_details(follow_up)
        self.assert_leads(response, "/review")
        self.assertEqual(follow_up.order_ids.partner_id, guest)

    def test_follow_up_of_others(self):
        """An appointment of somebody else, or that leads elsewhere, is no origin."""
        hold = self.hold()
        self.give_details(hold)
        self.post_to(hold, "review")
        self.offer.follow_up_offer_ids = self.offer
        self.authenticate(None, None)
        self.assertFalse(self.hold(12, origin=hold.public_id, token="x").origin_id)
        self.offer.follow_up_offer_ids = False
        self.authenticate(None, None)
        self.assertFalse(self.hold(13, origin=hold.public_id, token=hold._get_token()).origin_id)

    # ------------------------------------------------------------------
    # The way there
    # ------------------------------------------------------------------

    def test_links(self):
        """The portal's home and the list of service orders lead to the wizard."""
        self.authenticate("ann-diver", "ann-diver")
        for url in ("/my", "/my/service"):
            self.assertTrue(self.get_page(url).xpath("//a[@href='/book']"), url)

    def test_backend(self):
        """The staff see the answers on the reservation and on the order; a salesman may read them."""
        question = self.env["service.offer.question"].create({"offer_id": self.offer.id, "name": "Plate"})
        hold = self.hold()
        order = self.give_details(hold, **{f"q{question.id}": "ABC 123"})
        seller = new_test_user(self.env, "seller", groups="sales_team.group_sale_salesman_all_leads")
        self.assertEqual(order.with_user(seller).service_answer_ids.value, "ABC 123")
        self.assertEqual(hold.with_user(seller).answer_ids.value, "ABC 123")

    def test_dst(self):
        """On the night when clocks turn back, the hour that comes twice is named twice, also in the wizard."""
        zone = ZoneInfo(self.point.tz)
        noon = datetime.combine(self.day, time(12))
        day = next(
            (noon + timedelta(days=days)).date()
            for days in range(400)
            if (noon + timedelta(days=days)).replace(tzinfo=zone).dst()
            and not (noon + timedelta(days=days + 1)).replace(tzinfo=zone).dst()
        ) + timedelta(days=1)
        self.offer.horizon_days = 500
        self.point.calendar_id.attendance_ids.write({"hour_from": 0, "hour_to": 24})
        page = self.get_page(f"/book/{self.offer.id}?day={day.isoformat()}")
        labels = [" ".join(label.text_content().split()) for label in page.xpath("//label[.//input[@name='choice']]")]
        self.assertIn("1:00 AM EDT", labels)
        self.assertIn("1:00 AM EST", labels)
        choice = page.xpath("//label[contains(., 'EST')]//input/@value")[0]
        hold = self.find_hold(self.post_hold(form=self.read_picker(), choice=choice))
        self.assertIn("1:00 AM EST", self.text_of(self.page_of(hold)))

    def test_lost_at_the_last_moment(self):
        """The time is lost while it is being booked: a conflict on the same page, and nothing is half done."""
        hold = self.hold()
        order = self.give_details(hold)

        def lose(*_args, **_kwargs):
            raise TimeTaken("That time has just been taken.")

        with patch.object(type(self.env["service.reservation"]), "_confirm", lose):
            response = self.post_to(hold, "review")
        self.assertEqual(response.status_code, 409)
        self.assertIn("has just been taken", text_of_errors(response))
        self.assertEqual((order.state, hold.state), ("draft", "held"))
        self.assertTrue(timedelta(0) < hold.expires_at - hold.create_date)
