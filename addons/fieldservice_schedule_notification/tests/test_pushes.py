import json

from odoo.addons.fieldservice_schedule.tests.common import HOUR, NINE, FieldCase


class TestJobPushes(FieldCase):
    """What programs are told of jobs."""

    def setUp(self):
        super().setUp()
        self.env["service.webhook.endpoint"].search([]).active = False
        self.endpoint = self.env["service.webhook.endpoint"].create(
            {"name": "Board", "url": "https://93.184.216.34/hooks", "company_id": self.company.id}
        )

    def get_bodies(self):
        """Return the bodies of the deliveries, in order."""
        deliveries = self.env["service.webhook.delivery"].search([("endpoint_id", "=", self.endpoint.id)], order="id")
        return [json.loads(delivery.body) for delivery in deliveries]

    def test_life_of_a_job(self):
        """Each step is one event with the job as it is, in the site's zone, with a revision that rises."""
        self.site.tz = "America/New_York"
        job = self.create_job()
        job.write({"person_id": self.maria.id, "scheduled_date_start": NINE})
        job.scheduled_date_start = NINE + HOUR
        job.person_id = self.tom
        job.action_start()
        job.action_complete()
        bodies = self.get_bodies()
        self.assertEqual(
            [body["data"]["event"] for body in bodies],
            ["scheduled", "rescheduled", "reassigned", "started", "completed"],
        )
        self.assertEqual([body["revision"] for body in bodies], [1, 2, 3, 4, 5])
        self.assertEqual(bodies[1]["data"]["scheduled_start"], "2031-10-20T06:00:00-04:00")
        self.assertEqual(bodies[2]["data"]["technician_name"], "Tom")
        self.assertEqual(bodies[-1]["data"]["status"], "completed")

    def test_another_company(self):
        """Endpoints of another company hear nothing."""
        self.endpoint.company_id = self.env["res.company"].create({"name": "Other"})
        self.create_job(NINE, self.maria)
        self.assertEqual(self.get_bodies(), [])
