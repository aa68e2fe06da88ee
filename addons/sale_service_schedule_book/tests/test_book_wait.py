from odoo.tests import tagged

from .book_common import BookCase, text_of_errors


@tagged("post_install", "-at_install")
class TestBookWait(BookCase):
    """Full days and windows lead to the waitlist."""

    def fill_day(self):
        """Sell the whole day that the tests book."""
        for slot in self.offer.get_picker_days(self.day, self.day)[self.day.isoformat()]:
            for _place in range(slot["places"]):
                self.env["service.reservation"]._book(self.offer, slot["choice"])

    def read_wait(self, url):
        """Return what a browser would post from the page to wait untouched."""
        [form] = self.get_page(url).xpath("//form[contains(@class, 'o_book_wait_form')]")
        return {name: value or "" for name, value in form.form_values()}

    def get_entries(self):
        """Return who waits for the offer."""
        return self.env["service.waitlist.entry"].search([("offer_id", "=", self.offer.id)])

    def get_link(self):
        """Return the address behind the full day."""
        page = self.get_page(f"/book/{self.offer.id}?month={self.day:%Y-%m}")
        return page.xpath(f"//a[contains(@class, 'o_book_full')][contains(@href, '{self.day.isoformat()}')]/@href")

    def test_guest(self):
        """A full day is a link; a guest joins once, however often he clicks, and sees his place in line."""
        self.assertFalse(self.get_link())
        self.fill_day()
        [link] = self.get_link()
        form = {**self.read_wait(link), "name": "Gus", "email": "Gus@example.com"}
        response = self.url_open(link, data=form)
        entry = self.get_entries()
        self.assertEqual((entry.day, entry.partner_id.name, entry.state), (self.day, "Gus", "waiting"))
        self.assertIn(f"/my/waitlist/{entry.public_id}", response.url)
        self.url_open(link, data=form)
        self.assertEqual(len(self.get_entries()), 1)

    def test_customer(self):
        """A customer waits under his own name, for one person if he likes."""
        self.fill_day()
        self.login(self.ann)
        [link] = self.get_link()
        self.url_open(f"{link}&resource_id={self.maria.id}", data=self.read_wait(f"{link}&resource_id={self.maria.id}"))
        self.assertEqual(
            (self.get_entries().partner_id, self.get_entries().resource_id), (self.ann.partner_id, self.maria)
        )

    def test_refusals(self):
        """Nobody waits for what is free or never offered, nor without an address; looking joins nothing."""
        url = f"/book/{self.offer.id}/wait?day={self.day.isoformat()}"
        self.assertIn("There is free time", self.url_open(url).text)
        self.fill_day()
        form = self.read_wait(url)
        response = self.url_open(url, data=form)
        self.assertEqual(response.status_code, 422)
        self.assertIn("Please enter your e-mail", text_of_errors(response))
        # the browser keeps this page, so that going back to it shows what was typed
        self.assertNotIn("no-store", response.headers["Cache-Control"])
        gus = {**form, "name": "Gus", "email": "gus@example.com"}
        for day in ("2020-01-01", "", "never"):
            with self.subTest(day=day):
                self.assertEqual(self.url_open(url, data={**gus, "day": day}).status_code, 422)
                self.assertEqual(self.url_open(f"/book/{self.offer.id}/wait?day={day}").status_code, 200)
        self.assertFalse(self.get_entries())

    def test_limit(self):
        """How much guests of one address wait for is bounded."""
        self.point.guest_hold_limit = 1
        self.fill_day()
        [link] = self.get_link()
        form = self.read_wait(link)
        self.url_open(link, data={**form, "name": "Gus", "email": "gus@example.com"})
        response = self.url_open(link, data={**form, "name": "Eve", "email": "eve@example.com"})
        self.assertEqual(response.status_code, 422)
        self.assertIn("wait already", text_of_errors(response))
        self.assertEqual(len(self.get_entries()), 1)

    def test_full_day_is_chosen(self):
        """Who has a full day open, by changing the person or by an old link, finds there how to wait for it."""
        self.fill_day()
        page = self.get_page(f"/book/{self.offer.id}?day={self.day.isoformat()}&resource_id={self.maria.id}")
        [link] = page.xpath("//ul[contains(@class, 'o_book_waits')]//a/@href")
        self.assertIn(f"day={self.day.isoformat()}&resource_id={self.maria.id}", link)

    def test_full_window(self):
        """A full window of a day with free ones is listed with the way to wait for it."""
        self.offer.write({"allow_windows": True, "allow_times": False, "resource_ids": self.point.counter_id.ids})
        self.point.counter_id.lane_count = 1
        self.env["service.reservation"]._book(self.offer, self.window_on(self.afternoon))
        page = self.get_page(f"/book/{self.offer.id}?day={self.day.isoformat()}")
        [link] = page.xpath("//ul[contains(@class, 'o_book_waits')]//a/@href")
        self.assertIn(f"window_id={self.afternoon.id}", link)
        self.url_open(link, data={**self.read_wait(link), "name": "Gus", "email": "gus@example.com"})
        self.assertEqual(self.get_entries().window_id, self.afternoon)

    def test_no_waitlist(self):
        """Where the shop keeps no waitlist, full days are no links."""
        self.fill_day()
        self.offer.has_waitlist = False
        self.assertFalse(self.get_link())
