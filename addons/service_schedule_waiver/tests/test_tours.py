from odoo.tests import HttpCase, new_test_user, tagged

from .common import NoonMixin

PHONE = "390x844"
LONG = "".join(
    f"<p>{number}. I know that diving is dangerous and take the risk upon myself.</p>" for number in range(30)
)


@tagged("post_install", "-at_install")
class TestTours(NoonMixin, HttpCase):
    """What customers and staff see and click, on a computer and on a phone."""

    browser_size = "1280x800"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = new_test_user(cls.env, "techtour", groups="service_schedule.group_technician")
        cls.manager = new_test_user(cls.env, "bosstour", groups="service_schedule.group_manager")
        cls.create_shop(user_ids=cls.technician.ids)
        cls.waiver.body = LONG
        cls.waiver._publish()
        cls.ann = new_test_user(cls.env, "ann-diver", groups="base.group_portal", name="Ann Diver")
        cls.reservation = cls.book_for(cls.ann.partner_id)

    def check_signed(self, channel, signer):
        """There is one signature with a picture."""
        signature = self.reservation.waiver_signature_ids
        self.assertEqual((signature.channel, signature.signer), (channel, signer))
        self.assertTrue(signature.signature)

    def test_portal(self):
        """A customer signs by typing the name: the widget writes it in the box."""
        self.start_tour(self.reservation._get_waiver_url(), "service_waiver_portal", login="ann-diver")
        self.check_signed("portal", "Ann D. Diver")

    def test_portal_phone(self):
        """On a phone nothing is wider than the screen; an empty box is said, a drawn line signs."""
        self.browser_size = PHONE
        self.start_tour(self.reservation._get_waiver_url(), "service_waiver_portal_draw", login="ann-diver")
        self.check_signed("portal", "Ann Diver")

    def test_tablet(self):
        """A technician hands the page over, the customer draws, and the tablet comes back to the reservation."""
        self.start_tour(f"/odoo/reservations/{self.reservation.id}", "service_waiver_tablet", login="techtour")
        self.check_signed("tablet", "Ann Diver")

    def test_tablet_phone(self):
        """The same on a phone."""
        self.browser_size = PHONE
        self.start_tour(f"/odoo/reservations/{self.reservation.id}", "service_waiver_tablet", login="techtour")
        self.check_signed("tablet", "Ann Diver")

    def test_tablet_reloaded(self):
        """The page can be reloaded in the customer's hands."""
        self.start_tour(
            f"/odoo/reservations/{self.reservation.id}/sign-waiver", "service_waiver_tablet_reloaded", login="techtour"
        )

    def test_override(self):
        """A manager finds the reservation in today's list and overrides with a reason."""
        self.start_tour("/odoo/waivers-today", "service_waiver_override", login="bosstour")
        self.assertEqual(self.reservation.waiver_state, "overridden")
        self.assertEqual(self.reservation.waiver_override_ids.reason, "Signed on paper")
