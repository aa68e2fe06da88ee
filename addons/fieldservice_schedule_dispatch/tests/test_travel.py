from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import BaseCase, tagged

from odoo.addons.fieldservice_schedule.dispatchlib import travel_matrix

from ..travel_services import SERVICES, TravelError
from .common import NOW, TODAY, DispatchCase
from .roads_server import RoadsServer

WEST, MIDDLE, EAST = (28.50, -81.50), (28.50, -81.45), (28.50, -81.10)
KINDS = ("osrm", "ors", "valhalla")


@tagged("post_install", "-at_install")
class TestServices(BaseCase):
    """Each service is asked in its own language, by a real request, and a bad answer is an error with a reason."""

    def ask(self, kind, mode="good", **options):
        with RoadsServer(mode) as roads:
            roads.islands = options.pop("islands", set())
            service = SERVICES[kind](roads.url + "/", key="secret", **options)
            return service.ask([WEST, MIDDLE], [MIDDLE, EAST, WEST]), roads.asked

    def test_each_language(self):
        """Three servers tell the same roads, which are not the same both ways; nulls are no way."""
        for kind in KINDS:
            with self.subTest(kind):
                answer, [(path, headers, sources, targets)] = self.ask(kind, islands={EAST})
                self.assertEqual(answer[0], [(10000, 100000), None, (0, 0)])
                self.assertEqual(answer[1], [(0, 0), None, (5000, 50000)])
                self.assertEqual((sources, targets), ([WEST, MIDDLE], [MIDDLE, EAST, WEST]))
                self.assertNotIn("//", path)
                shown = headers.get("Authorization") == "secret" or "api_key=secret" in path
                self.assertEqual(shown, kind != "osrm")

    def test_misbehaving(self):
        """Errors, redirections, other shapes and impossible times are told, never used."""
        told = {"500": "HTTP 500", "text": "no JSON", "shape": "shape", "negative": "shape", "redirect": "HTTP 302"}
        for kind in KINDS:
            for mode, words in told.items():
                with self.subTest(kind=kind, mode=mode), self.assertRaisesRegex(TravelError, words):
                    self.ask(kind, mode)

    def test_slow(self):
        """A server that lets each byte wait is given up, whatever it sends meanwhile."""
        with self.assertRaisesRegex(TravelError, "does not end"):
            self.ask("osrm", "slow", total_seconds=3)  # the head has to come in time

    def test_nobody_there(self):
        """A server that is not there is told as such."""
        with self.assertRaisesRegex(TravelError, "URLError"):
            SERVICES["osrm"]("http://127.0.0.1:1").ask([WEST], [EAST])


