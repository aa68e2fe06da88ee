from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ApiCase

WHO = ("nobody", "expired", "stranger", "customer", "technician", "elsewhere", "manager", "accountant", "other company")
"""nobody: no key. stranger: customer A on what is B's. customer: on his own. elsewhere: of another point."""
#       method, path, body                                       nob  exp  str  cus  tec  els  man  acc  oth
MATRIX = [
    ("GET", "/orders/{order}", None,                              401, 401, 404, 200, 200, 404, 200, 200, 404),
    ("POST", "/orders", "order",                                  401, 401, 201, 201, 201, 422, 201, 403, 422),
    ("PATCH", "/orders/{order}", {"status": "confirmed"},         401, 401, 404, 403, 200, 404, 200, 403, 404),
    ("PATCH", "/orders/{order}", {"status": "cancelled"},         401, 401, 404, 200, 200, 404, 200, 403, 404),
    ("POST", "/orders/{order}/reschedule", "time",                401, 401, 404, 200, 200, 404, 200, 403, 404),
    ("GET", "/orders/shop/{point}", None,                         401, 401, 403, 403, 200, 404, 200, 200, 404),
    ("GET", "/orders/scheduled", None,                            401, 401, 200, 200, 200, 200, 200, 200, 200),
    ("GET", "/orders/due-today", None,                            401, 401, 200, 200, 200, 200, 200, 200, 200),
    ("GET", "/orders/overdue", None,                              401, 401, 200, 200, 200, 200, 200, 200, 200),
    ("GET", "/calendar/orders?start={day}&end={day}", None,       401, 401, 200, 200, 200, 200, 200, 200, 200),
    ("GET", "/calendar/counts?start={day}&end={day}", None,       401, 401, 200, 200, 200, 200, 200, 200, 200),
    ("GET", "/shops", None,                                       401, 401, 200, 200, 200, 200, 200, 200, 200),
    ("GET", "/offers", None,                                      401, 401, 200, 200, 200, 200, 200, 200, 200),
    ("GET", "/offers?shop_id={point}", None,                      401, 401, 200, 200, 200, 404, 200, 200, 404),
    ("GET", "/availability?offer_id={offer}&start={day}&end={day}", None, 401, 401, 200, 200, 200, 404, 200, 200, 404),
    ("POST", "/availability/check-slots", "slots",                401, 401, 200, 200, 200, 404, 200, 200, 404),
    ("POST", "/reservations", "hold",                             401, 401, 201, 201, 201, 404, 201, 403, 404),
    ("GET", "/reservations/{held}", None,                         401, 401, 404, 200, 200, 404, 200, 200, 404),
    ("POST", "/reservations/{held}/confirm", None,                401, 401, 404, 200, 200, 404, 200, 403, 404),
    ("POST", "/reservations/{held}/release", None,                401, 401, 404, 200, 200, 404, 200, 403, 404),
    ("POST", "/reservations/{held}/reschedule", "time",           401, 401, 404, 200, 200, 404, 200, 403, 404),
    ("POST", "/reservations/{held}/cancel", None,                 401, 401, 404, 200, 200, 404, 200, 403, 404),
    ("POST", "/reservations/{begun}/no-show", None,               401, 401, 404, 403, 200, 404, 200, 403, 404),
    ("GET", "/webhooks", None,                                    401, 401, 403, 403, 403, 403, 200, 403, 200),
    ("POST", "/webhooks", "webhook",                              401, 401, 403, 403, 403, 403, 201, 403, 422),
    ("GET", "/webhooks/{webhook}", None,                          401, 401, 403, 403, 403, 403, 200, 403, 404),
    ("PATCH", "/webhooks/{webhook}", {"name": "y"},               401, 401, 403, 403, 403, 403, 200, 403, 404),
    ("DELETE", "/webhooks/{webhook}", None,                       401, 401, 403, 403, 403, 403, 204, 403, 404),
    ("POST", "/webhooks/{webhook}/test", None,                    401, 401, 403, 403, 403, 403, 202, 403, 404),
    ("POST", "/webhooks/{webhook}/rotate-secret", None,           401, 401, 403, 403, 403, 403, 200, 403, 404),
    ("GET", "/webhooks/{webhook}/deliveries", None,               401, 401, 403, 403, 403, 403, 200, 403, 404),
    ("POST", "/webhooks/deliveries/{delivery}/replay", None,      401, 401, 403, 403, 403, 403, 202, 403, 404),
]  # fmt: skip


