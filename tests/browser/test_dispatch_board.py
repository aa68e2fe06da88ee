"""The dispatch board as a dispatcher uses it: a real mouse, in a browser on the other side of the earth."""

import json
import time
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from chromium import DESKTOP, PHONE, Page, find
from page_case import ODOO_PARTS, PageCase
from suite_server import transaction

from odoo.tests import new_test_user, tagged

DAY = "2031-10-20"
NINE = datetime(2031, 10, 20, 13)
"""Naive UTC: 9:00 in New York on that day."""
HOUR = timedelta(hours=1)
MARIA, TOM, LEO = "Maria Board", "Tom Board", "Leo Board"
BOX = "((box) => [box.left, box.top, box.width, box.height])(%s.getBoundingClientRect())"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8ffff3f0005fe02fea7359b4d0000000049454e44ae426082"
)


def type_in(page, selector, value, event="input"):
    """Write a value into an input of a page, as somebody who types it or chooses it does."""
    page.evaluate(
        f"((input) => {{ input.value = {json.dumps(str(value))};"
        f" for (const type of ['input', '{event}']) {{ input.dispatchEvent(new Event(type, {{bubbles: true}})); }} }})"
        f"(document.querySelector({json.dumps(selector)}))"
    )


class BoardPageCase(PageCase):
    """Three technicians of a firm in New York, whose dispatcher sits in Tokyo."""

    @classmethod
    def prepare(cls, env):
        """Create the firm and its jobs on a Monday."""
        env.company.partner_id.tz = "America/New_York"
        env["fsm.person"].search([]).active = False
        for login, group in (("desk", "dispatcher"), ("chief", "manager"), ("helper", "user_own")):
            new_test_user(env, login, groups=f"fieldservice.group_fsm_{group}", password=login, tz="Asia/Tokyo")
        lines = [(0, 0, {"name": "Work", "dayofweek": str(day), "hour_from": 8, "hour_to": 17}) for day in range(7)]
        hours = env["resource.calendar"].create({"name": "Board", "tz": "America/New_York", "attendance_ids": lines})
        cls.person_ids = {}
        for number, name in enumerate((MARIA, TOM, LEO)):
            values = {"name": name, "tz": "America/New_York", "calendar_id": hours.id}
            if name == MARIA:
                values["partner_id"] = env["res.users"].search([("login", "=", "helper")]).partner_id.id
            person = env["fsm.person"].create(values)
            person.write({"name": name, "partner_latitude": 40.7, "partner_longitude": -74 - number / 50})
            cls.person_ids[name] = person.id
        customer = env["res.partner"].create({"name": "Board Fleet", "is_company": True})
        cls.site_ids = [cls.create_site(env, customer, number).id for number in range(3)]
        env["ir.config_parameter"].set_param("fieldservice_schedule_board.tile_url", "")

    @staticmethod
    def create_site(env, customer, number):
        """Return a site; nobody has located the last one."""
        site = env["fsm.location"].create({"name": f"Lot {number}", "owner_id": customer.id, "tz": "America/New_York"})
        if number < 2:
            site.partner_id.write({"partner_latitude": 40.72 + number / 30, "partner_longitude": -74.05})
        return site

    def setUp(self):
        super().setUp()
        for page in self.pages.values():
            page.call("Page.navigate", url="about:blank")  # what it has begun is over before the next test
        time.sleep(0.5)
        with transaction(self.database) as env:
            old = env["fsm.order"].search([("location_id", "in", self.site_ids)])
            old.filtered(lambda job: job.state in ("requested", "assigned", "in_progress")).action_cancel()

    def create_job(self, who=None, start=None, hours=1.0, site=0, **values):
        """Return ``(id, name)`` of a job at one of the sites."""
        with transaction(self.database) as env:
            job = env["fsm.order"].create(
                {
                    "location_id": self.site_ids[site],
                    "person_id": self.person_ids.get(who, False),
                    "scheduled_date_start": start or False,
                    "scheduled_duration": hours,
                    **values,
                }
            )
            return job.id, job.name

    def read(self, job):
        """Return ``(technician, start, end)`` of a job in the database."""
        with transaction(self.database) as env:
            record = env["fsm.order"].browse(job[0])
            return record.person_id.name, record.scheduled_date_start, record.scheduled_date_end

    def open_board(self, login="desk"):
        """Return the page of a user in Tokyo that shows the board of the day."""
        if login not in self.pages:
            self.pages[login] = Page(self.browser, self.url, login, "Asia/Tokyo")
        page = self.open_page("/odoo/dispatch-board", ".o_board_date", login)
        type_in(page, ".o_board_date", DAY, "change")
        page.wait(find(".o_board_title", "October 20, 2031"), "the day")
        # vis-timeline hides itself until it has drawn everything
        page.wait("document.querySelector('.vis-timeline')?.checkVisibility({visibilityProperty: true})", "the rows")
        page.settle()
        return page

    def box(self, page, selector, text=""):
        """Return the left, top, width and height of an element on the screen, once it is there."""
        page.wait(find(selector, text), f"{selector} {text}")
        return page.evaluate(BOX % find(selector, text))

    def drag(self, page, start, stop, is_slow=True):
        """Press the mouse at a point, move it to another in steps, and let it go there.

        It sets out slowly, as a hand does: what vis-timeline drags lags by the first move, with which the drag begins.
        """

        def tell(kind, x, y, **more):
            page.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

        tell("mouseMoved", *start)
        tell("mousePressed", *start, button="left", buttons=1, clickCount=1)
        slow = [step / 400 for step in range(1, 13)] if is_slow else []
        for part in [*slow, *(step / 12 for step in range(1, 13))]:
            point = [first + (last - first) * part for first, last in zip(start, stop, strict=True)]
            tell("mouseMoved", *point, button="left", buttons=1)
            time.sleep(0.02)
        tell("mouseReleased", *stop, button="left", buttons=0, clickCount=1)

    def grip(self, page, job):
        """Return the middle of a job on the board."""
        left, top, width, height = self.box(page, ".vis-item.o_board_job", job[1])
        return left + width / 2, top + height / 2

    def point(self, page, who, hour):
        """Return the point of the board at which somebody's row shows an hour, by the job that marks 12:00 to 13:00."""
        _left, top, _width, height = self.box(page, ".vis-labelset .vis-label", who)
        left, _top, width, _height = self.box(page, ".vis-item.o_board_job", self.ruler[1])
        return left + (hour - 12) * width, top + height / 2

    def wait_for(self, job, expected):
        """Wait until a job is what it should be in the database."""
        until = time.monotonic() + 20
        while self.read(job) != expected and time.monotonic() < until:
            time.sleep(0.2)
        self.assertEqual(self.read(job), expected)


