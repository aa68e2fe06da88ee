from odoo.tests import tagged

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestQueries(ApiCase):
    """Parameters that a route does not have are refused: who mistypes a filter does not get everything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.filled = {"shop_id": cls.point.id, "public_id": "x"}

    def setUp(self):
        super().setUp()
        self.routes = []
        for path, calls in self.url_open("/api/v1/openapi.json").json()["paths"].items():
            for method, call in calls.items():
                parameters = call.get("parameters", [])
                filled = {one["name"]: self.filled.get(one["name"], 1) for one in parameters if one["in"] == "path"}
                names = [one["name"] for one in parameters if one["in"] == "query"]
                self.routes.append((method.upper(), path.removeprefix("/api/v1").format(**filled), names))

    def refuse(self, method, path):
        """Return ``{field: text}`` of the errors of a call that cannot be read."""
        problem = self.expect(self.call(method, path, self.manager, None if method == "GET" else {}), 400)
        return {error["field"]: error["detail"] for error in problem["errors"]}

    def test_unknown(self):
        """Every route refuses what it does not know, and says what there is."""
        self.assertGreater(len(self.routes), 25)
        for method, path, names in self.routes:
            with self.subTest(f"{method} {path}"):
                there_are = ", ".join(f"`{name}`" for name in names) or "none"
                expected = {"query.qqq": f"no such parameter, there are {there_are}"}
                self.assertEqual(self.refuse(method, f"{path}?qqq=1"), expected)

    def test_mistyped(self):
        """Every parameter of every route is known, and is what is proposed when two letters are in the wrong order."""
        seen = 0
        for method, path, names in self.routes:
            for name in names:
                with self.subTest(f"{method} {path} {name}"):
                    mistyped = name[:-2] + name[-1] + name[-2]
                    errors = self.refuse(method, f"{path}?{mistyped}=1&{name}=")
                    self.assertEqual(errors, {f"query.{mistyped}": f"no such parameter, did you mean `{name}`?"})
                    seen += 1
        self.assertGreater(seen, 25)

    def test_many(self):
        """Several are told at once, each once; nothing of them is read as something else."""
        errors = self.refuse("GET", "/orders/due-today?stauts=a&limt=1&limt=2&Limit=3&%C3%A4=&status%5B%5D=pending")
        self.assertEqual(list(errors), ["query.stauts", "query.limt", "query.Limit", "query.ä", "query.status[]"])
        self.assertIn("`limit`", errors["query.limt"])
        self.assertIn("`limit`", errors["query.Limit"])
        self.assertLessEqual(len(self.refuse("GET", f"/shops?{'&'.join(f'a{n}' for n in range(40))}")), 10)

    def test_of_libraries(self):
        """What FullCalendar and jQuery add on their own is no mistake; the documents are for everybody."""
        span = f"start={self.day}&end={self.day}"
        self.fetch(f"/calendar/orders?{span}&timeZone=UTC&_=1386054751381", self.manager)
        self.assertEqual(self.url_open("/api/v1/docs?utm_source=x").status_code, 200)