@tagged("post_install", "-at_install")
class TestMatrix(ApiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("service_notification_webhook.allowed_hosts", "127.0.0.1")
        cls.point.user_ids = cls.technician | cls.manager
        company = cls.env["res.company"].create({"name": "Other divers"})
        cls.users = {
            "stranger": cls.bob,
            "customer": cls.ann,
            "technician": cls.technician,
            "elsewhere": new_test_user(cls.env, "api-away", groups="service_schedule.group_technician"),
            "manager": cls.manager,
            "accountant": new_test_user(cls.env, "api-books", groups="account.group_account_invoice"),
            "other company": new_test_user(
                cls.env,
                "api-other",
                groups="service_schedule.group_manager",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            ),
        }
        cls.keys_by_name = {name: cls.make_key(user) for name, user in cls.users.items()}
        cls.keys_by_name |= {"nobody": None, "expired": cls.make_key(cls.ann, days=-1)}
        cls._create_records()

    @classmethod
    def _create_records(cls):
        form = cls.env["service.order.form"].with_user(cls.ann).sudo()
        item = {"product_id": cls.product.id, "quantity": 1, "equipment_id": None}
        choice = cls.window_on(cls, cls.morning)
        cls.order = form._place_by_api(form._fill_by_api(cls.point.id, [item], ""), choice)
        reservations = cls.env["service.reservation"].with_user(cls.ann)
        partner = cls.ann.partner_id
        cls.held = reservations._hold(cls.offer, cls.window_on(cls, cls.evening), partner=partner).sudo()
        cls.begun = reservations._book(cls.offer, cls.window_on(cls, cls.evening), partner=partner).sudo()
        cls.begun.write({"start": "2020-01-01 10:00:00", "blocked_start": "2020-01-01 10:00:00"})
        values = {"name": "Hook", "url": "https://127.0.0.1/hook", "point_ids": cls.point.ids}
        cls.webhook = cls.env["service.webhook.endpoint"].create(values)
        cls.delivery = cls.webhook._insert_deliveries("test", {"message": "x"})

    def test_every_route(self):
        """Every route answers everybody as the table says, and the table has every route of the OpenAPI document."""
        for row in MATRIX:
            self.check_row(*row)
        told = {(row[0], row[1].split("?")[0]) for row in MATRIX}
        document = self.url_open("/api/v1/openapi.json").json()
        served = {
            (method.upper(), self.simplify(path)) for path, calls in document["paths"].items() for method in calls
        }
        self.assertEqual({(method, self.simplify(path)) for method, path in told}, served)

    @staticmethod
    def simplify(path):
        """Return a path with all that varies as a star."""
        parts = path.removeprefix("/api/v1").split("/")
        return "/".join("*" if part.startswith("{") else part for part in parts)

    def check_row(self, method, path, body, *statuses):
        """Check one route for everybody, each in a world of his own."""
        for who, status in zip(WHO, statuses, strict=True):
            with self.subTest(f"{method} {path} as {who}"), mute_logger("odoo.http"):
                self.env.flush_all()
                with self.env.cr.savepoint() as savepoint:
                    answer = self.call(
                        method, self.fill(path), body=self.get_body(body, who), key=self.keys_by_name[who]
                    )
                    savepoint.rollback()
                self.env.invalidate_all()
                self.assertEqual(answer.status_code, status, answer.text)

    def fill(self, path):
        """Return a path with the numbers of the records."""
        return path.format(
            order=self.order.id,
            point=self.point.id,
            offer=self.offer.id,
            day=self.day,
            held=self.held.public_id,
            begun=self.begun.public_id,
            webhook=self.webhook.id,
            delivery=self.delivery.id,
        )

    def get_body(self, body, who):
        """Return the body of a row."""
        day = self.day.isoformat()
        is_staff = who not in ("stranger", "customer")
        bodies = {
            "order": self.get_order_body(customer_id=self.bob.partner_id.id if is_staff else None),
            "time": {"date": day, "time_slot": "AFTERNOON"},
            "slots": {"offer_id": self.offer.id, "slots": [{"start": f"{day}T15:00:00-04:00"}]},
            "webhook": {"name": "x", "url": "https://127.0.0.1/x", "shop_ids": [self.point.id]},
            "hold": {"offer_id": self.offer.id, "date": day, "time_slot": "AFTERNOON"},
        }
        return bodies[body] if isinstance(body, str) else body
