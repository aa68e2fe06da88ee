from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import NEXT_DAY, ScheduleCase


@tagged("post_install", "-at_install")
class TestSecurity(ScheduleCase):
    def test_technician_reads_but_does_not_set_up(self):
        """A technician sees points, offers, reservations and history, and changes none of them."""
        reservation = self.book(self.window_on(self.morning, NEXT_DAY))
        for record in (self.point, self.offer, self.morning, reservation, reservation.change_ids):
            mine = record.with_user(self.technician)
            self.assertTrue(mine.has_access("read"), record)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(mine.has_access(operation), (record, operation))

    def test_manager_sets_up_but_does_not_forge(self):
        """A manager keeps points, offers, hours, resources and leaves, but writes no reservation and no history."""
        for record in (
            self.point,
            self.offer,
            self.morning,
            self.point.calendar_id,
            self.point.calendar_id.attendance_ids,
            self.point.counter_id,
        ):
            self.assertTrue(record.with_user(self.manager).has_access("write"), record)
        leave = (
            self.env["resource.calendar.leaves"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Holiday",
                    "calendar_id": self.point.calendar_id.id,
                    "date_from": "2026-12-25 05:00:00",
                    "date_to": "2026-12-26 05:00:00",
                }
            )
        )
        leave.name = "Christmas"
        reservation = self.book(self.window_on(self.morning, NEXT_DAY))
        for record in (reservation, reservation.change_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.manager).check_access("write")

    def test_staff_list_keeps_points_apart(self):
        """A technician on the staff of one point sees nothing of another; managers see both."""
        stranger = new_test_user(self.env, "other@shop", groups="service_schedule.group_technician")
        self.point.user_ids = [Command.set(self.technician.ids)]
        reservation = self.book(self.window_on(self.morning, NEXT_DAY))
        records = (self.point, self.offer, self.morning, reservation, reservation.change_ids)
        for record in records:
            self.assertFalse(record.with_user(stranger).has_access("read"), record)
            self.assertTrue(record.with_user(self.technician).has_access("read"), record)
            self.assertTrue(record.with_user(self.manager).has_access("read"), record)
        self.assertNotIn(self.point, self.env["service.point"].with_user(stranger).search([]))

    def test_companies_keep_apart(self):
        """A manager of another company sees nothing of this one."""
        company = self.env["res.company"].create({"name": "Other"})
        boss = new_test_user(
            self.env,
            "boss@other",
            groups="service_schedule.group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        reservation = self.book(self.window_on(self.morning, NEXT_DAY))
        for record in (self.point, self.offer, self.morning, reservation, reservation.change_ids):
            self.assertFalse(record.with_user(boss).has_access("read"), record)

    def test_resource_of_another_company_is_refused(self):
        """An offer cannot occupy what belongs to another company, whoever asks; what belongs to none may serve all."""
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self.create_person("Stranger", company_id=company.id)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.offer.resource_ids = stranger
        self.offer.resource_ids = self.create_person("Shared", company_id=False)

    def test_portal_and_plain_users_see_nothing(self):
        """Customers and employees without a scheduling role have no rights; customers go through the portal."""
        reservation = self.book(self.window_on(self.morning, NEXT_DAY))
        portal = new_test_user(self.env, "customer@home", groups="base.group_portal")
        employee = new_test_user(self.env, "clerk@shop", groups="base.group_user")
        for user in (portal, employee):
            for record in (self.point, self.offer, reservation, reservation.change_ids):
                self.assertFalse(record.with_user(user).has_access("read"), (user.login, record))

    def test_booking_methods_are_not_rpc(self):
        """What takes an argument that lifts rules cannot be called from outside."""
        for name in ("get_availability", "get_reasons", "parse_choice", "get_picker_days", "get_nearest"):
            self.assertTrue(getattr(getattr(type(self.offer), name), "_api_private", False), name)

    def test_slots_of_a_hidden_point(self):
        """The backend's slot picker checks that the user may see the offer."""
        stranger = new_test_user(self.env, "other@shop", groups="service_schedule.group_technician")
        self.point.user_ids = [Command.set(self.technician.ids)]
        with self.assertRaises(AccessError):
            self.offer.with_user(stranger).get_slots("2026-10-20", "2026-10-21")

    def test_bus_channels_follow_the_staff_list(self):
        """A technician hears only his own service points."""
        stranger = new_test_user(self.env, "other@shop", groups="service_schedule.group_technician")
        self.point.user_ids = [Command.set(self.technician.ids)]
        for user, hears in ((stranger, False), (self.technician, True)):
            points = self.env["service.point"].with_user(user).search([])
            self.assertEqual(self.point in points, hears)
