import uuid

from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .common import DayCase


@tagged("post_install", "-at_install")
class TestRoutes(DayCase, HttpCase):
    """The doors: who comes in, and with what."""

    def test_page(self):
        """Field service users get the page, in their language; customers and the staff of a shop find nothing."""
        self.authenticate("maria@field", "maria@field")
        page = self.url_open("/field")
        self.assertEqual(page.status_code, 200)
        self.assertIn("odoo.fieldApp", page.text)
        self.assertIn("no-store", page.headers["Cache-Control"])
        new_test_user(self.env, "portal@field", groups="base.group_portal")
        new_test_user(self.env, "clerk@field", groups="base.group_user")
        for login in ("portal@field", "clerk@field"):
            self.authenticate(login, login)
            self.assertEqual(self.url_open("/field").status_code, 404)

    def test_script_in_name(self):
        """A name cannot end the script that carries it."""
        self.user_maria.name = "</script><script>alert(1)</script>"
        self.authenticate("maria@field", "maria@field")
        self.assertNotIn("<script>alert(1)", self.url_open("/field?technician=</script>").text)

    def test_logged_out(self):
        """Whoever is not logged in is asked to; the two questions say that the session is over."""
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/field").url)
        for route in ("/field/day", "/field/do"):
            with self.assertRaises(JsonRpcException) as refused, mute_logger("odoo.http"):
                self.make_jsonrpc_request(route, {})
            self.assertEqual(refused.exception.code, 100)

    @mute_logger("odoo.http")
    def test_strangers(self):
        """Users of other apps neither read a day nor do anything."""
        new_test_user(self.env, "clerk@field", groups="base.group_user")
        self.authenticate("clerk@field", "clerk@field")
        for route, params in (("/field/day", {}), ("/field/do", {"commands": []})):
            with self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(route, params)

    @mute_logger("odoo.http")
    def test_foreign_day(self):
        """The day of a colleague stays closed, whatever is sent as his number."""
        self.authenticate("maria@field", "maria@field")
        for technician in (self.tom.id, "1", [self.tom.id], -1, {"id": 1}, True):
            with self.subTest(technician=technician), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request("/field/day", {"technician": technician})

    def test_do(self):
        """A command goes through the door and answers with fresh values; the page cannot be asked by a form."""
        self.authenticate("maria@field", "maria@field")
        command = {"id": str(uuid.uuid4()), "name": "start", "job": self.job.id, "at": "x", "values": {}}
        [answer] = self.make_jsonrpc_request("/field/do", {"commands": [command]})
        self.assertEqual((answer["ok"], answer["job"]["state"]), (True, "in_progress"))
        with mute_logger("odoo.http"):
            form = self.url_open("/field/do", data={"commands": "[]"})
        self.assertGreaterEqual(form.status_code, 400)
