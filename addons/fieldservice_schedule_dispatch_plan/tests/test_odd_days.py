from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.fieldservice_schedule.dispatchlib import planner

from ..models.fsm_plan_progress import Reporter
from .common import EIGHT, HOUR, TODAY, PlanCase

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestOddDays(PlanCase):
    """Days on which something is odd: each has an outcome that is said in words."""

    def plan(self, **values):
        return self.compute(self.create_plan(**values))

    def test_nobody_can(self):
        """A job longer than any shift, and one whose skill nobody has, are nobody's, with each one's reason."""
        kind = self.env["hr.skill.type"].create({"name": "Glass"})
        skill = self.env["hr.skill"].create({"name": "Calibration", "skill_type_id": kind.id})
        long = self.create_open_job(scheduled_duration=12)
        hard = self.create_open_job(skill_ids=[(6, 0, skill.ids)])
        plan = self.plan()
        lines = self.lines(plan)
        self.assertEqual({lines[job].kind for job in (long, hard)}, {"unplaced"})
        for name in ("Maria", "Tom"):
            self.assertIn(f"{name}: works for 9:00 h at a stretch, the job takes 12:00 h", lines[long].why)
            self.assertIn(f"{name}: lacks Calibration", lines[hard].why)
        plan.action_apply()
        self.assertEqual((plan.state, long.state, hard.state), ("applied", "requested", "requested"))

    def test_no_jobs(self):
        """A plan without jobs is refused in words; one whose jobs are gone when it begins applies nothing."""
        with self.assertRaisesRegex(UserError, "no job to plan"):
            self.create_plan().action_start()
        job = self.create_open_job()
        plan = self.create_plan()
        plan.action_start()
        job.action_cancel()
        plan._run()
        self.assertEqual((plan.state, plan.change_count, plan.unassigned_after), ("ready", 0, 0))
        plan.action_apply()
        self.assertEqual(plan.state, "applied")

    def test_nobody_works(self):
        """Without technicians every job is nobody's, and that is why."""
        job = self.create_open_job()
        self.everybody.active = False
        self.assertEqual(self.lines(self.plan())[job].why, "There is no technician.")

    def test_week_with_a_public_holiday(self):
        """On a public holiday nobody is given anything; who must be served then is nobody's, and it is said."""
        wednesday = EIGHT + 2 * DAY
        self.create_leave(wednesday - 8 * HOUR, wednesday + 16 * HOUR, "Founders' Day", company_id=self.company.id)
        jobs = self.env["fsm.order"].union(*(self.create_open_job(scheduled_duration=6) for _number in range(8)))
        jobs.request_late = EIGHT + 5 * DAY
        strict = self.create_open_job(request_early=wednesday, request_late=wednesday + 8 * HOUR)
        self.company.dispatch_unserved = 600
        plan = self.plan(date_to=TODAY + 4 * DAY, iterations=400)
        lines = self.lines(plan)
        days = [lines[job].day for job in jobs]
        self.assertEqual(sorted(days), sorted(2 * [TODAY, TODAY + DAY, TODAY + 3 * DAY, TODAY + 4 * DAY]))
        self.assertEqual(lines[strict].kind, "unplaced")
        self.assertIn("Maria: ", lines[strict].why)
        plan.action_apply()
        self.assertEqual(plan.state, "applied")

    def test_clocks_go_forward(self):
        """In Sydney and in New York, on the Sunday of 23 hours, from 0 to 6 on the wall are five hours of work."""
        for zone, sunday, midnight in (
            ("Australia/Sydney", date(2031, 10, 5), datetime(2031, 10, 4, 14)),
            ("America/New_York", date(2032, 3, 14), datetime(2032, 3, 14, 5)),
        ):
            with self.subTest(zone), freeze_time(datetime(2031, 9, 1)):
                self.company.partner_id.tz = self.week.tz = zone
                self.everybody.resource_id.tz = zone
                hours = {"name": "S", "dayofweek": "6", "hour_from": 0, "hour_to": 6}
                self.week.attendance_ids.filtered(lambda line: line.dayofweek == "6").unlink()
                self.week.write({"attendance_ids": [(0, 0, hours)]})
                jobs = self.env["fsm.order"].union(
                    *(self.create_open_job(location_id=self.west.id, scheduled_duration=2) for _number in range(6))
                )
                plan = self.plan(date_from=sunday, date_to=sunday, job_ids=[(6, 0, jobs.ids)])
                placed = [line for line in plan.line_ids if line.kind == "new"]
                self.assertTrue(placed)
                for line in placed:
                    self.assertEqual(line.day, sunday)
                    self.assertTrue(midnight <= line.start and line.stop <= midnight + 5 * HOUR)
                    self.assertEqual(line.stop - line.start, 2 * HOUR)
                plan.action_apply()
                self.assertEqual(plan.state, "applied")

    def test_past_midnight(self):
        """A night's jobs are planned as one turn; the next plan finds them where they are."""
        lines = [
            (0, 0, {"name": "Night", "dayofweek": str(day), "hour_from": start, "hour_to": stop})
            for day in range(7)
            for start, stop in ((22, 24), (0, 6))
        ]
        nights = self.env["resource.calendar"].create(
            {"name": "Nights", "company_id": self.company.id, "tz": "UTC", "attendance_ids": [(5, 0, 0), *lines]}
        )
        self.maria.resource_id.calendar_id = nights
        jobs = self.env["fsm.order"].union(
            *(
                self.create_open_job(
                    scheduled_duration=2.5, request_early=EIGHT + 14 * HOUR, request_late=EIGHT + 21 * HOUR
                )
                for _number in range(2)
            )
        )
        plan = self.plan(date_to=TODAY + DAY, job_ids=[(6, 0, jobs.ids)])
        lines = self.lines(plan)
        self.assertEqual({line.person_id for line in lines.values()}, {self.maria})
        self.assertEqual([lines[job].day for job in jobs], [TODAY, TODAY])
        self.assertTrue(max(line.stop for line in lines.values()) > EIGHT + 16 * HOUR)
        plan.action_apply()
        again = self.plan(kind="replan", with_assigned=True, with_unassigned=False, date_to=TODAY + DAY)
        self.assertEqual({line.kind for line in self.lines(again).values()}, {"kept"})
        self.assertEqual((again.driving_before, again.late_before), (again.driving_after, 0))

    def test_at_noon_from_where_people_are(self):
        """At noon a plan reckons from where the technicians are: what it shows leaves the time to drive from there."""
        far = self.create_job(EIGHT + 3 * HOUR, self.maria, 2, location_id=self.east.id)
        with freeze_time(EIGHT + 3 * HOUR):
            far.action_start()
        self.create_leave(EIGHT, EIGHT + 9 * HOUR, person=self.tom)
        job = self.create_open_job(location_id=self.west.id)
        with freeze_time(EIGHT + 4 * HOUR):
            plan = self.plan(kind="replan", with_assigned=True)
            line = self.lines(plan)[job]
            self.assertGreater(line.drive_minutes, 40)
            plan.action_apply()
            self.assertFalse(job.driving_conflict)
            self.assertEqual((far.person_id, far.scheduled_date_start), (self.maria, EIGHT + 3 * HOUR))

    def test_under_way_makes_nothing_stale(self):
        """Somebody who begins a job between the plan and the click makes no plan stale."""
        job = self.create_job(EIGHT + 3 * HOUR, self.maria, 2, location_id=self.east.id, is_locked=True)
        self.create_open_job(location_id=self.west.id)
        with freeze_time(EIGHT + 2 * HOUR):
            plan = self.plan()
            job.action_start()
            plan.action_apply()
            self.assertEqual(plan.state, "applied", plan.problem_text)

    def test_second_company(self):
        """The company's own technicians and jobs are planned, by its own weights, whoever starts the plan."""
        stranger = self.create_stranger(dispatch_unserved=1)
        other = stranger.company_id
        other.partner_id.tz = "UTC"
        self.maria.company_id = self.company
        person = self.env["fsm.person"].create({"name": "Zoe", "company_id": other.id, "calendar_id": self.week.id})
        self.locate(person, 28.50, -81.49)
        mine = self.create_open_job(location_id=self.west.id)
        plans = self.env["fsm.plan"].with_user(stranger)
        with self.assertRaisesRegex(UserError, "no job to plan"):
            plans.create({"date_from": TODAY, "date_to": TODAY}).action_start()
        site = self.env["fsm.location"].create({"name": "Their lot", "owner_id": self.customer.id, "tz": "UTC"})
        self.locate(site, 28.50, -81.20)
        theirs = self.create_open_job(location_id=site.id, company_id=other.id)
        plan = plans.create({"date_from": TODAY, "date_to": TODAY, "person_ids": [(6, 0, person.ids)]})
        plan.action_start()
        plan.sudo().iterations = 50
        plan.sudo()._run()
        line = plan.line_ids
        # more than a minute of driving is not worth it to this company
        self.assertEqual((line.job_id, line.kind, line.why), (theirs, "unplaced", "Zoe: is too far away."))
        self.assertNotIn(mine, line.job_id)

    def test_big_teams_begin_elsewhere(self):
        """PyVRP is let make the start of a plan, unless the plan is to repeat, which is counted in tries."""
        asked = []
        self.patch(planner.pyvrp_start, "suits", lambda board: asked.append(board.size) and False)
        self.create_open_job()
        self.plan()
        self.assertEqual(asked, [])
        plan = self.create_plan(iterations=0, seconds=1)
        plan.action_start()
        self.patch(Reporter, "is_stopped", lambda _reporter: True)  # clocks stand still here
        plan._run()
        self.assertEqual((plan.state, len(asked)), ("ready", 1))
