from odoo.tests import tagged

from .common import OrderNotificationCase

ADDRESS = "jeanne@example.com"


@tagged("post_install", "-at_install")
class TestTimeMessages(OrderNotificationCase):
    """What the addons below would mail themselves goes through the outbox; whom mails say to ask; their links."""

    def get_odoo_mails(self, record):
        """Return the mails about a record in Odoo's own queue."""
        return self.env["mail.mail"].search([("model", "=", record._name), ("res_id", "=", record.id)])

    def give_address(self):
        """Give the service point an address, a telephone number and an e-mail address of its own."""
        self.point.company_id.phone = "+1 999"
        self.point.partner_id = self.env["res.partner"].create(
            {"name": "Pier 7", "email": "pier@reef.example", "phone": "+1 212 555 0100", "street": "7 Ocean Pier"}
        )

    def test_times_offered(self):
        """Who is asked to choose another time gets one mail from the outbox, with the nearest times and the link."""
        order = self.order_at(10)
        self.send()
        order.reservation_id._offer_times()
        order.reservation_id._offer_times()
        [mail] = self.mails_to(ADDRESS)
        html = self.get_part(mail, "html")
        self.assertIn(
            f"/my/service/{order.id}/reschedule?access_token={order.access_token}", html.replace("&amp;", "&")
        )
        for text in ("mardi 20 octobre 2026", "09:00"):  # of the shop's clock: the promised day, and a time near it
            self.assertIn(text, html)
        self.assertFalse(self.get_odoo_mails(order.reservation_id))
        self.assertTrue(order.reservation_id.times_offered_at)

    def test_times_offered_too_late(self):
        """Who has chosen another time before the mail went out is not asked for it any more."""
        order = self.order_at(10)
        self.send()
        order.reservation_id._offer_times()
        order._schedule(self.at(15), by_staff=True)
        mails = self.mails_to(ADDRESS)
        self.assertEqual(["15:00" in self.get_part(mail, "html") for mail in mails], [True])
        message = self.get_messages(res_model="service.reservation", res_id=order.reservation_id.id)
        self.assertEqual((message.state, message.reason), ("skipped", "It has been moved since"))

    def test_asked_again(self):
        """Who is asked again on another day is told again."""
        order = self.order_at(10, 27)
        order.reservation_id._offer_times()
        self.send()
        self.clock.tick(86400 / 2)
        order.reservation_id._offer_times()
        self.assertEqual(self.mails_to(ADDRESS), [])
        self.clock.tick(86400 / 4)
        order.reservation_id._offer_times()
        self.assertEqual(len(self.mails_to(ADDRESS)), 1)

    def test_cancelled_without_order(self):
        """Whose time nobody ordered is told by the outbox, too, with the reason."""
        reservation = self.env["service.reservation"]._book(
            self.offer, self.at(14), partner=self.customer, by_staff=True
        )
        reservation._cancel_for_shop("Maria est malade")
        [mail] = self.mails_to(ADDRESS)
        self.assertIn("Maria est malade", self.get_part(mail, "html"))
        self.assertFalse(self.get_odoo_mails(reservation))

    def test_cancelled_by_core(self):
        """Core's own way to cancel many orders tells each customer once, by the outbox."""
        orders = self.order_at(10) + self.order_at(12)
        self.send()
        wizard = self.env["sale.mass.cancel.orders"].create({"sale_order_ids": orders.ids})
        wizard.action_mass_cancel()
        mails = self.mails_to(ADDRESS)
        self.assertEqual(len(mails), 2)
        for order in orders:
            self.assertEqual(len([mail for mail in mails if order.name in mail["Subject"]]), 1)
            self.assertFalse(self.get_odoo_mails(order))

    def test_pending_tasks(self):
        """The confirmation and the reminder carry what the customer has still to do; what others get does not."""
        tasks = [("Please sign “Release” before your visit:", "Sign it", "https://shop.example.com/my/waiver/7")]
        self.patch(self.registry["service.reservation"], "_get_pending_tasks", lambda reservation: tasks)
        order = self.order_at(12, 22)
        mails = {mail["To"].addresses[0].addr_spec: mail for mail in self.send()}
        self.assertIn(tasks[0][2], self.get_part(mails[ADDRESS], "html"))
        self.assertNotIn(tasks[0][2], self.get_part(mails["maria@shop.example"], "html"))
        self.clock.move_to(order.scheduled_start)
        self.clock.tick(-1800)
        [mail] = self.mails_to(ADDRESS)
        for kind in ("html", "plain"):
            self.assertIn("Please sign “Release” before your visit:", self.get_part(mail, kind))
            self.assertIn(tasks[0][2], self.get_part(mail, kind))
        tasks.clear()
        order._schedule(self.at(14, 22), by_staff=True)
        [mail] = self.mails_to(ADDRESS)
        self.assertNotIn("my/waiver", self.get_part(mail, "html"))

    def test_links(self):
        """The customer gets to his page of the order, who serves him to its form in Odoo."""
        order = self.order_at(10)
        mails = {mail["To"].addresses[0].addr_spec: self.get_part(mail, "html") for mail in self.send()}
        base = "https://shop.example.com"
        self.assertIn(f"{base}/my/orders/{order.id}?access_token=", mails[ADDRESS])
        self.assertNotIn("/odoo/", mails[ADDRESS])
        self.assertIn(f'{base}/odoo/service-orders/{order.id}"', mails["maria@shop.example"])
        self.assertNotIn("access_token", mails["maria@shop.example"])

    def test_contact(self):
        """A mail says whom to ask: the service point where it has an address of its own, else the company."""
        company = self.point.company_id
        company.write({"email": "shop@reef.example", "phone": "+1 999"})
        self.order_at(10)
        [mail] = self.mails_to(ADDRESS)
        self.assertIn("shop@reef.example", self.get_part(mail, "plain"))
        self.give_address()
        self.order_at(12)
        [mail] = self.mails_to(ADDRESS)
        for kind in ("html", "plain"):
            text = self.get_part(mail, kind)
            for own in ("pier@reef.example", "+1 212 555 0100", "7 Ocean Pier", self.point.name):
                self.assertIn(own, text)
            self.assertNotIn("+1 999", text)
            self.assertNotIn("shop@reef.example", text)
        self.assertEqual(mail["Reply-To"].addresses[0].addr_spec, "pier@reef.example")
        self.assertEqual(mail["From"].addresses[0].addr_spec, "shop@reef.example")