@tagged("post_install", "-at_install", "standard")
class TestDispatchBoard(BoardPageCase):
    """Dragging, refusals, kanban and filters."""

    def setUp(self):
        super().setUp()
        self.ruler = self.create_job(LEO, NINE + 3 * HOUR)

    def test_drag(self):
        """A job is dragged to another person and time, by the firm's clock; its edge makes it longer."""
        job = self.create_job(MARIA, NINE)
        page = self.open_board()
        self.drag(page, self.grip(page, job), self.point(page, TOM, 10.5))
        self.wait_for(job, (TOM, NINE + HOUR, NINE + 2 * HOUR))
        page.settle()
        left, top, width, height = self.box(page, ".vis-item.o_board_job", job[1])
        self.drag(page, (left + width - 2, top + height / 2), (left + 2 * width - 2, top + height / 2), False)
        self.wait_for(job, (TOM, NINE + HOUR, NINE + 3 * HOUR))

    def test_refused(self):
        """A drop on time that is taken goes back with the sentence and the free times; one click takes one of them."""
        job, taken = self.create_job(MARIA, NINE), self.create_job(TOM, NINE + 5 * HOUR)
        page = self.open_board()
        before = self.grip(page, job)
        self.drag(page, before, self.grip(page, taken))
        page.wait(find(".o_board_refusal_message", f"{TOM} already has {taken[1]}"), "why not")
        self.assertTrue(page.evaluate(f"!({find('.o_board_overbook')})"), "a dispatcher does not overbook")
        self.assertEqual(self.grip(page, job), before)
        self.assertEqual(self.read(job)[:2], (MARIA, NINE))
        page.click(".o_board_free")
        page.wait(f"!({find('.modal')})", "the board")
        until = time.monotonic() + 20
        while self.read(job)[0] != TOM and time.monotonic() < until:
            time.sleep(0.2)
        self.assertEqual(self.read(job)[0], TOM)

    def test_manager_overbooks(self):
        """A manager is offered to overbook: the wizard knows who and when, and the board says it then."""
        job, taken = self.create_job(MARIA, NINE), self.create_job(TOM, NINE + 5 * HOUR)
        page = self.open_board("chief")
        self.drag(page, self.grip(page, job), self.grip(page, taken))
        page.click(".o_board_overbook")
        page.wait(find(".modal button[name=action_overbook]"), "the wizard")
        self.assertEqual(page.evaluate("document.querySelector('.modal [name=person_id] input').value"), TOM)
        type_in(page, ".modal [name=reason] input", "they insist", "change")
        page.click(".modal button[name=action_overbook]")
        self.wait_for(job, (TOM, NINE + 5 * HOUR, NINE + 6 * HOUR))
        page.wait(find(".vis-item.o_board_conflict", taken[1]), "the conflict at the job beside it")

    def test_unassigned(self):
        """A job that nobody has is dragged from the list to a row and a time."""
        job = self.create_job(hours=2.0, priority="3")
        page = self.open_board()
        left, top, width, height = self.box(page, ".o_board_waiting_job", job[1])
        self.drag(page, (left + width / 2, top + height / 2), self.point(page, TOM, 9))
        self.wait_for(job, (TOM, NINE, NINE + 2 * HOUR))

    def test_what_stays(self):
        """What is under way cannot be dragged; a technician sees no colleague's row."""
        job = self.create_job(MARIA, NINE)
        with transaction(self.database) as env:
            env["fsm.order"].browse(job[0]).action_start()
        page = self.open_board()
        self.drag(page, self.grip(page, job), self.point(page, TOM, 10.5))
        time.sleep(1)
        self.assertEqual(self.read(job)[:2], (MARIA, NINE))
        page = self.open_board("helper")
        page.wait(find(".vis-labelset .vis-label", MARIA), "her row")
        self.assertTrue(page.evaluate(f"!({find('.vis-labelset .vis-label', TOM)})"))

    def test_keys(self):
        """A job is reached and opened with the keyboard."""
        job = self.create_job(MARIA, NINE)
        page = self.open_board()
        page.wait(find(".vis-item.o_board_job[tabindex='0']", job[1]), "a job that takes the focus")
        page.evaluate(f"{find('.vis-item.o_board_job', job[1])}.focus()")
        page.call("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", windowsVirtualKeyCode=13)
        page.wait(find(".o_board_popover", job[1]), "its details")

    def test_kanban(self):
        """A card is dragged a step on; a step that is not allowed goes back with the sentence."""
        job = self.create_job(MARIA, NINE)
        page = self.open_page("/odoo/jobs-by-state", ".o_kanban_record:not(.o_kanban_ghost)", "desk")
        self.drop_card(page, job, "In Progress")
        self.wait_for_state(job, "in_progress")
        self.drop_card(page, job, "New")
        page.wait(find(".modal", "cannot go from In Progress to Requested"), "why not")
        page.click(".modal footer button")
        page.wait(f"!({find('.modal')})", "the board")
        self.wait_for_state(job, "in_progress")
        self.assertEqual(self.column_of(page, job), "In Progress")

    def drop_card(self, page, job, column):
        """Drag a card sideways into a column; it may lie below many others."""
        page.settle()
        page.evaluate(f"{find('.o_kanban_record', job[1])}.scrollIntoView({{block: 'center'}})")
        left, top, width, _height = self.box(page, ".o_kanban_record", job[1])
        title = self.box(page, ".o_kanban_header .o_column_title", column)
        self.drag(page, (left + width / 2, top + 12), (title[0] + width / 2, top + 30))
        time.sleep(0.5)

    def column_of(self, page, job):
        """Return the title of the column in which a card is."""
        card = find(".o_kanban_record", job[1])
        return page.evaluate(
            f"{card}.closest('.o_kanban_group').querySelector('.o_column_title').firstChild.textContent"
        )

    def wait_for_state(self, job, state):
        """Wait until a job is in a state."""
        until = time.monotonic() + 20
        found = None
        while found != state and time.monotonic() < until:
            with transaction(self.database) as env:
                found = env["fsm.order"].browse(job[0]).state
            time.sleep(0.2)
        self.assertEqual(found, state)

    def test_range(self):
        """Costs from and to become a filter, of which the search bar tells."""
        cheap, dear = self.create_job(MARIA, NINE, cost=50), self.create_job(TOM, NINE, cost=200)
        page = self.open_board()
        page.wait(find(".vis-item.o_board_job", cheap[1]), "both jobs")
        page.click(".o_searchview_dropdown_toggler")
        page.click(".o_job_range")
        page.wait(find(".o_job_range_form"), "the form")
        for name, value in (("from_cost", 100), ("to_cost", 250)):
            type_in(page, f".o_job_range_form input[name={name}]", value)
        page.click(".o_job_range_apply")
        page.wait(find(".o_searchview_facet", "Cost 100"), "the filter")
        page.wait(f"!({find('.vis-item.o_board_job', cheap[1])})", "that the cheap job is gone")
        self.assertTrue(page.evaluate(f"!!({find('.vis-item.o_board_job', dear[1])})"))


