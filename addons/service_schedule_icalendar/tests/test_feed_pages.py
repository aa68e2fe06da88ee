from datetime import timedelta

from icalendar import Calendar
from lxml import html

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.service_schedule.tests.common import ScheduleCase


@tagged("post_install", "-at_install")
class TestFeedPages(ScheduleCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = new_test_user(cls.env, "ann@home", password="ann@home!", groups="base.group_portal", name="Ann")
        # any day that is open: these pages know no other clock than the real one
        tomorrow = fields.Date.today() + timedelta(days=2)
        day = tomorrow + timedelta(days=tomorrow.weekday() == 6)
        cls.reservation = cls.env["service.reservation"]._book(
            cls.offer, cls.window_on(cls.afternoon, day), partner=cls.ann.partner_id
        )

    def change(self, action):
        """Press a button of the page."""
        [token, *_more] = self.page().xpath("//form//input[@name='csrf_token']/@value")
        return self.url_open("/my/calendar", data={"csrf_token": token, "action": action})

    def page(self):
        """Return the parsed page."""
        return html.fromstring(self.url_open("/my/calendar").content)

    def address(self):
        """Return the path of the feed that the page shows, "" when it shows none."""
        [address] = self.page().xpath("//p[contains(@class, 'o_service_calendar_url')]/text()") or [""]
        return address.partition("/service/")[2] and f"/service/{address.partition('/service/')[2]}"

    def test_page(self):
        """A customer makes an address, which anybody can read who has it; a new one ends it, and so does stopping."""
        self.authenticate("ann@home", "ann@home!")
        self.assertEqual(self.address(), "")
        self.change("open")
        first = self.address()
        self.change("renew")
        second = self.address()
        self.assertNotEqual(first, second)
        self.authenticate(None, None)
        self.assertEqual(self.url_open(first).status_code, 404)
        answer = self.url_open(second)
        [event] = Calendar.from_ical(answer.content).walk("VEVENT")
        self.assertEqual(str(event["UID"]), self.reservation.public_id)
        self.assertTrue(answer.headers["Content-Type"].startswith("text/calendar"))
        again = self.url_open(second, headers={"If-None-Match": answer.headers["ETag"]})
        self.assertEqual((again.status_code, again.content), (304, b""))
        self.authenticate("ann@home", "ann@home!")
        self.change("stop")
        self.assertEqual(self.url_open(second).status_code, 404)

    def test_strange_posts(self):
        """A guest is asked to log in; a form of another site and an unknown button change nothing."""
        self.assertIn("/web/login", self.url_open("/my/calendar").url)
        self.authenticate("ann@home", "ann@home!")
        self.assertEqual(self.url_open("/my/calendar", data={"action": "open"}).status_code, 400)
        self.change("explode")
        self.assertEqual(self.address(), "")

    def test_file(self):
        """The file of an appointment opens with the link's token, or for its customer; for nobody else."""
        path = f"/service/reservation/{self.reservation.public_id}.ics"
        self.assertEqual(self.url_open(path).status_code, 404)
        self.assertEqual(self.url_open(f"{path}?token=é%00").status_code, 404)
        answer = self.url_open(self.reservation._get_calendar_url())
        [event] = Calendar.from_ical(answer.content).walk("VEVENT")
        self.assertEqual(str(event["STATUS"]), "CONFIRMED")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.authenticate("ann@home", "ann@home!")
        self.assertEqual(self.url_open(path).status_code, 200)
        self.reservation._cancel(by_staff=True)
        [event] = Calendar.from_ical(self.url_open(path).content).walk("VEVENT")
        self.assertEqual(str(event["STATUS"]), "CANCELLED")

    def test_home(self):
        """The customer's home leads to the page."""
        self.authenticate("ann@home", "ann@home!")
        page = html.fromstring(self.url_open("/my/home").content)
        self.assertTrue(page.xpath("//a[@href='/my/calendar']"))