@tagged("post_install", "-at_install")
class TestTravel(DispatchCase):
    """Driving times are kept, expire, and are reckoned where a service does not tell them: never silently."""

    def setUp(self):
        super().setUp()
        self.roads = self.enterContext(RoadsServer())
        self.travel = self.env["fsm.travel"]
        self.company.write({"dispatch_roads": "osrm", "dispatch_roads_url": self.roads.url, "dispatch_padding": 0})

    def get_ways(self, *places):
        return self.travel._get_ways(self.company, places)

    def test_kept(self):
        """What is not known is reckoned and counted; what was fetched is used, both ways, and not asked again."""
        ways = self.get_ways(WEST, MIDDLE)
        self.assertEqual(ways.matrix, travel_matrix([WEST, MIDDLE], self.company._get_dispatch_roads()))
        self.assertEqual((ways.missing, self.roads.asked), (2, []))
        self.assertEqual(self.travel._fetch(self.company, [WEST, MIDDLE]), "")
        self.assertEqual(self.get_ways(WEST, MIDDLE), ([[0, 10000], [5000, 0]], 0, frozenset()))
        self.assertEqual(self.travel._fetch(self.company, [MIDDLE, WEST]), "")
        self.assertEqual(len(self.roads.asked), 1)

    def test_padding(self):
        """Spare time on the road is added to the times of a service, too, and rounded up."""
        self.travel._fetch(self.company, [WEST, MIDDLE])
        self.company.dispatch_padding = 10.01
        self.assertEqual(self.get_ways(WEST, MIDDLE).matrix[0][1], 11001)

    def test_expiry(self):
        """What is too old counts no more, and is asked again."""
        self.travel._fetch(self.company, [WEST, MIDDLE])
        with freeze_time(NOW + timedelta(days=31)):
            self.assertEqual(self.get_ways(WEST, MIDDLE).missing, 2)
            self.travel._fetch(self.company, [WEST, MIDDLE])
            self.assertEqual(self.get_ways(WEST, MIDDLE).missing, 0)
        self.assertEqual((len(self.roads.asked), self.travel.search_count([])), (2, 2))

    def test_blocks(self):
        """Many places are asked in blocks as large as the server allows, and only as far as they are not known."""
        places = [(28.0 + number / 100, -81.0) for number in range(7)]
        self.company.dispatch_roads_block = 3
        self.travel._fetch(self.company, places[:3])
        self.travel._fetch(self.company, places)
        self.assertTrue(all(max(len(asked[2]), len(asked[3])) <= 3 for asked in self.roads.asked))
        self.assertEqual(self.get_ways(*places).missing, 0)
        self.assertEqual(len(self.roads.asked), 1 + 7)

    def test_failures(self):
        """A server that fails is asked once and not for each block; the straight line serves, and it is counted."""
        places = [(28.0 + number / 100, -81.0) for number in range(7)]
        self.company.dispatch_roads_block = 2
        for mode in ("500", "shape", "text"):
            self.roads.mode = mode
            self.roads.asked.clear()
            self.assertTrue(self.travel._fetch(self.company, places))
            self.assertEqual(len(self.roads.asked), 1)
            self.assertEqual(self.get_ways(*places).missing, 42)

    def test_island(self):
        """A place without roads is no way at all, and named; it is not reckoned by the straight line."""
        self.roads.islands = {EAST}
        self.travel._fetch(self.company, [WEST, MIDDLE, EAST])
        ways = self.get_ways(WEST, MIDDLE, EAST)
        self.assertEqual((ways.matrix[0][2], ways.matrix[2][0], ways.lost, ways.missing), (None, None, {2}, 0))

    def test_what_is_told_is_never_shortened(self):
        """A way that a service told stays as long as it told, also where reckoned ways around it look shorter."""
        self.travel._fetch(self.company, [WEST, EAST])
        ways = self.get_ways(WEST, MIDDLE, EAST)
        told = self.travel.search([("from_latitude", "=", round(WEST[0] * 100_000))]).mapped("seconds")
        self.assertEqual((ways.missing, {ways.matrix[0][2], ways.matrix[2][0]}), (4, set(told)))
        self.assertLess(ways.matrix[0][1] + ways.matrix[1][2], ways.matrix[0][2])

    def test_pairs(self):
        """Asked for a few pairs it tells what the whole table tells of them, in one query."""
        self.travel._fetch(self.company, [WEST, EAST])
        self.roads.islands = {MIDDLE}
        self.travel._fetch(self.company, [WEST, MIDDLE])
        self.company.dispatch_padding = 10
        places = [WEST, MIDDLE, EAST]
        matrix = self.get_ways(*places).matrix
        rows = {place: number for number, place in enumerate(places)}
        pairs = {(WEST, EAST), (EAST, WEST), (WEST, MIDDLE), (EAST, MIDDLE), (WEST, WEST)}
        with self.assertQueryCount(1):
            found = self.travel._get_pairs(self.company, pairs)
        self.assertEqual(found, {pair: matrix[rows[pair[0]]][rows[pair[1]]] for pair in pairs})
        self.assertEqual(found[WEST, MIDDLE], None)

    def test_one_query(self):
        """Reading the ways is one query, for 3 places and for 40."""
        self.get_ways(WEST, MIDDLE, EAST)
        for count in (3, 40):
            with self.assertQueryCount(1):
                self.get_ways(*((28.0 + number / 100, -81.0) for number in range(count)))

    def test_booking_asks_nobody(self):
        """Asking who can, and giving a job away, calls no server: what is missing is said, and wanted for later."""
        cron = self.env.ref("fieldservice_schedule_dispatch.fsm_travel_cron")
        job = self.create_open_job()
        suggestion = self.env["fsm.dispatch"]._suggest(job, TODAY, TODAY)
        self.assertIn("6 driving times are not known yet", suggestion.notes[0])
        job.scheduled_date_start = NOW + timedelta(hours=4)
        self.env["fsm.dispatch"]._insert(job)
        self.assertEqual(self.roads.asked, [])
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), 1)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertTrue(self.roads.asked)
        self.assertEqual(self.env["fsm.dispatch"]._suggest(job, TODAY, TODAY).notes, ())

    def test_island_is_named_in_answers(self):
        """A site that no road leads to is named, and nobody is proposed for it."""
        self.roads.islands = {MIDDLE}
        self.travel._fetch(self.company, [WEST, MIDDLE, EAST, (28.50, -81.10)])
        choices, refused, notes = self.env["fsm.dispatch"]._suggest(self.create_open_job(), TODAY, TODAY)
        self.assertEqual((choices, notes), ([], ("No road leads to: Lot 3.",)))
        self.assertEqual({one.reasons[0].code for one in refused}, {"unreachable"})

    def test_only_administrators(self):
        """Nobody but an administrator reads or sets the server; addresses that are none are refused."""
        for field in ("dispatch_roads_url", "dispatch_roads_key"):
            with self.assertRaises(AccessError):
                self.company.with_user(self.boss).read([field])
        with self.assertRaises(AccessError):
            self.company.with_user(self.boss).dispatch_roads_url = "http://elsewhere.example.com"
        for url in ("", "file:///etc/passwd", "javascript:x", "http://me:pass@roads.example.com", "http://a/?b=c"):
            with self.subTest(url), self.assertRaises(ValidationError):
                self.company.dispatch_roads_url = url
        with self.assertRaises(ValidationError):
            self.company.dispatch_roads_profile = "../../admin"

    def test_try_it(self):
        """An administrator is told what the server answers, good or bad, without its key."""
        self.company.dispatch_roads_key = "secret"
        self.assertEqual(self.company.action_try_roads()["params"]["type"], "success")
        self.roads.mode = "500"
        told = self.company.action_try_roads()["params"]
        self.assertEqual(told["type"], "danger")
        self.assertIn("HTTP 500", told["message"])
        self.assertNotIn("secret", told["message"])

    def test_no_service_no_query(self):
        """Whoever uses the straight line pays nothing for the services."""
        self.company.dispatch_roads = "straight"
        self.company._get_dispatch_roads()
        with patch.object(type(self.travel), "_read_known", side_effect=AssertionError):
            self.assertEqual(self.get_ways(WEST, EAST).missing, 0)
