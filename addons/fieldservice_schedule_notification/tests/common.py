from freezegun import freeze_time

from odoo.addons.fieldservice_schedule.tests.common import NINE, FieldCase
from odoo.addons.service_notification.tests.common import NotificationCase

NOW = "2031-10-13 08:00:00"
"""A week before NINE, UTC."""


class JobNotificationCase(FieldCase, NotificationCase):
    """A fleet in Paris with a lot in New York, where Maria and Tom of the windshield firm come to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.email = "office@glass.example"
        cls.customer.write({"email": "fleet@example.com", "tz": "Europe/Paris", "lang": "en_US"})
        cls.site.tz = "America/New_York"
        cls.user_maria.partner_id.write({"email": "maria@glass.example", "tz": "America/New_York"})
        cls.user_tom.partner_id.write({"email": "tom@glass.example", "tz": "America/New_York"})
        cls.dispatcher.partner_id.email = "dispatch@glass.example"
        (cls.maria | cls.tom).resource_id.tz = "America/New_York"

    def setUp(self):
        super().setUp()
        clock = freeze_time(NOW)
        self.clock = clock.start()
        self.addCleanup(clock.stop)

    def schedule(self, start=NINE, person=None, **values):
        """Return a job that has just got a technician and a time, by the dispatcher."""
        job = self.create_job(**values)
        job.with_user(self.dispatcher).write({"scheduled_date_start": start, "person_id": (person or self.maria).id})
        return job.with_env(self.env)

    def told(self):
        """Send what is due; return ``{address: [subjects]}`` of what went out."""
        found = {}
        for mail in self.send():
            found.setdefault(mail["To"].split("<")[-1].rstrip(">"), []).append(mail["Subject"].strip())
        self.emails.clear()
        return found

    def get_kinds(self, job, **values):
        """Return the kinds of the messages about a job that are in the outbox, in order."""
        messages = self.get_messages(res_model="fsm.order", res_id=job.id, **values)
        return [message.event_id.code.removeprefix("job_") for message in messages]
