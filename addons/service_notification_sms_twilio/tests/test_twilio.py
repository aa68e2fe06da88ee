import uuid

from werkzeug.datastructures import MultiDict

from odoo.tests import HttpCase, tagged

from odoo.addons.service_notification.tests.common import NotificationCase
from odoo.addons.sms_twilio.tools.sms_twilio import (
    generate_twilio_sms_callback_signature,
    get_twilio_status_callback_url,
)

from ..models.service_notification_twilio_receipt import PATH
from ..signature import is_signed, sign

TOKEN = "2bd9e9638872de601313dc77410d3b23"
ACCOUNT = "AC" + "1" * 32
NUMBER = "+12125550123"


class TwilioCase(NotificationCase):
    """A company with a Twilio account, and a customer who agreed to text messages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"sms_provider": "twilio", "sms_twilio_account_sid": ACCOUNT, "sms_twilio_auth_token": TOKEN})
        cls.receipts = cls.env["service.notification.twilio.receipt"]
        cls.consents = cls.env["service.notification.consent"]
        cls.record.write({"phone": NUMBER, "country_id": cls.env.ref("base.us").id})
        cls.consents._record(cls.record, True, "staff")

    @staticmethod
    def prepare(body, **values):
        """Return what Twilio posts for a text message."""
        return {
            "AccountSid": ACCOUNT,
            "MessageSid": f"SM{uuid.uuid4().hex}",
            "From": NUMBER,
            "To": "+12125550999",
            "Body": body,
            "NumMedia": "0",
            "FromCity": "",
            **values,
        }

    def is_agreed(self):
        """Return whether the customer may be sent text messages."""
        self.env.invalidate_all()
        return bool(self.consents._read_consenting(self.record))


@tagged("post_install", "-at_install")
class TestTwilio(TwilioCase, HttpCase):
    """What Twilio brings counts, once; what anybody else brings does not."""

    def post(self, data, signature=None, token=TOKEN, **headers):
        """Post as Twilio does, to the address that it was given; return the response."""
        if signature is None:
            signature = sign(token, self.receipts._get_url(self.company), MultiDict(data))
        return self.url_open(PATH, data=data, headers={"X-Twilio-Signature": signature, **headers})

    def assert_refused(self, response):
        """Nothing was done, and no word says why."""
        self.assertEqual((response.status_code, response.text), (403, ""))
        self.assertTrue(self.is_agreed())
        self.assertFalse(self.receipts.search([]))

    def refuse(self, *args, **kwargs):
        """Post what must be refused; the log says so."""
        with self.assertLogs("odoo.addons.service_notification_sms_twilio", "WARNING"):
            self.assert_refused(self.post(*args, **kwargs))

    def test_stop_and_start(self):
        """STOP ends the messages to the number, START begins them again; the answer says nothing, for Twilio does."""
        response = self.post(self.prepare(" Stop. "))
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "text/xml; charset=utf-8")
        self.assertRegex(response.text, r"<Response>\s*</Response>$")
        self.assertFalse(self.is_agreed())
        self.assertTrue(self.env["phone.blacklist"].search([("number", "=", NUMBER)]))
        last = self.consents.search([("partner_id", "=", self.record.id)], limit=1)
        self.assertEqual((last.how, last.note), ("sms", " Stop. "))
        self.post(self.prepare("START"))
        self.assertTrue(self.is_agreed())

    def test_other_texts(self):
        """What customers write otherwise changes nothing and is not kept."""
        self.assertEqual(self.post(self.prepare("I stop by at 5")).status_code, 200)
        self.assertEqual(self.post(self.prepare("")).status_code, 200)
        self.assertTrue(self.is_agreed())
        self.assertFalse(self.receipts.search([]))

    def test_words_of_the_shop(self):
        """What Twilio took for STOP is one, also in a word that only the shop's own list has."""
        self.post(self.prepare("Genug", OptOutType="STOP"))
        self.assertFalse(self.is_agreed())
        self.post(self.prepare("Doch", OptOutType="HELP"))
        self.assertFalse(self.is_agreed())

    def test_replayed(self):
        """A START that is sent again after a later STOP does not count, though its signature is right."""
        start, stop = self.prepare("START"), self.prepare("STOP")
        self.post(start)
        self.post(stop)
        count = self.consents.search_count([])
        for data in (start, stop, start):
            self.assertEqual(self.post(data).status_code, 200)
        self.assertFalse(self.is_agreed())
        self.assertEqual(self.consents.search_count([]), count)

    def test_not_signed(self):
        """Without a signature, with another's, or with one of other content nothing is done."""
        data = self.prepare("STOP")
        right = sign(TOKEN, self.receipts._get_url(self.company), MultiDict(data))
        for signature in ("", "nonsense", "é", right[:-1], right.lower()):
            with self.subTest(signature=signature):
                self.refuse(data, signature.encode())
        self.refuse(data, token="another")
        self.refuse({**data, "Body": "START"}, right)
        self.refuse({**data, "From": "+12125550124"}, right)
        self.refuse({**data, "Added": "1"}, right)

    def test_signed_for_elsewhere(self):
        """What was signed for another address, such as of a delivery report, is not for here."""
        data = self.prepare("STOP")
        elsewhere = get_twilio_status_callback_url(self.company, "a" * 32)
        self.refuse(data, sign(TOKEN, elsewhere, MultiDict(data)))

    def test_account(self):
        """An account that is nobody's, none at all, and one without a token sign nothing."""
        self.refuse(self.prepare("STOP", AccountSid="AC" + "2" * 32))
        self.refuse({**self.prepare("STOP"), "AccountSid": ""})
        self.company.sms_twilio_auth_token = False
        self.refuse(self.prepare("STOP"), token="")

    def test_two_companies_of_one_account(self):
        """Companies that share an account number may have different tokens: any of them counts."""
        other = self.env["res.company"].create(
            {"name": "Other", "sms_twilio_account_sid": ACCOUNT, "sms_twilio_auth_token": "another"}
        )
        self.assertTrue(other)
        self.post(self.prepare("STOP"), token="another")
        self.assertFalse(self.is_agreed())

    def test_malformed(self):
        """Signed, but no text message: refused as such; senders that are no numbers agreed to nothing."""
        for values in ({"MessageSid": ""}, {"MessageSid": "SM1' OR 1=1"}, {"From": ""}):
            with self.subTest(values=values):
                self.assertEqual(self.post(self.prepare("STOP", **values)).status_code, 400)
        for sender in ("whatsapp:+12125550123", "REEF", "32665", "+0", "+1212555012399999999"):
            with self.subTest(sender=sender):
                self.assertEqual(self.post(self.prepare("STOP", From=sender)).status_code, 200)
        self.assertTrue(self.is_agreed())
        self.assertFalse(self.receipts.search([]))

    def test_no_form(self):
        """Whatever is posted that is no form is refused, not a fault; there is nothing to be had with GET."""
        with self.assertLogs("odoo.addons.service_notification_sms_twilio", "WARNING"):
            for content, kind in ((b'{"a": 1', "application/json"), (b"\xff\x00=%ff&&&", "text/plain")):
                response = self.url_open(PATH, data=content, headers={"Content-Type": kind})
                self.assertIn(response.status_code, (400, 403), kind)
        self.assertEqual(self.url_open(PATH).status_code, 405)

    def test_no_session(self):
        """A request of Twilio's leaves no session behind."""
        self.authenticate(None, None)
        self.opener.cookies.clear()
        self.assertNotIn("Set-Cookie", self.post(self.prepare("STOP")).headers)


