from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.service_schedule.tests.common import NEXT_DAY

from .common import ReportCase


@tagged("post_install", "-at_install")
class TestAccess(ReportCase):
    """Who sees which rows of the report and of the available hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.book(cls.window_on(cls.morning, NEXT_DAY))
        cls.refresh()
        cls.env.flush_all()

    def count(self, user, company=None):
        """Return how many rows of the shop a user sees: ``(report, available hours)``."""
        domain = [("point_id", "=", self.point.id)]
        return tuple(
            self.env[name].with_user(user).with_company(company or self.env.company).search_count(domain)
            for name in ("service.schedule.report", "service.capacity")
        )

    def test_managers_and_technicians_read(self):
        """Managers see all points of their company; technicians, too, where there is no staff list. Nobody writes."""
        for user in (self.manager, self.technician):
            self.assertEqual(self.count(user), (62, 61))
            for name in ("service.schedule.report", "service.capacity"):
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(self.env[name].with_user(user).has_access(operation), (name, operation))

    def test_staff_list_holds(self):
        """A technician of another point sees neither reservations nor hours, the one on the list and managers do."""
        stranger = new_test_user(self.env, "other@shop", groups="service_schedule.group_technician")
        self.point.user_ids = [Command.set(self.technician.ids)]
        self.assertEqual(self.count(stranger), (0, 0))
        self.assertEqual(self.count(self.technician), (62, 61))
        self.assertEqual(self.count(self.manager), (62, 61))

    def test_companies_keep_apart(self):
        """A manager of another company sees nothing of this one, nor does one who works in both see it from there."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        groups = "service_schedule.group_manager"
        other = new_test_user(
            self.env, "boss@elsewhere", groups=groups, company_id=company.id, company_ids=[Command.set(company.ids)]
        )
        self.assertEqual(self.count(other, company), (0, 0))
        self.manager.company_ids += company
        self.assertEqual(self.count(self.manager, company), (0, 0))
        self.assertEqual(self.count(self.manager), (62, 61))

    def test_nobody_else(self):
        """Salesmen, accountants, customers and visitors read neither."""
        users = [
            new_test_user(self.env, "sales@shop", groups="sales_team.group_sale_salesman_all_leads"),
            new_test_user(self.env, "books@shop", groups="account.group_account_manager"),
            new_test_user(self.env, "john@doe", groups="base.group_portal"),
            self.env.ref("base.public_user"),
        ]
        for user in users:
            for name in ("service.schedule.report", "service.capacity"):
                with self.assertRaises(AccessError, msg=(user.login, name)):
                    self.env[name].with_user(user).search([])

    def test_menus_of_salesmen(self):
        """Whoever may not read the report may not have it opened or computed either."""
        salesman = new_test_user(self.env, "sales@shop", groups="sales_team.group_sale_salesman")
        action = self.env.ref("sale_service_schedule_report.service_schedule_report_open_utilisation")
        with self.assertRaises(AccessError):
            action.with_user(salesman).run()
        with self.assertRaises(AccessError):
            self.env["service.capacity"].with_user(salesman).action_refresh_all()
        self.env["service.capacity"].with_user(self.technician).action_refresh_all()

    def test_history_of_others(self):
        """A manager cannot have the past of another company's service point computed again."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        theirs = self.env["service.point"].create({"name": "Theirs", "tz": "UTC", "company_id": company.id})
        wizard = self.env["service.capacity.refresh"].create({"point_ids": theirs.ids})
        wizard.create_uid = self.manager
        self.env.flush_all()
        self.env.invalidate_all()
        wizard.with_user(self.manager).with_company(self.env.company).action_refresh()
        self.assertFalse(theirs.capacity_refreshed_at)
