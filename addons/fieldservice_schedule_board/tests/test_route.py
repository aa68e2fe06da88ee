from datetime import timedelta

from .common import HOUR, NINE, TODAY, BoardCase


class TestRoute(BoardCase):
    """The routes of a day."""

    def open(self, user=None, persons=None):
        """Return the routes that a user (the dispatcher) sees, by technician."""
        shown = self.env["fsm.route.map"].with_user(user or self.dispatcher).read_routes(TODAY.isoformat(), persons)
        return {route["person_id"]: route for route in shown["routes"]}

    def test_order_and_legs(self):
        """Stops come in the order of time, with the minutes from the place before: first from home."""
        far = self.env["fsm.location"].create({"name": "Far lot", "owner_id": self.customer.id, "tz": "UTC"})
        self.locate(far, 28.50, -81.10)
        second = self.create_job(NINE + 3 * HOUR, self.maria, location_id=far.id)
        first = self.create_job(NINE, self.maria)
        self.create_job(NINE + timedelta(days=1), self.maria)
        route = self.open()[self.maria.id]
        self.assertEqual([stop["id"] for stop in route["stops"]], [first.id, second.id])
        self.assertEqual([stop["number"] for stop in route["stops"]], [1, 2])
        near, long = (stop["minutes"] for stop in route["stops"])
        self.assertTrue(0 < near < long)
        self.assertEqual(route["minutes"], near + long)
        self.assertEqual(tuple(route["home"]["place"]), (28.50, -81.50))

    def test_unknown_places(self):
        """A stop that nobody has located is there without a place; the way goes on from the one before it."""
        nowhere = self.env["fsm.location"].create({"name": "Nowhere", "owner_id": self.customer.id, "tz": "UTC"})
        self.create_job(NINE, self.maria)
        lost = self.create_job(NINE + 2 * HOUR, self.maria, location_id=nowhere.id)
        last = self.create_job(NINE + 4 * HOUR, self.maria)
        stops = {stop["id"]: stop for stop in self.open()[self.maria.id]["stops"]}
        self.assertEqual((stops[lost.id]["place"], stops[lost.id]["minutes"]), (False, None))
        self.assertEqual(stops[last.id]["minutes"], 0)

    def test_home_unknown(self):
        """Who lives nobody knows where begins at his first stop."""
        self.locate(self.maria, 0, 0)
        self.create_job(NINE, self.maria)
        route = self.open()[self.maria.id]
        self.assertFalse(route["home"]["place"])
        self.assertIsNone(route["stops"][0]["minutes"])

    def test_of_whom(self):
        """Everybody of the company has a route; a technician sees his own only; one may ask for some."""
        self.create_job(NINE, self.maria)
        self.create_job(NINE, self.tom)
        self.assertEqual(set(self.open()), {self.maria.id, self.tom.id})
        self.assertEqual(set(self.open(self.user_maria)), {self.maria.id})
        self.assertEqual(set(self.open(persons=self.tom.ids)), {self.tom.id})

    def test_tiles(self):
        """Without a URL in the settings there is none, whatever other addons bring; with one it is told."""
        self.env["ir.config_parameter"].set_param("leaflet.tile_url", "https://tile.example.com/{z}/{x}/{y}.png")
        tiles = self.env["fsm.route.map"].with_user(self.dispatcher).read_routes(TODAY.isoformat())["tiles"]
        self.assertEqual(tiles["url"], "")
        settings = self.env["res.config.settings"].create(
            {"board_tile_url": "http://tiles/{z}/{x}/{y}.png", "board_tile_attribution": "© us"}
        )
        settings.execute()
        tiles = self.env["fsm.route.map"].with_user(self.dispatcher).read_routes(TODAY.isoformat())["tiles"]
        self.assertEqual(tiles, {"url": "http://tiles/{z}/{x}/{y}.png", "attribution": "© us"})

    def test_from_technician(self):
        """The technician's form opens the map of his day."""
        action = self.maria.with_user(self.dispatcher).action_open_route()
        self.assertEqual((action["tag"], action["context"]["fsm_route_persons"]), ("fsm_route_map", self.maria.ids))
