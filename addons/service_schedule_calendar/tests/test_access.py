from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.service_schedule.tests.common import NEXT_DAY, NOW

from .test_moves import MoveCase


@tagged("post_install", "-at_install")
@freeze_time(NOW.replace(tzinfo=None))
class TestAccess(MoveCase):
    """What of customers can be read in a calendar, and who may move whose appointments."""

    def test_colleagues_see_that_she_is_busy(self):
        """Others read "Busy", neither the customer nor the address of the appointment, and may not touch it."""
        for user in (self.colleague, self.clerk, self.manager):
            event = self.event.with_user(user)
            self.env.invalidate_all()
            self.assertEqual((event.name, event.display_name), ("Busy", "Busy"))
            self.assertFalse(event.description or event.location)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.drag(1, event)
            for remove in (event.unlink, event.action_archive):
                with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                    remove()
                self.assertNotIn("John", str(caught.exception))
        self.assert_stays()

    def test_customers_see_nothing(self):
        """The customer's portal user finds no event of his appointment; its user sees all of it."""
        customer = new_test_user(self.env, "john@portal", groups="base.group_portal")
        customer.partner_id.parent_id = self.customer
        self.reservation.sudo().partner_id = customer.partner_id
        self.assertFalse(self.env["calendar.event"].with_user(customer).search([]))
        with self.assertRaises(AccessError):
            self.event.with_user(customer).read(["name"])
        self.assertEqual(self.event.name, "Brakes · John Doe")

    def test_nobody_ties_events_to_appointments(self):
        """The link cannot be written or read by users: with it one could move other people's appointments."""
        mine = self.meet(15, 16, user=self.clerk)
        for user, work in (
            (self.clerk, lambda: mine.write({"service_reservation_id": self.reservation.id})),
            (self.clerk, lambda: self.meet(user=self.clerk, service_reservation_id=self.reservation.id)),
            (self.user, lambda: self.event.write({"service_reservation_id": False})),
            (self.user, lambda: self.event.write({"service_revision": 7})),
            (self.user, lambda: self.event.read(["service_reservation_id"])),
            (self.user, lambda: self.event.search([("service_reservation_id", "=", self.reservation.id)])),
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError), self.env.cr.savepoint():
                work()
        self.assertFalse(self.event.copy().sudo().service_reservation_id)

    def test_only_staff_of_the_point_move(self):
        """Who serves without being on the staff list of the service point sees the time, and cannot move it."""
        self.point.user_ids -= self.user
        with self.assertRaisesRegex(UserError, "Only the staff"), self.env.cr.savepoint():
            self.drag(2)
        self.receive(start=f"{NEXT_DAY} 19:00:00", stop=f"{NEXT_DAY} 20:00:00")
        self.assert_stays()

    def test_meetings_are_read_for_times_only(self):
        """Whoever may ask for free times learns nothing but times: spans of numbers."""
        self.meet(privacy="private", partner_ids=[Command.set(self.user.partner_id.ids)])
        busy = self.env["service.reservation"].with_user(self.technician)._read_busy(self.maria, 0, 2**32)
        self.assertEqual({type(value) for spans in busy.values() for span in spans for value in span}, {int})

    def test_preference_of_others(self):
        """Nobody switches another's calendar."""
        with self.assertRaises(AccessError):
            self.user.with_user(self.colleague).has_service_events = False
