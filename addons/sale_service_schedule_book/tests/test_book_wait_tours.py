import re

from odoo.tests import tagged

from odoo.addons.service_schedule_waitlist.models.service_waitlist_message import ServiceWaitlistEntry

from .book_common import BookCase


class WaitTourCase(BookCase):
    """A workshop with one full day, for which somebody waits already."""

    def setUp(self):
        super().setUp()
        self.offer.payment = "shop"
        # Maria alone, so that one appointment that is called off is all that is free
        self.offer.resource_ids = self.maria
        self.taken = [
            self.env["service.reservation"]._book(self.offer, slot["choice"])
            for slot in self.offer.get_picker_days(self.day, self.day)[self.day.isoformat()]
        ]
        self.entries = self.env["service.waitlist.entry"]
        partner = self.env["res.partner"].create({"name": "Gwen Guest", "email": "gwen@example.com"})
        self.first = self.entries._join(self.offer, self.day, partner)

    def read_link(self, entry, start):
        """Return the address in an entry's last message that begins with a path: in the waitlist's own mail."""
        self.patch(type(entry), "_send_customer_mail", ServiceWaitlistEntry._send_customer_mail)
        entry._send()
        body = self.env["mail.mail"].search([("model", "=", entry._name), ("res_id", "=", entry.id)])[:1].body_html
        return re.search(rf"href=\"[^\"]*?({start}[^\"]+)", body)[1].replace("&amp;", "&")

    def assert_guest(self):
        """A guest finds the full day, is told what is missing, waits as the second, and leaves."""
        self.start_tour("/book", "service_book_wait_guest")
        entry = self.entries.search([("offer_id", "=", self.offer.id)], order="id desc", limit=1)
        self.assertEqual((entry.partner_id.name, entry.state, self.first.state), ("Gus Guest", "left", "waiting"))

    def assert_offered(self):
        """A guest follows the link of the message to his place in line, takes the time and books it."""
        self.taken[0]._cancel(by_staff=True)
        self.assertEqual(self.first.state, "offered")
        self.start_tour(self.read_link(self.first, "/my/waitlist/"), "service_book_wait_offered")
        self.assertEqual((self.first.state, self.first.reservation_id.state), ("taken", "confirmed"))
        self.assertEqual(self.first.reservation_id.order_ids.partner_id, self.first.partner_id)


@tagged("post_install", "-at_install")
class TestBookWaitDesktop(WaitTourCase):
    """Waiting for a full day in Chromium, on a desktop."""

    browser_size = "1280x800"

    def test_guest(self):
        """Join, see the place in line, leave."""
        self.assert_guest()

    def test_customer(self):
        """The same with a log-in: nothing is asked, and the list is in his account."""
        self.start_tour("/book", "service_book_wait_customer", login=self.ann.login)
        entry = self.entries.search([("partner_id", "=", self.ann.partner_id.id)])
        self.assertEqual(entry.state, "left")

    def test_offered(self):
        """From the message to the appointment."""
        self.assert_offered()

    def test_missed(self):
        """Who follows the message's button too late reads that the time has gone."""
        self.taken[0]._cancel(by_staff=True)
        link = self.read_link(self.first, "/book/")
        self.let_expire(self.first.reservation_id)
        self.assertTrue(self.first.reservation_id._try_expire())
        self.assertEqual(self.first.state, "missed")
        self.start_tour(link, "service_book_wait_missed")


@tagged("post_install", "-at_install")
class TestBookWaitPhone(WaitTourCase):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_guest(self):
        """Join, see the place in line, leave."""
        self.assert_guest()

    def test_offered(self):
        """From the message to the appointment."""
        self.assert_offered()
