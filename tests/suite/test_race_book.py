"""Double clicks in the booking wizard: one browser sends the same form several times at the same moment."""

import threading
from datetime import timedelta

import requests
from lxml import html
from suite_server import PATIENCE, ServedCase, transaction

from odoo.fields import Command
from odoo.tests import tagged

CLICKS = 6
ZONE = "America/New_York"


@tagged("post_install", "-at_install", "standard")
class TestRaceBook(ServedCase):
    """A workshop where three people are free, so that nothing but our care makes one hold of many clicks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with transaction(cls.database) as env:
            point = env["service.point"].create({"name": "Race workshop", "tz": ZONE})
            point.calendar_id.attendance_ids = [
                Command.create(
                    {"name": "Sunday", "dayofweek": "6", "hour_from": 8, "hour_to": 20, "day_period": "full_day"}
                )
            ]
            people = env["resource.resource"].create(
                [
                    {"name": f"Race mechanic {number}", "resource_type": "user", "calendar_id": False, "tz": ZONE}
                    for number in range(3)
                ]
            )
            offer = env["service.offer"].create(
                {"name": "Race check", "point_id": point.id, "resource_ids": people.ids, "allow_windows": False}
            )
            env["product.product"].create({"name": "Race check", "type": "service", "service_offer_ids": offer.ids})
            day = point._get_today() + timedelta(days=9)
            cls.choices = [slot["choice"] for slot in offer.get_picker_days(day, day)[day.isoformat()]]
            cls.offer, cls.company = offer.id, point.company_id.id
        cls.url = f"http://127.0.0.1:{cls.start_server().port}"

    def send(self, browser, path, form):
        """Send one form several times at once; return the answers."""
        start, answers = threading.Barrier(CLICKS), []

        def click():
            with requests.Session() as own:
                own.cookies.update(browser.cookies)
                start.wait(PATIENCE)
                answers.append(own.post(f"{self.url}{path}", data=form, timeout=PATIENCE, allow_redirects=False))

        threads = [threading.Thread(target=click, daemon=True) for _click in range(CLICKS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        return answers

    def assert_led_on(self, answers):
        """All clicks lead on, none reads a refusal."""
        self.assertEqual(len(answers), CLICKS)
        for answer in answers:
            text = "" if answer.status_code == 303 else html.fromstring(answer.content).text_content()
            self.assertEqual(answer.status_code, 303, " ".join(text.split()))

    def read_form(self, browser, path, wanted):
        """Return what a browser would post from a form untouched."""
        page = html.fromstring(browser.get(f"{self.url}{path}", timeout=PATIENCE).content)
        return {name: value or "" for name, value in page.xpath(wanted)[0].form_values()}

    def test_clicks(self):
        """Six clicks on "Continue" are one hold; six on the details one order; six on "Book" one booking."""
        with requests.Session() as browser:
            form = self.read_form(browser, f"/book/{self.offer}", "//form[contains(@class, 'o_book_picker')]")
            answers = self.send(browser, "/book/hold", {**form, "choice": self.choices[4]})
            self.assert_led_on(answers)
            [path] = {answer.headers["Location"] for answer in answers}
            path = path[path.index("/book") :]
            form = self.read_form(browser, path, "//form[@id='book_details']")
            answers = self.send(browser, path, {**form, "name": "Gus", "email": "gus@example.com"})
            self.assert_led_on(answers)
            form = self.read_form(browser, f"{path}/review", "//form[contains(@class, 'o_book_place_form')]")
            answers = self.send(browser, f"{path}/review", form)
            self.assert_led_on(answers)
        with transaction(self.database) as env:
            [hold] = env["service.reservation"].search([("offer_id", "=", self.offer)])
            self.assertEqual((hold.state, hold.order_ids.state, len(hold.order_ids)), ("confirmed", "sale", 1))
            self.assertEqual(hold.change_ids.mapped("kind").count("confirmed"), 1)
            self.assertEqual(env["res.partner"].search_count([("email", "=", "gus@example.com")]), 1)
