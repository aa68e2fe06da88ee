"""A job at a customer's place from the dispatcher's desk to the mail boxes: the right messages, once each."""

from datetime import UTC, datetime, timedelta

from suite_messages import CUSTOMER_ZONE, MessagesCase
from suite_portal import Visitor, create_users, read_text
from suite_server import transaction

from odoo.tests import tagged

JEANNE, MARIA, TOM = "jeanne.lot@example.com", "maria@glass.example", "ted@glass.example"
FRENCH = {
    "job_scheduled": "Nous venons : {{ object._get_notification_time(own_zone) }}",
    "job_rescheduled": "Nous venons plutôt : {{ object._get_notification_time(own_zone) }}",
    "job_tomorrow": "Rappel : {{ object._get_span_text(own_zone) }}",
    "job_started": "{{ object._get_technician_name() }} a commencé",
    "job_completed": "Terminé : {{ object.name }}",
    "job_cancelled": "Annulé : {{ object.name }}",
}


@tagged("post_install", "-at_install", "standard")
class TestJobMessages(MessagesCase):
    """A windshield firm with Maria and Ted, and a fleet of a French customer who lives in Paris."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with transaction(cls.database) as env:
            create_users(env, [{"login": JEANNE, "name": "Jeanne Lot", "lang": "fr_FR", "tz": CUSTOMER_ZONE}])
            people = [
                {"login": login, "name": name, "lang": "en_US", "tz": cls.zone.key}
                for login, name in ((MARIA, "Maria"), (TOM, "Ted"))
            ]
            technicians = create_users(env, people, "fieldservice.group_fsm_user_own")
            desk = {"login": "desk@reef.example", "name": "Desk", "lang": "en_US", "tz": cls.zone.key}
            create_users(env, [desk], "fieldservice.group_fsm_dispatcher")
            jeanne = env["res.users"].search([("login", "=", JEANNE)]).partner_id
            site = env["fsm.location"].create({"name": "Lot 3", "owner_id": jeanne.id, "tz": cls.zone.key})
            persons = env["fsm.person"].create([{"partner_id": user.partner_id.id} for user in technicians])
            # one company calendar may close on that day: they work whenever they are asked to
            persons.resource_id.write({"calendar_id": False, "tz": cls.zone.key})
            cls.site, (cls.maria, cls.ted) = site.id, persons.ids
            for code, subject in FRENCH.items():
                event = env["service.notification.event"].search([("code", "=", code)])
                event.mail_template_id.with_context(lang="fr_FR").subject = subject
            env["fsm.order"].search([("state", "in", ("requested", "assigned"))]).action_cancel()
            env["service.notification.message"].search([("state", "=", "queued")]).write({"state": "skipped"})
            env["service.webhook.delivery"].search([]).unlink()

    def setUp(self):
        super().setUp()
        self.desk, self.day_after = self.work("desk"), datetime.now(UTC) + timedelta(hours=26)

    def create_job(self):
        """Return the id of a job that the desk has just given to Maria, a day ahead."""
        values = {"location_id": self.site, "person_id": self.maria, "scheduled_date_start": self.at(0)}
        return self.desk.call("fsm.order", "create", [values])[0]

    def at(self, hours):
        """Return the hour of the job, some hours later, as a field value."""
        start = self.day_after.replace(minute=0, second=0, microsecond=0, tzinfo=None)
        return (start + timedelta(hours=hours)).isoformat(sep=" ")

    def change(self, job_id, **values):
        """Let the desk change a job; return the subjects that follow, by address, and what the mails are."""
        self.desk.call("fsm.order", "write", [job_id], values)
        return self.read_mails()

    def subjects(self, mails):
        """Return ``{address: [subject]}``."""
        return {address: [self.read_subject(mail) for mail in some] for address, some in mails.items()}

    def read_events(self, job_id):
        """Return the webhooks about a job since the last look, each verified by the library of the specification."""
        self.settle()
        received = self.receiver.received[self.seen_hooks :]
        self.seen_hooks += len(received)
        events = [self.webhook.verify(one.body, one.headers) for one in received]
        return [event for event in events if event["data"].get("job_id") == job_id]

    def check_french(self, mail, begin):
        """Check a mail to Jeanne: in her language, and with the name of the site's zone, which is not hers."""
        subject = self.read_subject(mail)
        self.assertTrue(subject.startswith(begin), subject)
        self.assertIn("heure", subject)  # the zone by its French name

    def test_life_of_a_job(self):
        """Scheduled, moved twice, given to Ted, the day before, begun, done: each is told once, to whom it concerns."""
        job_id = self.create_job()
        mails = self.read_mails()
        self.assertEqual({address: len(some) for address, some in mails.items()}, {JEANNE: 1, MARIA: 1})
        self.check_french(mails[JEANNE][0], "Nous venons : ")
        entries = [self.read_invitation(mails[JEANNE][0])]
        self.check_page(mails[JEANNE][0], job_id)
        for hours in (1, 2):
            mails = self.change(job_id, scheduled_date_start=self.at(hours))
            self.assertEqual({address: len(some) for address, some in mails.items()}, {JEANNE: 1, MARIA: 1})
            self.check_french(mails[JEANNE][0], "Nous venons plutôt : ")
            self.assertTrue(self.read_subject(mails[MARIA][0]).startswith("Moved: "))
            entries.append(self.read_invitation(mails[JEANNE][0]))
        mails = self.change(job_id, person_id=self.ted)
        self.assertEqual({address: len(some) for address, some in mails.items()}, {MARIA: 1, TOM: 1})
        self.assertEqual(self.read_invitation(mails[MARIA][0])[0], "CANCEL")
        self.assertEqual(self.read_invitation(mails[TOM][0])[0], "REQUEST")
        self.check_entries(entries)
        self.let_reminder_be_due(job_id)
        mails = self.read_mails()
        self.assertEqual({address: len(some) for address, some in mails.items()}, {JEANNE: 1})
        self.check_french(mails[JEANNE][0], "Rappel : ")
        self.assertIn("Ted", self.read_text(mails[JEANNE][0]))
        self.check_work(job_id)
        events = self.read_events(job_id)
        steps = ["scheduled", "rescheduled", "rescheduled", "reassigned", "started", "completed"]
        self.assertEqual(sorted(event["data"]["event"] for event in events), sorted(steps))
        self.assertEqual(len({event["revision"] for event in events}), len(steps))

    def check_page(self, mail, job_id):
        """Check that the button of a mail leads to the job, for somebody who is not logged in."""
        page = mail.get_body(["html"]).get_content()
        start = page.index(f"https://shop.example.com/my/jobs/{job_id}")
        path = page[start : page.index('"', start)].removeprefix("https://shop.example.com").replace("&amp;", "&")
        text = read_text(Visitor(self.url).page(path))
        self.assertIn("Lot 3", text)
        self.assertIn("Maria", text)

    def check_entries(self, entries):
        """Check that the invitations are about one entry of the customer's calendar, each newer than the one before."""
        self.assertEqual({method for method, _entry in entries}, {"REQUEST"})
        self.assertEqual(len({str(entry["UID"]) for _method, entry in entries}), 1)
        sequences = [int(entry["SEQUENCE"]) for _method, entry in entries]
        self.assertEqual(sequences, sorted(set(sequences)))
        starts = [entry["DTSTART"].dt for _method, entry in entries]
        self.assertEqual([later - starts[0] for later in starts], [timedelta(hours=hours) for hours in range(3)])
        self.assertEqual(starts[0].tzinfo.key, self.zone.key)

    def let_reminder_be_due(self, job_id):
        """Let the day before the job have come: one reminder waits for it, of its present time."""

        def act(env):
            messages = env["service.notification.message"].search(
                [
                    ("res_model", "=", "fsm.order"),
                    ("res_id", "=", job_id),
                    ("event_id.code", "=", "job_tomorrow"),
                    ("state", "=", "queued"),
                ]
            )
            self.assertEqual(len(messages), 3)  # of the three times that it had; two are not true any more
            messages.next_try_at = messages.not_before = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
            messages._wake()

        self.rewrite(act)

    def check_work(self, job_id):
        """Check that the customer hears who has begun, and that it is done."""
        self.desk.call("fsm.order", "action_start", [job_id])
        self.assertEqual(self.subjects(self.read_mails()), {JEANNE: ["Ted a commencé"]})
        self.desk.call("fsm.order", "action_complete", [job_id])
        [[subject]] = self.subjects(self.read_mails()).values()
        self.assertTrue(subject.startswith("Terminé : "), subject)

    def test_cancelled(self):
        """A cancelled job leaves both calendars, and nobody is reminded of it."""
        job_id = self.create_job()
        first = self.read_mails()
        self.desk.call("fsm.order", "action_cancel", [job_id])
        mails = self.read_mails()
        self.assertEqual({address: len(some) for address, some in mails.items()}, {JEANNE: 1, MARIA: 1})
        for address in (JEANNE, MARIA):
            method, entry = self.read_invitation(mails[address][0])
            self.assertEqual((method, str(entry["STATUS"])), ("CANCEL", "CANCELLED"))
            self.assertEqual(str(entry["UID"]), str(self.read_invitation(first[address][0])[1]["UID"]))
        with transaction(self.database) as env:
            waiting = env["service.notification.message"].search(
                [("res_model", "=", "fsm.order"), ("res_id", "=", job_id), ("state", "=", "queued")]
            )
            waiting.next_try_at = waiting.not_before = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
            waiting._wake()
        self.assertEqual(self.read_mails(), {})
