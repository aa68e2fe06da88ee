from unittest.mock import patch

from odoo.addons.fieldservice_schedule.models.fsm_order_announce import FsmOrder

from .common import HOUR, NINE, FieldCase


class TestAnnounce(FieldCase):
    """What a change of jobs means is announced in one place, once for all that changed."""

    def setUp(self):
        super().setUp()
        self.heard = []
        announce = patch.object(FsmOrder, "_announce", lambda jobs, event, before: self.heard.append((event, jobs)))
        announce.start()
        self.addCleanup(announce.stop)

    def assert_heard(self, *expected):
        """Check what was announced since the last time, in order: ``(event, jobs)`` each."""
        self.assertEqual(self.heard, list(expected))
        self.heard.clear()

    def test_life_of_a_job(self):
        """Each step of a job is announced once, and what changes nothing is not."""
        job = self.create_job()
        self.assert_heard()
        job.write({"person_id": self.maria.id, "scheduled_date_start": NINE})
        self.assert_heard(("scheduled", job))
        job.scheduled_date_start = NINE + HOUR
        self.assert_heard(("rescheduled", job))
        job.person_id = self.tom
        self.assert_heard(("reassigned", job))
        job.write({"person_id": self.maria.id, "scheduled_date_start": NINE})
        self.assert_heard(("rescheduled", job))
        job.write({"person_id": self.maria.id, "scheduled_date_start": NINE, "description": "Chip"})
        self.assert_heard()
        job.person_id = False
        self.assert_heard(("unscheduled", job))
        job.person_id = self.maria
        self.heard.clear()
        job.action_start()
        self.assert_heard(("started", job))
        job.action_complete()
        self.assert_heard(("completed", job))
        job.action_close()
        self.assert_heard()

    def test_cancelled_and_failed(self):
        """A job that could not be done is not called cancelled; taken up again, it has no such reason any more."""
        job = self.create_job(NINE, self.maria)
        self.heard.clear()
        job.action_cancel()
        self.assert_heard(("cancelled", job))
        job.action_reopen()
        self.assert_heard(("scheduled", job))
        job._fail("Gate closed")
        self.assert_heard(("failed", job))
        job.action_reopen()
        self.assertFalse(job.failure_reason)

    def test_reservation_is_changed(self):
        """Whoever moves or cancels the reservation is heard as if he had changed the job."""
        job = self.create_job(NINE, self.maria)
        self.heard.clear()
        job.reservation_id._reschedule(f"time:{(NINE + HOUR).isoformat()}+00:00", by_staff=True)
        self.assertEqual([event for event, _jobs in self.heard], ["rescheduled"])
        self.heard.clear()
        job.reservation_id._cancel(by_staff=True, reason="Storm")
        self.assert_heard(("cancelled", job))

    def test_many_at_once(self):
        """Jobs of one change are announced together, one event each."""
        jobs = self.env["fsm.order"].create([self.job_values(NINE + i * HOUR, self.maria) for i in range(3)])
        self.assert_heard(("scheduled", jobs))
        first, second, third = jobs
        jobs._plan_many(
            {first: (self.maria, NINE + HOUR, 1.0), second: (self.maria, NINE, 1.0), third: (self.tom, NINE, 1.0)}
        )
        self.assert_heard(("rescheduled", jobs))
