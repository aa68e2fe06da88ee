import json

import requests

from odoo.tests import tagged

from ..models.res_users_apikeys import SCOPE
from .common import ApiCase

HALF = "\ud800"
"""Half of a character, which JSON can say and UTF-8 cannot."""


@tagged("post_install", "-at_install")
class TestAttacks(ApiCase):
    """What careless or hostile clients send is refused as a problem, costs little, and breaks nothing."""

    def send(self, path="/shops", method="GET", status=200, data=None, **headers):
        """Call with Ann's key, these headers as they are, and a body of bytes; return the answer."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers = {"Authorization": f"Bearer {self.keys[self.ann]}", "Content-Type": "application/json", **headers}
        answer = self.url_open(f"/api/v1{path}", data=data, headers=headers, method=method)
        self.assertEqual(answer.status_code, status, answer.text[:500])
        return answer

    def test_zero_bytes_in_headers(self):
        """A zero byte, which the database cannot even be asked about, is no key, and no key to do a thing once."""
        self.send(status=401, Authorization="Bearer 0123\0567890123456789")
        self.send("/orders", "POST", 400, b"{}", Idempotency_Key="a\0b")

    def test_languages(self):
        """A wish for a language that cannot be read is none; one with blanks, as RFC 9110 allows, is one."""
        for wish in ("en;q=abc", "\0;q=x,;;=,*-*;q=nan", "en;q=0.1," * 2000, "en; q=0.5", ",,,", "de;q=0.1;x=1"):
            self.send(Accept_Language=wish)

    def test_length_that_is_none(self):
        """A length of the body that is no number is the client's fault, not ours."""
        headers = {"Authorization": f"Bearer {self.keys[self.ann]}"}
        asked = requests.Request("POST", f"{self.base_url()}/api/v1/orders", headers, data=b"{}")
        with self.allow_requests():
            prepared = self.opener.prepare_request(asked)
            prepared.headers["Content-Length"] = "2x"
            answer = self.opener.send(prepared)
        self.assertEqual(self.expect(answer, 400)["errors"][0]["field"], "header.Content-Length")

    def test_large_body(self):
        """Megabytes are refused unread, whoever sends them."""
        large = b'{"order_notes": "' + b"x" * 1_100_000 + b'"}'
        self.assertEqual(self.send("/orders", "POST", 413, large).json()["title"], "The body is too large")
        self.send("/orders", "POST", 413, large, Authorization="none")

    def test_answer_to_nonsense_is_short(self):
        """A body of nonsense gets no answer larger than itself."""
        body = json.dumps({f"k{number}": 1 for number in range(5000)}).encode()
        answer = self.send("/orders", "POST", 400, body)
        self.assertLess(len(answer.content), len(body))
        self.assertEqual(len(answer.json()["errors"]), 50)

    def test_half_characters(self):
        """Half a character is refused wherever a text is read."""
        key = self.make_key(self.env.ref("base.user_admin"))
        order = self.get_order_body(order_notes=HALF)
        self.send("/orders", "POST", 400, json.dumps(order).encode())
        hook = {"name": "x", "url": "https://example.com/"}
        for odd in ({"name": HALF}, {"url": f"https://{HALF}.com/"}, {"events": [HALF]}):
            body = json.dumps({**hook, **odd}).encode()
            self.send("/webhooks", "POST", 400, body, Authorization=f"Bearer {key}")

    def test_answers_are_not_kept(self):
        """Answers are for who has the key: nothing on the way keeps them."""
        self.assertEqual(self.send().headers["Cache-Control"], "no-store")
        self.assertEqual(self.send(status=401, Authorization="x").headers["Cache-Control"], "no-store")

    def test_flood(self):
        """What is sent beyond the limit is refused, and written down once a minute: a flood fills no table."""
        self.stop_clock()
        self.ann.api_key_ids.filtered(lambda key: key.scope == SCOPE).sudo().api_limit = 2
        self.env.flush_all()
        for status in (200, 200, 429, 429, 429):
            answer = self.send(status=status)
        self.assertIn("r=0", answer.headers["RateLimit"])
        calls = self.env["service.api.call"].search([("user_id", "=", self.ann.id)], order="id")
        self.assertEqual(calls.mapped("status"), [200, 200, 429])

    def test_forged_lines(self):
        """A path cannot draw lines of its own into the trail, or turn its letters around."""
        self.send("/reservations/a%1b%5b31m%e2%80%aeb", status=404)
        call = self.env["service.api.call"].search([("user_id", "=", self.ann.id)], limit=1)
        self.assertEqual(call.path, "/api/v1/reservations/a\ufffd[31m\ufffdb")

    def test_models_made_after_keys(self):
        """Models made after Odoo's keys, as `auth_totp`'s trusted devices are, have the columns of all their fields."""
        keys = self.env["res.users.apikeys"]
        self.patch(self.env.registry["res.users.apikeys"], "_table", "service_api_test_device")
        keys.init()
        self.env.cr.execute("SELECT api_limit FROM service_api_test_device")
