import json
import re

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestKeys(ApiCase):
    def test_who_gets_in(self):
        """A valid key opens the API; a wrong, expired or revoked one, and one of somebody archived, do not."""
        self.fetch("/shops", self.ann)
        self.fetch("/shops", None, 401)
        expired = self.make_key(self.ann, days=-1)
        other = self.make_key(self.ann, scope="something.else")
        revoked = self.make_key(self.ann)
        self.expect(self.call("GET", "/shops", key=revoked), 200)
        self.ann.api_key_ids.filtered(lambda key: key.name == "ann-diver's").sorted("id")[-1:]._remove()
        for key in (expired, other, revoked, "x", "ä" * 40, self.keys[self.ann][:-1] + "x"):
            answer = self.call("GET", "/shops", headers={"Authorization": f"Bearer {key}".encode()})
            self.assertEqual(self.expect(answer, 401)["status"], 401)
            self.assertIn("Bearer", answer.headers["WWW-Authenticate"])
        self.bob.active = False
        self.expect(self.call("GET", "/shops", self.bob), 401)

    def test_key_opens_nothing_else(self):
        """A customer's key of the API does not open Odoo's own API; a key for everything opens both."""
        headers = {"Authorization": f"Bearer {self.keys[self.manager]}"}
        url = "/json/2/sale.order/search_count"
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url, json={"domain": []}, headers=headers).status_code, 401)
        whole = self.make_key(self.manager, scope=None)
        headers = {"Authorization": f"Bearer {whole}"}
        self.assertEqual(self.url_open(url, json={"domain": []}, headers=headers).status_code, 200)
        self.expect(self.call("GET", "/shops", key=whole), 200)

    def test_session_is_no_key(self):
        """Who is logged in to Odoo has no key by that: no page can call the API in his name."""
        self.login(self.ann)
        self.fetch("/shops", None, 401)

    def test_limit(self):
        """A key calls as often as its own limit says, whatever the others do; every answer tells what is left."""
        self.stop_clock()
        key = self.ann.api_key_ids.filtered("scope")
        key.sudo().api_limit = 3
        self.env.flush_all()
        left = []
        for _call in range(3):
            answer = self.call("GET", "/shops", self.ann)
            self.assertEqual(answer.status_code, 200)
            left.append(re.search(r"r=(\d+)", answer.headers["RateLimit"]).group(1))
        self.assertEqual(left, ["2", "1", "0"])
        self.assertEqual(answer.headers["RateLimit-Policy"], '"default";q=3;w=60')
        refused = self.call("GET", "/shops", self.ann)
        self.expect(refused, 429)
        self.assertTrue(0 < int(refused.headers["Retry-After"]) <= 60)
        self.fetch("/shops", self.bob)

    def test_one_budget_of_a_customer(self):
        """More keys are no more calls: a customer's share one limit; one with a limit of its own is counted alone.

        Each key of the staff has its own.
        """
        self.stop_clock()
        for kind in ("customer", "staff"):
            self.env["ir.config_parameter"].set_param(f"service_schedule_api.{kind}_limit", "3")
        first, second, own = self.keys[self.ann], self.make_key(self.ann), self.make_key(self.ann)
        self.ann.sudo().api_key_ids.sorted("id")[-1:].api_limit = 2
        self.env.flush_all()

        def call(*keys):
            return [self.call("GET", "/shops", key=key).status_code for key in keys]

        self.assertEqual(call(first, second, own, first), [200] * 4)
        self.assertEqual(call(second, first, own, own), [429, 429, 200, 429])
        self.fetch("/shops", self.bob)
        another = self.make_key(self.manager)
        self.assertEqual(call(*[self.keys[self.manager]] * 4, another), [200, 200, 200, 429, 200])

    def test_portal_page(self):
        """A customer makes a key on his security page with his password, sees when it was used, and deletes it."""
        self.login(self.ann)
        form = self.read_form_of("new")
        wrong = self.url_open("/my/security/api-keys/new", data={**form, "name": "Till", "password": "no"})
        self.assertEqual(wrong.status_code, 422)
        self.assertIn("not your password", wrong.text)
        answer = self.url_open("/my/security/api-keys/new", data={**form, "name": "Till", "password": "ann-diver"})
        key = re.search(r'id="service_api_new_key"[^>]*>([0-9a-f]{40})<', answer.text).group(1)
        self.expect(self.call("GET", "/shops", key=key), 200)
        made = self.ann.api_key_ids.filtered(lambda one: one.name == "Till")
        self.assertTrue(made.expiration_date and made.api_used_at)
        self.assertNotIn(key, self.url_open("/my/security").text)
        token = form["csrf_token"]
        bobs = self.bob.api_key_ids[:1]
        self.url_open("/my/security/api-keys/delete", data={"csrf_token": token, "key_id": str(bobs.id)})
        self.assertTrue(bobs.exists())
        self.url_open("/my/security/api-keys/delete", data={"csrf_token": token, "key_id": str(made.id)})
        self.expect(self.call("GET", "/shops", key=key), 401)

    def read_form_of(self, action):
        """Return what the form of the security page posts untouched."""
        [form] = self.get_page("/my/security").xpath(f"//form[@action='/my/security/api-keys/{action}']")
        return {name: value or "" for name, value in form.form_values()}

    def test_staff_key(self):
        """The dialog in the preferences makes a key of this API's scope when that is wanted."""
        self.login(self.manager)
        description = self.env["res.users.apikeys.description"].with_user(self.manager)
        for is_for_api, scope in ((True, "service_schedule.api"), (False, False)):
            wizard = description.create({"name": f"Key {is_for_api}", "duration": "30", "is_for_api": is_for_api})
            self.confirm_identity(wizard)
            key = self.manager.api_key_ids.filtered(lambda one, name=f"Key {is_for_api}": one.name == name)
            self.assertEqual(key.scope, scope)

    def confirm_identity(self, wizard):
        """Press the dialog's button as the web client does, with the password when it asks."""
        params = {"model": wizard._name, "method": "make_key", "args": [wizard.ids], "kwargs": {}}
        action = self.make_jsonrpc_request("/web/dataset/call_button", params)
        if action["res_model"] == "res.users.identitycheck":
            values = [[action["res_id"]], {"password": "api-boss"}]
            self.make_jsonrpc_request(
                "/web/dataset/call_kw", {"model": action["res_model"], "method": "write", "args": values, "kwargs": {}}
            )
            params = {"model": action["res_model"], "method": "run_check", "args": [[action["res_id"]]], "kwargs": {}}
            context = {"password": "api-boss"}
            action = self.make_jsonrpc_request("/web/dataset/call_button", {**params, "kwargs": {"context": context}})
        self.assertEqual(action["res_model"], "res.users.apikeys.show", json.dumps(action))
