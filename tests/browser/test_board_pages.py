"""The routes of a day with and without a map, and all pages of the board under axe-core."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from board_case import DAY, HOUR, MARIA, NINE, TOM, BoardPageCase, type_in
from chromium import DESKTOP, PHONE, find
from page_case import ODOO_PARTS
from suite_server import transaction

from odoo.tests import tagged

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8ffff3f0005fe02fea7359b4d0000000049454e44ae426082"
)


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
        page.settle()
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
