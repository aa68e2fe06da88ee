import re
from datetime import timedelta
from html import unescape

from lxml import html

from odoo.addons.sale_service_schedule.tests.portal_common import PortalCase, text_of_errors
from odoo.addons.service_schedule import timing


class BookCase(PortalCase):
    """A workshop with two mechanics, whom customers may choose, and a service of half an hour."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.point.name = "Workshop"
        cls.maria, cls.paul = cls.env["resource.resource"].create(
            [
                {"name": name, "resource_type": "user", "calendar_id": cls.point.calendar_id.id, "tz": cls.point.tz}
                for name in ("Maria", "Paul")
            ]
        )
        cls.offer.write(
            {
                "name": "Brake check",
                "resource_ids": [(6, 0, (cls.maria | cls.paul).ids)],
                "allow_windows": False,
                "choose_resource": True,
                "step_minutes": 60,
                "lead_minutes": 0,
            }
        )
        cls.product.name = "Brake check"

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    # ------------------------------------------------------------------
    # What a browser does
    # ------------------------------------------------------------------

    def choice_at(self, hour, day=None):
        """Return the choice of a full hour on a day, None for the one that the tests book."""
        slots = self.offer.get_picker_days(day or self.day, day or self.day)[(day or self.day).isoformat()]
        return next(slot["choice"] for slot in slots if f"T{hour:02}:00" in slot["choice"])

    def read_picker(self, offer=None, query=""):
        """Return what a browser would post from the page "Who and when" untouched."""
        page = self.get_page(f"/book/{(offer or self.offer).id}{query}")
        [form] = page.xpath("//form[contains(@class, 'o_book_picker')]")
        return {name: value or "" for name, value in form.form_values()}

    def post_hold(self, hour=10, form=None, **values):
        """Ask for a time as the page "Who and when" does; redirects are not followed."""
        form = self.read_picker() if form is None else form
        return self.url_open(
            "/book/hold", data={**form, "choice": self.choice_at(hour), **values}, allow_redirects=False
        )

    def hold(self, hour=10, **values):
        """Hold a time and return the reservation."""
        response = self.post_hold(hour, **values)
        self.assertEqual(response.status_code, 303, text_of_errors(response))
        return self.find_hold(response)

    def find_hold(self, response):
        """Return the reservation that a redirect leads to."""
        public_id = re.search(r"/book/([0-9a-f-]{36})", response.headers["Location"])[1]
        return self.env["service.reservation"].search([("public_id", "=", public_id)])

    def read_details(self, hold):
        """Return what a browser would post from the page "Your details" untouched."""
        [form] = self.get_page(f"/book/{hold.public_id}").xpath("//form[@id='book_details']")
        return {name: value or "" for name, value in form.form_values()}

    def post_details(self, hold, form=None, files=None, **values):
        """Send the page "Your details"; redirects are not followed."""
        data = {**(self.read_details(hold) if form is None else form), **values}
        return self.url_open(f"/book/{hold.public_id}", data=data, files=files, allow_redirects=False)

    def give_details(self, hold, **values):
        """Fill in the page "Your details" as a guest and return the draft order."""
        guest = {"name": "Gus Guest", "email": "gus@example.com"} if not self.session.uid else {}
        response = self.post_details(hold, **{**guest, **values})
        self.assertEqual(response.status_code, 303, text_of_errors(response))
        self.assertTrue(response.headers["Location"].endswith(f"/book/{hold.public_id}/review"))
        return hold.order_ids

    def post_to(self, hold, step, **values):
        """Post one of the wizard's small forms; redirects are not followed."""
        data = {"csrf_token": self.read_token(), **values}
        return self.url_open(f"/book/{hold.public_id}/{step}", data=data, allow_redirects=False)

    def read_token(self):
        """Return a valid CSRF token of this session."""
        page = self.get_page(f"/book/{self.offer.id}")
        return page.xpath("//input[@name='csrf_token']")[0].get("value")

    def let_expire(self, hold):
        """Let the time of a hold run out."""
        hold.expires_at = timing.to_field(int(timing.utc_now().timestamp()) - 1)

    def text_of(self, response):
        """Return the text of a page without its markup."""
        return " ".join(unescape(html.fromstring(response.content).text_content()).split())

    def get_holds(self):
        """Return the reservations of the offer that the tests book."""
        return self.env["service.reservation"].search([("offer_id", "=", self.offer.id)])


__all__ = ["BookCase", "text_of_errors", "timedelta"]
