from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.fieldservice_schedule.tests.common import HOUR, FieldCase
from odoo.addons.fieldservice_schedule.tests.pseudo_french import LANG, FrenchPages, speak_french

ADDONS = ("fieldservice_schedule", "fieldservice_schedule_dispatch", "fieldservice_schedule_board")
BOARD = """(async () => {
    const board = () => document.querySelector(".o_dispatch_board");
    const box = () => [...document.querySelectorAll(".vis-item.o_board_job")].find(
        (one) => (one.getAttribute("aria-label") || "").includes("Harbour Fleet"));
    await until(() => box() && document.querySelector(".o_board_waiting_job"), "jobs");
    read("the board", board());
    if (/\\d ?[AP]M/.test(board().innerText)) { throw new Error("no French clock"); }
    box().dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true}));
    await until(() => document.querySelector(".o_board_popover"), "what a job is about");
    read("what a job is about", document.querySelector(".o_board_popover"));
    console.log("test successful");
})();"""
SMALL = """(async () => {
    await until(() => document.querySelector(".o_board_small_job"), "jobs");
    document.querySelector(".o_board_small details").open = true;
    read("the small board", document.querySelector(".o_dispatch_board"));
    console.log("test successful");
})();"""
ROUTES = """(async () => {
    await until(() => document.querySelector(".o_route_stop"), "stops");
    read("the routes", document.querySelector(".o_route"));
    console.log("test successful");
})();"""
READY = "!!document.querySelector('.o_action_manager')"


class FrenchBoard(FrenchPages, FieldCase, HttpCase):
    """A board with a job, its way, and one that nobody has; a dispatcher who reads French."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        speak_french(cls, *ADDONS)
        # not the demo's jobs, whose texts people wrote
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.env.cr.execute("UPDATE fsm_order SET company_id = %s", [elsewhere.id])
        cls.env.invalidate_all()
        cls.dispatcher.lang = LANG
        cls.company.partner_id.tz = "UTC"
        cls.env["fsm.person"].search([("id", "not in", (cls.maria | cls.tom).ids)]).active = False
        cls.maria.partner_id.write({"partner_latitude": 28.5, "partner_longitude": -81.5})
        cls.site.partner_id.write({"partner_latitude": 28.5, "partner_longitude": -81.4})
        van = cls.env["fsm.equipment"].create({"name": "Ford Transit", "owned_by_id": cls.customer.id})
        nine = fields.Datetime.now().replace(hour=9, minute=0, second=0)
        cls.create_job(nine, cls.maria, equipment_ids=van.ids)
        cls.create_job(nine + 2 * HOUR, cls.maria)
        cls.create_job(request_early=nine + timedelta(days=1), priority="3")
        cls.french_data = cls.name_data()

    @classmethod
    def name_data(cls):
        """Return the names that are on the board; those of the priority and of the zone are Odoo's."""
        board = cls.env["fsm.board"].with_user(cls.dispatcher).read_board([])
        found = {"UTC", *(person["name"] for person in board["technicians"])}
        for job in board["jobs"] + board["waiting"]:
            found.update(job[name] for name in ("name", "customer", "site", "unit", "previous", "exception"))
            found.update([*job["skills"], job["priority_label"], str(job["person"])])
        return sorted(filter(None, found))


@tagged("post_install", "-at_install")
class TestFrench(FrenchBoard):
    """Every text of the board and of the routes is translated, none is put together from pieces that are not."""

    def test_board(self):
        """The board, and what a job tells when it is opened."""
        self.look("/odoo/dispatch-board", READY, BOARD, "dispatcher@field")

    def test_routes(self):
        """The map of the routes, and the list of the stops."""
        self.look("/odoo/routes", READY, ROUTES, "dispatcher@field")


@tagged("post_install", "-at_install")
class TestFrenchPhone(FrenchBoard):
    """The same at 390 pixels, with long words."""

    browser_size = "390x844"
    touch_enabled = True

    def test_phone(self):
        """The day as lists, and the routes."""
        self.look("/odoo/dispatch-board", READY, SMALL, "dispatcher@field")
        self.look("/odoo/routes", READY, ROUTES, "dispatcher@field")
