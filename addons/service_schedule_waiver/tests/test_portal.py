from unittest.mock import patch

from lxml import html

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import NoonMixin, draw_picture


@tagged("post_install", "-at_install")
class TestPortal(NoonMixin, HttpCase):
    """Requests as a browser without JavaScript makes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shop()
        cls.ann = new_test_user(cls.env, "ann-diver", groups="base.group_portal", name="Ann Diver")
        cls.bob = new_test_user(cls.env, "bob-diver", groups="base.group_portal", name="Bob Diver")
        cls.reservation = cls.book_for(cls.ann.partner_id)
        cls.url = cls.reservation._get_waiver_url()
        cls.guest_url = cls.reservation._get_waiver_url(with_token=True)

    def get_text(self, response):
        """Return the page's text, on one line."""
        return " ".join(html.fromstring(response.content).xpath("//main")[0].text_content().split())

    def read_form(self, url):
        """Return what a browser would post from the form at ``url``, untouched."""
        [form] = html.fromstring(self.url_open(url).content).xpath("//form[contains(@class, 'o_waiver_form')]")
        return form.get("action"), {name: value or "" for name, value in form.form_values()}

    def post(self, url, **values):
        """Post the form at ``url`` with some answers changed; redirects are not followed."""
        action, form = self.read_form(url)
        return self.url_open(action, data={**form, **values}, allow_redirects=False)

    def login(self, user):
        self.authenticate(user.login, user.login)

    def test_customer_signs_without_javascript(self):
        """The typed name signs; the page then shows who signed, when and the document."""
        self.login(self.ann)
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Diving is dangerous.", self.get_text(page))
        self.assertFalse(self.reservation.waiver_signature_ids, "looking signs nothing")
        response = self.post(self.url, signer="Ann D. Diver")
        self.assertEqual(response.status_code, 303)
        signature = self.reservation.waiver_signature_ids
        self.assertEqual((signature.signer, signature.channel, signature.user_id), ("Ann D. Diver", "portal", self.ann))
        self.assertFalse(signature.signature)
        page = self.url_open(self.url)
        text = self.get_text(page)
        self.assertIn("Ann D. Diver", text)
        self.assertIn(f"({self.tz}, UTC", text)
        self.assertIn("Version 1", text)
        self.assertFalse(html.fromstring(page.content).xpath("//form[contains(@class, 'o_waiver_form')]"))
        self.assertIn("Diving is dangerous.", self.url_open(f"{self.url}/document").text)
        self.assertFalse(signature.document_id, "a GET keeps nothing")
        signature._make_document()
        self.assertIn("Diving is dangerous.", self.url_open(f"{self.url}/document").text)

    def test_double_submit(self):
        """The same form posted twice is one signature."""
        self.login(self.ann)
        action, form = self.read_form(self.url)
        for _attempt in range(2):
            response = self.url_open(action, data={**form, "signature": draw_picture()}, allow_redirects=False)
            self.assertEqual(response.status_code, 303)
        self.assertEqual(len(self.reservation.waiver_signature_ids), 1)
        self.assertTrue(self.reservation.waiver_signature_ids.signature)

    def test_guest_signs_with_the_link(self):
        """A link with its token opens the page without log-in, and keeps the token on the way."""
        self.authenticate(None, None)
        response = self.post(self.guest_url, signer="Gina Guest")
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(self.guest_url))
        signature = self.reservation.waiver_signature_ids
        self.assertEqual((signature.signer, signature.user_id), ("Gina Guest", self.env.ref("base.public_user")))
        page = self.url_open(self.guest_url)
        [link] = html.fromstring(page.content).xpath("//a[contains(@class, 'o_waiver_document')]/@href")
        self.assertIn("Gina Guest", self.url_open(link).text)

    def test_short_address(self):
        """A text message asks for the waiver until it is signed, with a short address that leads to the page."""
        self.authenticate(None, None)
        [note] = self.reservation._get_pending_notes()
        path = "/w/" + note.partition("/w/")[2]
        self.assertLess(len(path), 32)
        response = self.url_open(path, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(self.guest_url))
        for wrong in (path[:-1] + ("0" if path[-1] != "0" else "1"), f"{path}%C3%A9", "/w/999999999-abc"):
            self.assertEqual(self.url_open(wrong).status_code, 404, wrong)
        self.post(self.guest_url, signer="Gina Guest")
        self.assertEqual(self.reservation._get_pending_notes(), [])

    def test_others_do_not_find_it(self):
        """Another customer, a wrong token, an unknown reference: "not found"; without log-in and token: log in."""
        self.login(self.bob)
        wrong = self.guest_url[:-3] + "abc"
        for url in (self.url, f"{self.url}/document", "/my/waiver/nonsense", wrong, f"{self.url}?token=%C3%A9"):
            self.assertEqual(self.url_open(url).status_code, 404, url)
        action, form = self.read_form(self.guest_url)
        response = self.url_open(action, data={**form, "token": ""}, allow_redirects=False)
        self.assertEqual(response.status_code, 404)
        self.authenticate(None, None)
        for url in (f"{self.url}/document", wrong):
            self.assertEqual(self.url_open(url).status_code, 404, url)
        response = self.url_open(self.url, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login?redirect=", response.headers["Location"])
        self.assertFalse(self.reservation.waiver_signature_ids)

    def test_no_signature_without_csrf(self):
        """A form from elsewhere signs nothing."""
        self.login(self.ann)
        action, form = self.read_form(self.url)
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open(action, data={**form, "csrf_token": "x"}, allow_redirects=False)
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.reservation.waiver_signature_ids)

    def test_refused_form(self):
        """What is wrong is said on the page, which keeps the name; a changed text is shown to be read again."""
        self.login(self.ann)
        response = self.post(self.url, signer=" ")
        self.assertEqual(response.status_code, 422)
        self.assertIn("Type your full name", self.get_text(response))
        action, form = self.read_form(self.url)
        self.waiver.body = "<p>Diving is wet.</p>"
        self.waiver._publish()
        response = self.url_open(action, data={**form, "signer": "Ann D."}, allow_redirects=False)
        self.assertEqual(response.status_code, 409)
        self.assertIn("Diving is wet.", self.get_text(response))
        self.assertEqual(html.fromstring(response.content).xpath("//input[@name='signer']/@value"), ["Ann D."])
        self.assertEqual(self.post(self.url, version="x").status_code, 409)
        self.assertFalse(self.reservation.waiver_signature_ids)

    def test_friendly_states(self):
        """Not yet the day, cancelled, over, nothing to sign, signed for another day: each page says so."""
        self.login(self.ann)
        later = self.book_for(self.ann.partner_id, days=3)
        text = self.get_text(self.url_open(later._get_waiver_url()))
        self.assertIn("You can sign on the day of your appointment", text)
        self.assertIn("Diving is dangerous.", text, "it can be read before")
        later._cancel(by_staff=True)
        self.assertIn("does not take place", self.get_text(self.url_open(later._get_waiver_url())))
        done = self.book_for(self.ann.partner_id, days=-1)
        done._complete()
        self.assertIn("over", self.get_text(self.url_open(done._get_waiver_url())))
        self.post(self.url, signer="Ann Diver")
        day = self.book_for(self.ann.partner_id, days=2)
        choice = f"time:{day.wall_start}"
        day._cancel(by_staff=True)
        self.reservation._reschedule(choice, by_staff=True)
        text = self.get_text(self.url_open(self.url))
        self.assertIn("please sign again", text)
        self.offer.waiver_id = False
        self.assertIn("nothing to sign", self.get_text(self.url_open(self.url)))

    def test_document_that_cannot_be_made(self):
        """The customer is told that the signature is kept."""
        self.login(self.ann)
        self.post(self.url, signer="Ann Diver")
        with patch.object(
            self.env.registry["ir.actions.report"], "_render_qweb_pdf", side_effect=UserError("no wkhtmltopdf")
        ):
            response = self.url_open(f"{self.url}/document")
        self.assertEqual(response.status_code, 503)
        self.assertIn("Your signature is kept", self.get_text(response))

    def test_list_and_counters(self):
        """My waivers lists the customer's own, and the home page counts those to sign now."""
        self.login(self.ann)
        self.book_for(self.ann.partner_id, days=3)
        self.book_for(self.bob.partner_id, days=4)
        text = self.get_text(self.url_open("/my/waivers"))
        self.assertEqual(text.count("Intro dive"), 2)
        self.assertIn("Please sign", text)
        self.assertIn("To be signed on the day", text)
        counters = ["waiver_count", "waiver_to_sign_count"]
        self.assertEqual(
            self.make_jsonrpc_request("/my/counters", {"counters": counters}),
            {"waiver_count": 2, "waiver_to_sign_count": 1},
        )
        self.post(self.url, signer="Ann Diver")
        self.assertIn("Signed", self.get_text(self.url_open("/my/waivers")))
        self.assertEqual(self.make_jsonrpc_request("/my/counters", {"counters": counters})["waiver_to_sign_count"], 0)
        self.login(self.bob)
        self.assertEqual(self.get_text(self.url_open("/my/waivers")).count("Intro dive"), 1)

    def test_customers_pages_lead_here(self):
        """The appointment's pages link to the waiver, without a log-in, and to nothing when it is over."""
        [(label, url)] = self.reservation._get_customer_links()
        self.assertEqual((label, url), ("Sign the waiver", self.guest_url))
        self.post(url, signer="Ann D. Diver")
        [(label, url)] = self.reservation._get_customer_links()
        self.assertEqual((label, url), ("Your signed waiver", self.guest_url))
        self.reservation._cancel(by_staff=True)
        self.assertEqual(self.reservation._get_customer_links(), [])
