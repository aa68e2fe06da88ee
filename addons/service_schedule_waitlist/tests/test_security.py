from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .common import FROZEN, WaitCase


@tagged("post_install", "-at_install")
@freeze_time(FROZEN)
class TestSecurity(WaitCase):
    """Who reads the waitlist; nobody writes it but its own steps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(FROZEN):
            cls.fill()
            cls.entry = cls.join(cls.anna)

    def test_staff_read(self):
        """Technicians of the service point and managers read; neither writes, creates nor deletes."""
        stranger = new_test_user(self.env, "other@shop", groups="service_schedule.group_technician")
        self.point.user_ids = [Command.set(self.technician.ids)]
        for user, may_read in ((self.technician, True), (self.manager, True), (stranger, False)):
            mine = self.entry.with_user(user)
            self.assertEqual(mine.has_access("read"), may_read, user.login)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(mine.has_access(operation), (user.login, operation))
        with self.assertRaises(AccessError):
            self.entry.with_user(stranger).action_leave()

    def test_portal_and_plain_users(self):
        """Customers and employees without a role have no rights; customers come through the portal's pages."""
        for groups in ("base.group_portal", "base.group_user"):
            user = new_test_user(self.env, f"{groups}@home", groups=groups)
            self.assertFalse(self.entry.with_user(user).has_access("read"), groups)

    def test_companies_keep_apart(self):
        """A manager of another company sees nothing of it."""
        company = self.env["res.company"].create({"name": "Other"})
        boss = new_test_user(
            self.env,
            "boss@other",
            groups="service_schedule.group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.assertFalse(self.entry.with_user(boss).has_access("read"))

    def test_who_waits_is_not_deleted(self):
        """An entry in line cannot be deleted past the line; one that is over can."""
        with self.assertRaises(UserError):
            self.entry.unlink()
        self.entry._leave()
        self.assertTrue(self.entry.unlink())

    def test_steps(self):
        """Only the known steps are made; others change nothing."""
        self.assertFalse(self.entry._update_state("taken"))
        self.assertEqual(self.entry.state, "waiting")
        self.entry._leave()
        self.entry._leave()
        self.assertFalse(self.entry._update_state("offered"))
        self.assertEqual(self.entry.state, "left")

    def test_tokens(self):
        """A link opens its own entry and no other."""
        found = self.entries._find_by_token(self.entry.public_id, self.entry._get_token())
        self.assertEqual(found, self.entry)
        for public_id, token in ((self.entry.public_id, "x"), (self.entry.public_id, None), ("x", "x"), (None, None)):
            self.assertFalse(self.entries._find_by_token(public_id, token))

    def test_methods_are_not_rpc(self):
        """What decides for whom time is kept cannot be called from outside."""
        self.assertTrue(getattr(type(self.hour).get_fullness, "_api_private", False))
