from datetime import datetime

from odoo.tests import Form, freeze_time, tagged

from .common import NEXT_DAY, NOW, ScheduleCase


@tagged("post_install", "-at_install")
class TestServiceOfferExplain(ScheduleCase):
    def explain(self, day):
        with freeze_time(NOW.replace(tzinfo=None)):
            wizard = (
                self.env["service.offer.explain"]
                .with_user(self.technician)
                .create({"offer_id": self.offer.id, "day": day})
            )
            return wizard.explanation

    def test_free_day(self):
        """The windows of a free day are offered; before opening the shop is closed."""
        text = self.explain(NEXT_DAY)
        self.assertIn("Offered", text)
        self.assertIn("8:00 AM - 7:30 PM", text)
        self.assertIn("Closed at that time", text)

    def test_every_reason_is_named(self):
        """Full, too soon, too far, past, and on leave are told on their days."""
        for _number in range(10):
            self.book(self.window_on(self.morning, NEXT_DAY))
        self.assertIn("Full", self.explain(NEXT_DAY))
        self.assertIn("Too soon: it takes at least 1 hour of notice", self.explain("2026-10-19"))
        self.assertIn("Date must be in future", self.explain("2026-10-19"))
        self.assertIn("Too far ahead: it can be booked up to 30 days", self.explain("2026-12-24"))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.point.calendar_id.id,
                "date_from": datetime(2026, 10, 22, 4),
                "date_to": datetime(2026, 10, 23, 4),
            }
        )
        self.assertIn("Closed for a public holiday", self.explain("2026-10-22"))

    def test_nothing_chosen_yet(self):
        """Without an offer or a day there is nothing to explain, and no text of the machine's own."""
        wizard = self.env["service.offer.explain"].new({"offer_id": False, "day": NEXT_DAY})
        self.assertFalse(wizard.explanation)

    def test_odd_input(self):
        """No place wanted and days outside of any calendar are nothing to explain; they break nothing."""
        for values in ({"lanes": 0}, {"day": "0001-01-01"}, {"day": "9999-12-31"}):
            wizard = self.env["service.offer.explain"].new({"offer_id": self.offer.id, "day": NEXT_DAY, **values})
            self.assertFalse(wizard.explanation, values)

    def test_form_opens(self):
        """The dialog opens from the offer with its offer filled in."""
        action = self.offer.with_user(self.manager).action_explain()
        form = Form(self.env[action["res_model"]].with_user(self.manager).with_context(**action["context"]))
        self.assertEqual(form.offer_id, self.offer)
