from odoo.tests import tagged

from ..headers import tidy_environ
from .common import ROOT, ApiCase

ODD = (
    "/nothing",
    "/reservations/%0A",
    "/orders/1%0D%0A/reschedule",
    "/orders//1",
    "//orders/1",
    "/orders/1/2/3",
    "/orders/%00",
    "/reservations/%FF",
    "/reservations/..%2F..%2Fweb",
    "/reservations/" + "x" * 3000,
    "/reservations/%F0%9F%90%9F",
)


@tagged("post_install", "-at_install")
class TestPaths(ApiCase):
    """Whatever is asked for below the API, the API answers, in its own way."""

    def test_not_found(self):
        """What there is not is a problem, never a page for people; without a key it is not even told so far."""
        for path in ODD:
            for user, statuses in ((self.ann, (400, 404)), (None, (401,))):
                with self.subTest(f"{path[:40]} as {user and user.login}"):
                    answer = self.call("GET", path, user)
                    self.assertIn(answer.status_code, statuses, answer.text)
                    self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
                    self.assertIn("RateLimit", answer.headers)

    def test_sloppy_query(self):
        """A query that was not escaped is read as if it had been; what was escaped stays as it is."""
        environ = {"QUERY_STRING": "x=é%41+b&y=%FF".encode().decode("latin-1")}  # as WSGI gives bytes
        for _time in range(2):
            tidy_environ(environ)
            self.assertEqual(environ["QUERY_STRING"], "x=%C3%A9%41+b&y=%FF")

    def test_root(self):
        """The root is nothing either, with and without its slash."""
        for path in ("", "/"):
            answer = self.call("GET", path, self.ann)
            self.assertEqual(self.expect(answer, 404)["type"], "urn:service-schedule:problem:404")

    def test_methods(self):
        """A method that a call does not have is 405, also one that hardly any server knows."""
        for method in ("PUT", "TRACE", "OPTIONS", "DELETE"):
            answer = self.call(method, "/shops", self.ann)
            self.assertEqual(self.expect(answer, 405)["status"], 405)
            self.assertEqual(answer.headers["Allow"], "GET")
            self.assertEqual(answer.headers["Content-Type"], "application/problem+json")

    def test_only_below(self):
        """What only begins alike is not the API's."""
        answer = self.url_open(f"{ROOT}0/shops")
        self.assertEqual(answer.status_code, 404)
        self.assertIn("text/html", answer.headers["Content-Type"])
