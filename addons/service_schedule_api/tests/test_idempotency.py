from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestIdempotency(ApiCase):
    def post(self, user=None, key="order-1", status=201, **values):
        """Place an order under an idempotency key."""
        headers = {"Idempotency-Key": key}
        answer = self.call("POST", "/orders", user or self.ann, self.get_order_body(**values), headers=headers)
        return self.expect(answer, status), answer

    def test_twice_is_once(self):
        """The same key and body give the first answer again, with its headers; another body is refused."""
        first, one = self.post()
        second, two = self.post()
        self.assertEqual(first, second)
        self.assertEqual((two.headers["ETag"], two.headers["Idempotency-Replayed"]), (one.headers["ETag"], "true"))
        self.assertNotIn("Idempotency-Replayed", one.headers)
        self.post(status=422, time_slot="EVENING")
        other, _answer = self.post(self.bob)
        self.assertNotEqual(other["id"], first["id"])

    def test_without_a_key(self):
        """Without a key two equal orders are two."""
        self.assertNotEqual(self.place_by_api()["id"], self.place_by_api()["id"])

    def test_refusal_is_not_kept(self):
        """What was refused can be tried again under its key."""
        self.point.counter_id.lane_count = 1
        other = self.place_by_api(self.bob)
        self.post(status=409)
        self.env["sale.order"].browse(other["id"])._cancel_by_staff()
        self.post()

    def test_a_day_long(self):
        """After a day the key is forgotten."""
        first, _answer = self.post()
        stored = self.env["service.api.answer"].search([])
        self.env.cr.execute(
            "UPDATE service_api_answer SET create_date = %s", [fields.Datetime.now() - timedelta(hours=25)]
        )
        stored.invalidate_recordset()
        second, _answer = self.post()
        self.assertNotEqual(first["id"], second["id"])

    def test_odd_keys(self):
        """A key that is too long or holds what is no visible character is 400."""
        self.post(key="x" * 300, status=400)
        self.post(key="a b", status=400)
