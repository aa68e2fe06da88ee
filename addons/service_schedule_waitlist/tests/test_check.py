from odoo.tests import freeze_time, tagged

from .common import FROZEN, WaitCase


@tagged("post_install", "-at_install")
@freeze_time(FROZEN)
class TestCheck(WaitCase):
    """The check of the books reads the waitlist."""

    def find(self, title):
        """Return the ids of the entries that a check finds."""
        return [
            row[0] for check, rows in self.env["service.schedule.check"]._run() if title in check.title for row in rows
        ]

    def test_line_is_sound(self):
        """A line that is offered, left and taken as it should be has no problems."""
        nine, ten = self.fill()
        first, second, third = (self.join(partner) for partner in (self.anna, self.bert, self.carl))
        nine._cancel(by_staff=True)
        ten._cancel(by_staff=True)
        first.reservation_id._confirm()
        self.assertEqual([first.state, second.state, third.state], ["taken", "offered", "waiting"])
        self.assertFalse({first.id, second.id, third.id} & set(self.find("in line")))

    def test_offer_without_a_hold(self):
        """An offer whose hold has gone behind our back is found, and so is who waits with one."""
        nine, _ten = self.fill()
        first, second = self.join(self.anna), self.join(self.bert)
        nine._cancel(by_staff=True)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE service_reservation SET state = 'expired', expires_at = NULL WHERE id = %s",
            [first.reservation_id.id],
        )
        self.assertIn(first.id, self.find("is held for them"))
        self.env.cr.execute("UPDATE service_waitlist_entry SET reservation_id = %s WHERE id = %s", [nine.id, second.id])
        self.assertIn(second.id, self.find("is held for them"))

    def test_passed_over(self):
        """Who waits while somebody behind is offered what fits both is found; a moved hold is no such offer."""
        nine, _ten = self.fill()
        first, second = self.join(self.anna), self.join(self.bert)
        first.state = "left"
        nine._cancel(by_staff=True)
        self.assertEqual(second.state, "offered")
        self.env.flush_all()
        self.env.cr.execute("UPDATE service_waitlist_entry SET state = 'waiting' WHERE id = %s", [first.id])
        self.assertEqual(self.find("passed over"), [first.id])
        self.env.cr.execute(
            "UPDATE service_waitlist_entry SET window_id = %s WHERE id = %s", [self.morning.id, first.id]
        )
        self.assertEqual(self.find("passed over"), [])
