import uuid

from odoo.addons.fieldservice_schedule.tests.common import NINE
from odoo.addons.fieldservice_schedule_notification.tests.common import JobNotificationCase

CUSTOMER, DISPATCH = "fleet@example.com", "dispatch@glass.example"


class TestSentBack(JobNotificationCase):
    """What a technician sends back from his phone: customer and dispatch hear that it could not be done, and why."""

    def send_back(self, reason, note=""):
        """Return ``{address: text of the mail}`` of what is told of a job that Maria sends back at her start."""
        job = self.schedule()
        self.send()
        self.emails.clear()
        self.clock.move_to("2031-10-20 09:20:00")
        command = {"id": str(uuid.uuid4()), "name": "return", "job": job.id, "at": "2031-10-20T09:20:00Z"}
        values = {"reason": reason, "note": note}
        [answer] = self.env["field.command"].with_user(self.user_maria)._apply_all([{**command, "values": values}])
        self.assertTrue(answer["ok"], answer["error"])
        mails = {mail["To"].split("<")[-1].rstrip(">"): mail for mail in self.send()}
        for mail in mails.values():
            self.assertIn("could not be done", mail["Subject"])
        self.job = job
        return {address: self.get_part(mail, "plain") for address, mail in mails.items()}

    def test_part(self):
        """The reason is told to both, what was typed to dispatch only; nobody is promised the old time."""
        told = self.send_back("part", "No glass for this model")
        self.assertLessEqual({DISPATCH, CUSTOMER}, set(told))
        self.assertIn("A part was missing", told[CUSTOMER])
        self.assertIn("A part is missing: No glass for this model", told[DISPATCH])
        self.assertNotIn("No glass", told[CUSTOMER])
        self.assertNotIn("October 20", told[CUSTOMER])
        self.assertEqual((self.job.state, self.job.known_start), ("requested", False))

    def test_absent(self):
        """The same of a customer who was not there: he reads why nothing was done."""
        told = self.send_back("absent")
        self.assertLessEqual({DISPATCH, CUSTOMER}, set(told))
        self.assertIn("Nobody was there", told[CUSTOMER])
        self.assertIn("The customer was not there", told[DISPATCH])

    def test_other(self):
        """What has no name is told to dispatch in the technician's words; the customer reads no empty line."""
        told = self.send_back("other", "Flat tyre")
        self.assertIn("Something else: Flat tyre", told[DISPATCH])
        for word in ("Why", "Flat tyre", "Something else"):
            self.assertNotIn(word, told[CUSTOMER])

    def test_scheduled_again(self):
        """Given to somebody else, at the same time even, the customer is told that somebody comes."""
        self.send_back("part")
        self.emails.clear()
        self.job.with_user(self.dispatcher).write(
            {"person_id": self.tom.id, "scheduled_date_start": NINE.replace(hour=15)}
        )
        self.assertIn("we come on", self.told()[CUSTOMER][0])
