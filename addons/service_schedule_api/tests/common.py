from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, new_test_user

from odoo.addons.sale_service_schedule.tests.portal_common import PortalCase

from ..models.res_users_apikeys import SCOPE

ROOT = "/api/v1"


class ApiCase(PortalCase):
    """The dive shop of the portal's tests, its staff, and a key for everybody. ``call`` is a client."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = new_test_user(
            cls.env, "api-tech", groups="service_schedule.group_technician", name="Tess Tech"
        )
        cls.manager = new_test_user(cls.env, "api-boss", groups="service_schedule.group_manager", name="Max Boss")
        cls.keys = {user: cls.make_key(user) for user in (cls.ann, cls.bob, cls.technician, cls.manager)}

    @classmethod
    def make_key(cls, user, scope=SCOPE, days=30):
        """Return a new key of a user; negative days: one that has expired."""
        until = fields.Datetime.now() + timedelta(days=days)
        return cls.env["res.users.apikeys"].with_user(user).sudo()._generate(scope, f"{user.login}'s", until)

    def stop_clock(self):
        """Stop the clock within a minute: what is counted by the minute is counted together, however slow we are."""
        self.enterContext(freeze_time(fields.Datetime.now().replace(second=20)))

    def call(self, method, path, user=None, body=None, key=None, headers=None):
        """Call the API; with the key of ``user``, another one, or none. Return the answer as requests has it."""
        key = key or (self.keys[user] if user else None)
        headers = {**({"Authorization": f"Bearer {key}"} if key else {}), **(headers or {})}
        return self.url_open(f"{ROOT}{path}", json=body, headers=headers, method=method, allow_redirects=False)

    def fetch(self, path, user, status=200):
        """Return what a GET answers."""
        return self.expect(self.call("GET", path, user), status)

    def expect(self, answer, status):
        """Return the body of an answer that has this status."""
        self.assertEqual(answer.status_code, status, answer.text)
        return answer.json() if answer.content else None

    def get_order_body(self, **values):
        """Return the body of an order for a morning, changed as ``values`` say; None leaves a field out."""
        body = {
            "shop_id": self.point.id,
            "order_type": "pre_order",
            "date": self.day.isoformat(),
            "time_slot": "MORNING",
            "items": [{"product_id": self.product.id, "quantity": 2}],
            **values,
        }
        return {name: value for name, value in body.items() if value is not None}

    def place_by_api(self, user=None, headers=None, **values):
        """Place an order and return the answer's body."""
        body = self.get_order_body(**values)
        return self.expect(self.call("POST", "/orders", user or self.ann, body, headers=headers), 201)