@tagged("post_install", "-at_install")
class TestTwilioSignature(TwilioCase):
    def test_known(self):
        """The signature of the example in the tests of Twilio's own library."""
        form = MultiDict(
            {
                "CallSid": "CA1234567890ABCDE",
                "Digits": "1234",
                "From": "+14158675309",
                "To": "+18005551212",
                "Caller": "+14158675309",
            }
        )
        url = "https://mycompany.com/myapp.php?foo=1&bar=2"
        self.assertEqual(sign("12345", url, form), "RSOYDt4T1cUTdK1PDd93/VVr8B8=")

    def test_same_as_core(self):
        """Odoo's own signature of delivery reports is the same."""
        form = self.prepare("Ça va?")
        url = get_twilio_status_callback_url(self.company, "a" * 32)
        expected = generate_twilio_sms_callback_signature(self.company, "a" * 32, form)
        self.assertEqual(sign(TOKEN, url, MultiDict(form)), expected)

    def test_empty_token(self):
        """An empty token signs nothing."""
        form = MultiDict({"a": "1"})
        self.assertFalse(is_signed("", "https://x", form, sign("", "https://x", form)))
        self.assertFalse(is_signed(False, "https://x", form, sign("", "https://x", form)))
        self.assertFalse(is_signed("t", "https://x", form, None))

    def test_several_values(self):
        """Of a name that comes several times each value counts once, in order."""
        many = MultiDict([("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "b")])
        self.assertEqual(sign("t", "u", many), sign("t", "uMediaUrlaMediaUrl", MultiDict({"": "b"})))

    def test_address(self):
        """Where the account is set up stands the address to give to Twilio."""
        wizard = self.env["sms.twilio.account.manage"].create({"company_id": self.company.id})
        self.assertEqual(wizard.service_notification_url, f"https://shop.example.com{PATH}")

    def test_consent_text(self):
        """Customers are told that they can answer STOP only where answers are received."""
        choices = self.env["service.notification.choice"]
        self.assertNotIn("STOP", choices.with_company(self.env.company)._get_consent_text())
        self.assertIn("STOP", choices.with_company(self.company)._get_consent_text())
