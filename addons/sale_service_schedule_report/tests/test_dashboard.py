import json

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import file_open

from odoo.addons.spreadsheet.utils.validate_data import fields_in_spreadsheet, menus_xml_ids_in_spreadsheet

from .common import ReportCase

XMLID = "sale_service_schedule_report.spreadsheet_dashboard_scheduling"
# Every figure is drawn, on a phone one below the other, and no cell shows an error.
DRAWN = """
(async () => {
    const until = Date.now() + 120000;
    const figures = () => document.querySelectorAll(".o-figure").length;
    while (figures() < %(count)s || document.querySelector(".o-spreadsheet .fa-spin")) {
        if (Date.now() > until) {
            throw new Error(`only ${figures()} figures`);
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    console.log("test successful");
})();
"""


@tagged("post_install", "-at_install")
class TestDashboardData(ReportCase):
    def test_fields_and_menus_exist(self):
        """What the dashboard asks for is there: fields with a measure's or group's right, and menus."""
        data = json.loads(self.env.ref(XMLID).spreadsheet_data)
        fields = fields_in_spreadsheet(data)
        self.assertEqual(set(fields), {"service.schedule.report"})
        for chain in fields["service.schedule.report"]:
            field = self.report._fields[chain.split(":")[0]]
            self.assertTrue(field.type != "float" or field.aggregator, field)
        for xmlid in menus_xml_ids_in_spreadsheet(data):
            self.assertEqual(self.env.ref(xmlid)._name, "ir.ui.menu")

    def test_filters_reach_everything(self):
        """Period and service point filter each chart and each pivot."""
        data = json.loads(self.env.ref(XMLID).spreadsheet_data)
        filters = {item["id"] for item in data["globalFilters"]}
        charts = [figure["data"] for sheet in data["sheets"] for figure in sheet["figures"]]
        sources = [*data["pivots"].values(), *(chart for chart in charts if chart.get("type", "").startswith("odoo"))]
        self.assertEqual(len(filters), 2)
        for source in sources:
            self.assertEqual(set(source["fieldMatching"]), filters)

    def test_who_sees_it(self):
        """Technicians and managers find the dashboard, published, with its sample; nobody else does."""
        dashboard = self.env.ref(XMLID)
        self.assertTrue(dashboard.is_published)
        with file_open(dashboard.sample_dashboard_file_path) as sample:
            self.assertTrue(json.load(sample)["sheets"])
        stranger = new_test_user(self.env, "sales@shop", groups="sales_team.group_sale_salesman")
        for user, sees in ((self.technician, True), (self.manager, True), (stranger, False)):
            self.assertEqual(dashboard.with_user(user).has_access("read"), sees, user.login)


class DashboardBrowserCase(ReportCase, HttpCase):
    """The dashboard in a real browser; anything that a page writes to its console as an error fails the test."""

    figures = 11

    def open(self):
        """Open the dashboard and wait until all is drawn."""
        self.browser_js(
            f"/odoo/dashboards?dashboard_id={self.env.ref(XMLID).id}",
            DRAWN % {"count": self.figures},
            login=self.manager.login,
            timeout=90,
        )


@tagged("post_install", "-at_install")
class TestDashboardDesktop(DashboardBrowserCase):
    browser_size = "1366x2200"  # only what the window shows is drawn

    def test_with_data(self):
        """All figures are drawn from reservations and available hours."""
        self.create_scheduled()
        self.env["service.point"]._refresh_stale_capacity()
        self.open()

    def test_without_data(self):
        """A manager whose company has no reservations sees the sample, drawn as completely."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.assertTrue(self.env.ref(XMLID).with_user(self.manager).with_company(company)._dashboard_is_empty())
        self.open()


@tagged("post_install", "-at_install")
class TestDashboardPhone(DashboardBrowserCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_phone(self):
        """A phone shows the same figures, one below the other."""
        self.create_scheduled()
        self.env["service.point"]._refresh_stale_capacity()
        self.open()
