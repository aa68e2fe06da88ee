from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.service_schedule import timing

from .book_common import BookCase

SHORT_SECONDS = 2
"""How long a hold is kept once the tour says so."""


class TourCase(BookCase):
    """The workshop with two questions, a deposit, and Odoo's demo provider."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["service.offer.question"].create(
            [
                {"offer_id": cls.offer.id, "name": "Make and model", "is_required": True},
                {"offer_id": cls.offer.id, "name": "About", "kind": "choice", "choices": "Service\nA light"},
            ]
        )
        cls.offer.write({"payment": "deposit", "deposit_percent": 40, "name": "Brake check"})
        demo = cls.env["payment.provider"].search([("code", "=", "demo")], limit=1)
        cls.env["payment.provider"].search([]).write({"is_published": False})
        demo.write({"state": "test", "is_published": True})
        demo.payment_method_ids.active = True

    def run_tour(self, name):
        """Let a guest click through; return the hold that came of it."""
        self.start_tour("/book", name)
        [hold] = self.get_holds()
        return hold

    def assert_booked(self):
        """A guest gets wrong details back, pays in vain, tries again, and has it."""
        hold = self.run_tour("service_book_guest")
        self.assertEqual((hold.state, hold.resource_id), ("confirmed", self.maria))
        self.assertEqual((hold.order_ids.state, hold.partner_id.name), ("sale", "Gus Guest"))
        self.assertEqual(sorted(hold.order_ids.transaction_ids.mapped("state")), ["done", "error"])
        self.assertEqual(set(hold.answer_ids.mapped("value")), {"Volvo", "A light"})


@tagged("post_install", "-at_install")
class TestBookDesktop(TourCase):
    """Guests click through the wizard in Chromium, on a desktop."""

    browser_size = "1280x800"

    def test_guest(self):
        """To the end, with a payment that fails once."""
        self.assert_booked()

    def test_pending(self):
        """Who pays by a way that takes its time sees his appointment, kept until the money is there."""
        hold = self.run_tour("service_book_pending")
        self.assertEqual((hold.state, hold.order_ids.transaction_ids.state), ("held", "pending"))

    def test_expires(self):
        """The hold runs out while the page is open: it says so by itself, keeps what was typed, and goes on."""
        bookings = type(self.env["service.booking"])
        keep = bookings._keep_draft

        def keep_or_shorten(booking, hold, post):
            if "soon" not in post:
                return keep(booking, hold, post)
            hold.expires_at = timing.to_field(int(timing.utc_now().timestamp()) + SHORT_SECONDS)
            return None

        with patch.object(bookings, "_keep_draft", keep_or_shorten):
            hold = self.run_tour("service_book_expires")
        self.assertTrue(hold._is_live())
        self.assertEqual(hold.book_draft["name"], "Gus Guest")

    def test_keyboard(self):
        """Nothing but a keyboard: every step is reached with Tab, and goes on with Enter or the space bar."""
        self.offer.payment = "shop"
        self.assertEqual(self.run_tour("service_book_keyboard").state, "confirmed")


@tagged("post_install", "-at_install")
class TestBookPhone(TourCase):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_guest(self):
        """To the end, with a payment that fails once."""
        self.assert_booked()
