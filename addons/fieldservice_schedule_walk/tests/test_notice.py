from odoo.addons.fieldservice_schedule_notification.tests.common import JobNotificationCase

from .common import NINE, WalkMixin

CUSTOMER, MARIA = "fleet@example.com", "maria@glass.example"


class TestNotice(WalkMixin, JobNotificationCase):
    """What the customer is told of a walk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpWalk()

    def setUp(self):
        super().setUp()
        self.clock.move_to("2031-10-20 09:05:00")
        self.mails = []

    def finish(self):
        """Let Maria finish the walk."""
        self.walk.with_user(self.user_maria)._finish_walk(leave_open=True)

    def send_walk(self, code):
        """Send what is due; return the mails of the walk of one event."""
        self.env.flush_all()
        sent = self.send()
        subjects = {"walk_started": "starting", "walk_completed": "complete"}
        return [mail for mail in sent if subjects[code] in mail["Subject"]]

    def test_started(self):
        """Seed 001: "Technician [Name] is starting your lot walk"."""
        self.see(self.vans[0])
        [mail] = self.send_walk("walk_started")
        self.assertEqual(mail["Subject"], "Maria is starting your lot walk")
        self.assertIn(CUSTOMER, mail["To"])

    def test_complete(self):
        """Seed 001: "Lot walk complete - 4 repairs found", once, with what it costs, its page and its file."""
        for van in self.vans:
            self.find(van=van, done=van == self.vans[0])
        self.finish()
        self.finish()
        [mail] = self.send_walk("walk_completed")
        self.assertEqual(mail["Subject"], "Lot walk complete - 4 repairs found")
        self.assertIn(CUSTOMER, mail["To"])
        html = mail.get_body(("html",)).get_content()
        self.assertIn(f"/my/walks/{self.walk.id}?access_token={self.walk.access_token}", html)
        for words in ("Van #V-003", "Chip", "200.00", "all units, 4 of them"):
            self.assertIn(words, html)
        self.assertEqual([part.get_filename() for part in mail.iter_attachments()], [self.walk.walk_summary_id.name])
        # the repair that was done on the spot has no mail of its own
        self.assertFalse(self.get_messages(res_model="fsm.order", res_id=self.walk.finding_ids[-1].id))

    def test_found_more(self):
        """Who has been told of one repair is told again when the walk was taken up and two are found."""
        self.find()
        self.finish()
        self.assertEqual(
            [mail["Subject"] for mail in self.send_walk("walk_completed")], ["Lot walk complete - 1 repair found"]
        )
        self.emails.clear()
        self.see(self.vans[1])
        self.finish()
        self.assertEqual(self.send_walk("walk_completed"), [])
        self.find(van=self.vans[1])
        self.finish()
        [mail] = self.send_walk("walk_completed")
        self.assertEqual(mail["Subject"], "Lot walk complete - 2 repairs found")

    def test_taken_up_before_it_was_sent(self):
        """What is not true any more is not told: of two ends in a row the customer reads the last."""
        self.find()
        self.finish()
        self.find(van=self.vans[1])
        self.finish()
        [mail] = self.send_walk("walk_completed")
        self.assertEqual(mail["Subject"], "Lot walk complete - 2 repairs found")

    def test_tomorrow(self):
        """Seed 001: the customer is reminded of the walk by its own words, and the technician's list names it."""
        self.clock.move_to("2031-10-17 08:00:00")
        walk = self.create_walk(person=self.maria, start=NINE.replace(day=22, hour=15))
        armed = self.get_messages(res_model="fsm.order", res_id=walk.id)
        codes = armed.filtered("expires_at").event_id.mapped("code")
        self.assertEqual(codes, ["walk_tomorrow"])
        self.assertEqual(
            walk._get_list_sentence(1), "You have a lot walk scheduled for Harbour Fleet tomorrow at 11:00 AM"
        )

    def test_names_of_findings(self):
        """Messages about a finding name damage and unit."""
        self.assertEqual(self.find(self.crack)._get_job_text(), "Crack, Van #V-001")
