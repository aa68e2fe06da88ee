from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import HOUR, NINE, BoardCase, text

KOLKATA = "Asia/Kolkata"
"""Half an hour off the hours of the rest of the world: 9:00 UTC is 14:30 there."""


@tagged("post_install", "-at_install")
class TestClock(BoardCase):
    """A dispatcher in New York reads French and plans days in India: sentences tell the board's clock in his words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company.partner_id.tz = KOLKATA
        cls.dispatcher.write({"tz": "America/New_York", "lang": "fr_FR"})

    def as_user(self, user):
        """Override to ask with the context of the user's own session."""
        return super().as_user(user).with_context(lang=user.lang, tz=user.tz)

    def test_conflicts(self):
        """A conflict names the times that the board draws, not those of the reader's town."""
        job = self.create_job(NINE, self.tom)
        self.create_leave(NINE, NINE + HOUR, person=self.tom)
        [said] = [one["text"] for one in self.see(job)["conflicts"] if one["kind"] == "away"]
        self.assertIn("20/10/2031 14:30", said)
        self.assertIn("15:30", said)

    def test_free_times(self):
        """Other times are offered by the board's clock, in the order of the reader's language, without AM and PM."""
        self.create_job(NINE, self.tom)
        job = self.create_job(NINE, self.maria)
        times = self.as_user(self.dispatcher).find_free_times(job.id, self.tom.id, text(NINE), 1.0)
        self.assertIn("lun. 20 oct., 15:30", [one["label"] for one in times])
        english = self.as_user(self.dispatcher).with_context(lang="en_US")
        times = english.find_free_times(job.id, self.tom.id, text(NINE), 1.0)
        self.assertRegex("; ".join(one["label"] for one in times), r"Mon, Oct 20, 3:30\sPM")

    def test_late_in_the_evening(self):
        """What is taken over midnight says on which day it ends, what is not says the day once, by the reader's day."""
        late = datetime(2031, 10, 20, 17, 30)  # 23:00 in India, and one day in UTC
        self.create_job(late, self.tom, hours=2)
        job = self.create_job()
        answer = self.move(job, person=self.tom, start=late)
        self.assertIn("20/10/2031 23:00 to 21/10/2031 01:00", answer["message"])
        early = datetime(2031, 10, 20, 23, 30)  # 5:00 in India, and two days in UTC
        self.create_job(early, self.tom)
        answer = self.move(job, person=self.tom, start=early + timedelta(minutes=30))
        self.assertIn("21/10/2031 05:00 to 06:00", answer["message"])

    def test_priority(self):
        """What the stars say is a word, too."""
        job = self.create_job(NINE, self.tom, priority="3")
        labels = dict(self.env["fsm.order"]._fields["priority"]._description_selection(self.env(user=self.dispatcher)))
        self.assertEqual(self.see(job)["priority_label"], labels["3"])
