import re
from datetime import timedelta

from lxml import html

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user

DAYS_AHEAD = 5
"""How far ahead the tests book: whatever the hour, neither notice nor cut-off nor today play a part."""


class PortalCase(HttpCase):
    """A dive shop in New York, open every day from 8 to 20, and two customers with a portal login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["service.point"].search([]).active = False  # the demo's shops
        cls.point = cls.create_point("Blue Reef")
        cls.morning, cls.afternoon, cls.evening = cls.point.window_ids
        cls.day = cls.point._get_today() + timedelta(days=DAYS_AHEAD)
        cls.offer = cls.create_offer("Nitrox", cls.point)
        cls.product = cls.create_product("Nitrox fill", cls.offer)
        cls.ann = new_test_user(cls.env, "ann-diver", groups="base.group_portal", name="Ann Diver")
        cls.bob = new_test_user(cls.env, "bob-diver", groups="base.group_portal", name="Bob Diver")
        cls.user = cls.ann

    @classmethod
    def create_point(cls, name, **values):
        """Return a service point that is open every day from 8 to 20."""
        calendar = cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": "America/New_York",
                "attendance_ids": [Command.clear()]
                + [
                    Command.create({"name": "Open", "dayofweek": str(day), "hour_from": 8, "hour_to": 20})
                    for day in range(7)
                ],
            }
        )
        return cls.env["service.point"].create(
            {"name": name, "tz": "America/New_York", "calendar_id": calendar.id, **values}
        )

    @classmethod
    def create_offer(cls, name, point, **values):
        """Return a published offer: an hour's notice, two months' horizon, two hours' cut-off."""
        return cls.env["service.offer"].create({"name": name, "point_id": point.id, **values})

    @classmethod
    def create_product(cls, name, offer):
        """Return a service that books ``offer``."""
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": 12.5,
                "taxes_id": False,
                "service_offer_ids": offer.ids,
            }
        )

    def login(self, user):
        """Log in as ``user``; forms are posted in his name."""
        self.user = user
        self.authenticate(user.login, user.login)

    def window_on(self, window, day=None):
        """Return the choice of a window on a day, None for the one that the tests book."""
        return f"window:{window.id}:{(day or self.day).isoformat()}"

    def get_page(self, url):
        """Return a page as a tree."""
        return html.fromstring(self.url_open(url).content)

    def read_form(self, url="/my/service/new"):
        """Return what a browser would post from the form at ``url`` untouched."""
        form = self.get_page(url).xpath("//form[@method='post']")[-1]
        return {name: value or "" for name, value in form.form_values()}

    def post_form(self, url="/my/service/new", form=None, **values):
        """Post the form at ``url`` as a browser does, with some answers changed; redirects are not followed."""
        data = {**(self.read_form(url) if form is None else form), **values}
        return self.url_open(url, data=data, allow_redirects=False)

    def place(self, **values):
        """Place an order for the afternoon that the tests book, or as ``values`` say."""
        answers = {
            "product_id": str(self.product.id),
            "quantity": "1",
            "when": "later",
            "choice": self.window_on(self.afternoon),
        }
        return self.post_form(**{**answers, **values})

    def place_order(self, **values):
        """Place an order and return it."""
        response = self.place(**values)
        self.assertEqual(response.status_code, 303, text_of_errors(response))
        return self.env["sale.order"].browse(int(re.search(r"/my/orders/(\d+)", response.headers["Location"])[1]))

    def get_orders(self, user=None):
        """Return the orders of a customer."""
        return self.env["sale.order"].search([("partner_id", "=", (user or self.user).partner_id.id)])

    def assert_refused(self, response, text, status=422):
        """The page comes back with ``text`` among its errors, and the customer has no order."""
        self.assertEqual(response.status_code, status)
        self.assertIn(text, text_of_errors(response))
        self.assertFalse(self.get_orders(), "nothing may be created when an order is refused")


def text_of_errors(response):
    """Return the text of the summary that a refused form shows."""
    if response.status_code == 303:
        return ""
    alerts = html.fromstring(response.content).xpath("//*[@role='alert'][not(contains(@class, 'd-none'))]")
    return " ".join(" ".join(alert.text_content().split()) for alert in alerts)