class Tiles(BaseHTTPRequestHandler):
    """A server of map tiles: one pixel for all."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(PIXEL)

    def log_message(self, *_arguments):
        """Say nothing."""


@tagged("post_install", "-at_install", "standard")
class TestRoutes(BoardPageCase):
    """The routes of a day, with and without a map, and all pages under axe-core."""

    screens = (DESKTOP, PHONE)
    judged = ".o_action_manager"
    excluded = {
        **ODOO_PARTS,
        ".vis-timeline": "vis-timeline: its own structure of rows; jobs in it are buttons with names, see test_keys",
    }

    def setUp(self):
        super().setUp()
        self.create_job(MARIA, NINE, site=0)
        self.create_job(MARIA, NINE + 2 * HOUR, site=1)
        self.lost = self.create_job(TOM, NINE, site=2)

    def open_routes(self, shows):
        """Return the page with the routes of the day."""
        page = self.open_page("/odoo/routes", ".o_route", "desk")
        type_in(page, ".o_route_bar input", DAY, "change")
        page.wait(find(".o_route_stop", "Lot 1"), "the stops")
        page.wait(find(shows), shows)
        return page

    def test_sketch(self):
        """Without tiles the route is drawn, nothing is loaded from elsewhere, and lost places are named."""
        page = self.open_routes(".o_route_sketch .o_route_point")
        self.assertEqual(page.evaluate("document.querySelectorAll('.o_route_point circle').length"), 2)
        self.assertEqual(page.evaluate("document.querySelectorAll('.o_route_lines polyline').length"), 1)
        page.wait(find(".o_route_lost", self.lost[1]), "the place that nobody knows")
        foreign = (
            "performance.getEntriesByType('resource').filter(({name}) => !name.startsWith(location.origin)).length"
        )
        self.assertEqual(page.evaluate(foreign), 0)
        self.check(page, "routes as a sketch")

    def test_tiles(self):
        """With an address in the settings the map is made of its tiles, and names who made them."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
        server.asked = []
        Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        url = f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}.png"
        self.set_tiles(url, "© the test <b>")
        self.addCleanup(self.set_tiles, "", "")
        page = self.open_routes(".o_route_map .leaflet-marker-icon")
        page.wait("document.querySelectorAll('.leaflet-tile-loaded').length", "tiles")
        self.assertTrue(server.asked)
        self.assertEqual(page.evaluate("document.querySelectorAll('.leaflet-marker-icon').length"), 4)
        page.wait(find(".leaflet-control-attribution", "© the test <b>"), "who made the map")

    def set_tiles(self, url, attribution):
        """Say in the settings where tiles come from."""
        with transaction(self.database) as env:
            parameters = env["ir.config_parameter"]
            parameters.set_param("fieldservice_schedule_board.tile_url", url)
            parameters.set_param("fieldservice_schedule_board.tile_attribution", attribution)
            registry = env.registry
        registry.signal_changes()  # the served Odoo remembers parameters

    def test_pages(self):
        """The board, the kanban and the calendar are for everybody, at a desk and on a phone."""
        self.create_job()
        page = self.open_board()
        self.check(page, "dispatch board")
        page.set_screen(PHONE)
        page.go("/odoo/dispatch-board", ".o_board_small")
        self.check(page, "dispatch board on a phone")
        self.check_all(
            [
                ("jobs by state", "/odoo/jobs-by-state", ".o_kanban_view"),
                ("my jobs", "/odoo/my-jobs", ".o_calendar_view"),
            ],
            "desk",
        )
