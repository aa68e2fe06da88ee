from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from .common import HOUR, NINE, FieldCase


class TestState(FieldCase):
    """The state of a job, from its stage; its steps; when the work was really done."""

    def test_every_stage_has_a_code(self):
        """fieldservice's stages and the missing ones stand for the six states, for every company."""
        stages = self.env["fsm.stage"].search([("stage_type", "=", "order")])
        seeded = stages.filtered(lambda stage: not stage.company_id)
        self.assertEqual(
            seeded.mapped("code"), ["requested", "assigned", "in_progress", "completed", "closed", "cancelled"]
        )

    def test_custom_stage(self):
        """A stage of one's own means what the stage before it means, as far as it is as open as that."""
        stage = self.env["fsm.stage"].create
        waiting = stage({"name": "Waiting for glass", "stage_type": "order", "sequence": 50})
        ready = stage({"name": "On the van", "stage_type": "order", "sequence": 25})
        invoiced = stage({"name": "Invoiced", "stage_type": "order", "sequence": 95, "is_closed": True})
        self.assertEqual([waiting.code, ready.code, invoiced.code], ["in_progress", "assigned", "closed"])
        with self.assertRaises(ValidationError):
            ready.code = False

    def test_missing_stages_find_room(self):
        """A taken sequence is no obstacle: fieldservice refuses two stages with the same."""
        stages = self.env["fsm.stage"].search([("code", "=", "assigned")])
        stages.write({"code": "requested"})
        self.env["fsm.stage"]._create_missing()
        fresh = self.env["fsm.stage"].search([("code", "=", "assigned")])
        self.assertEqual(len(fresh), 1)
        self.assertNotIn(fresh.sequence, stages.mapped("sequence"))

    def test_technician_assigns(self):
        """Who gets a technician is assigned, who loses him requested again; in a batch, and when created."""
        jobs = self.create_job() | self.create_job()
        self.assertEqual(jobs.mapped("state"), ["requested"] * 2)
        jobs.person_id = self.maria
        self.assertEqual(jobs.mapped("state"), ["assigned"] * 2)
        jobs.person_id = False
        self.assertEqual(jobs.mapped("state"), ["requested"] * 2)
        self.assertEqual(self.create_job(person=self.maria).state, "assigned")

    def test_form_with_technician(self):
        """A new job that gets its technician in the form is assigned, though the form sends the stage of new jobs."""
        with Form(self.env["fsm.order"].with_user(self.dispatcher)) as form:
            form.location_id = self.site
            form.person_id = self.maria
            form.scheduled_date_start = NINE
        self.assertEqual(form.record.state, "assigned")
        self.assert_time(form.record.sudo(), self.maria, NINE, NINE + HOUR)

    def test_actual_times(self):
        """Starting and completing stamp the actual times; neither planning nor reopening loses the start."""
        job = self.create_job(NINE, self.maria)
        with freeze_time("2031-10-20 09:07:00"):
            job.action_start()
        with freeze_time("2031-10-20 10:37:00"):
            job.action_complete()
        self.assertEqual((job.state, job.duration), ("completed", 1.5))
        with freeze_time("2031-10-20 11:00:00"):
            job.action_reopen()
            self.assertEqual((job.state, job.date_end), ("in_progress", False))
        with freeze_time("2031-10-20 11:07:00"):
            job.action_complete()
        self.assertEqual(job.duration, 2.0)
        job.action_close()
        self.assertEqual(job.state, "closed")

    def test_kanban_may_complete(self):
        """Dragging to Completed does what the button does (fieldservice refuses it)."""
        job = self.create_job(NINE, self.maria)
        job.action_start()
        job.stage_id = self.env.ref("fieldservice.fsm_stage_completed")
        self.assertEqual(job.state, "completed")
        self.assertTrue(job.date_end)

    def test_steps(self):
        """A step that is not allowed is refused whichever way the stage is written, and names the jobs."""
        job = self.create_job()
        with self.assertRaisesRegex(UserError, f"{job.name} cannot go from Requested to Closed"):
            job.stage_id = self.env.ref("fieldservice_schedule.fsm_stage_closed")
        with self.assertRaisesRegex(UserError, "Choose a technician first"):
            job.action_start()
        job.action_cancel()
        with self.assertRaises(UserError):
            job.action_complete()
        job.action_reopen()
        self.assertEqual(job.state, "requested")

    def test_second_company(self):
        """A second company has stages and a team (fieldservice: "You must create an FSM order stage first")."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.dispatcher.write({"company_ids": [(4, other.id)], "company_id": other.id})
        env = self.env(user=self.dispatcher, context={"allowed_company_ids": other.ids})
        job = env["fsm.order"].create(self.job_values(NINE, self.maria, company_id=other.id))
        self.assertEqual((job.state, job.company_id), ("assigned", other))
        self.assert_time(job.sudo(), self.maria, NINE, NINE + HOUR)
        self.assertEqual(job.sudo().reservation_id.company_id, other)
