from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.fieldservice_schedule.dispatchlib import Fault
from odoo.addons.fieldservice_schedule.tests.pseudo_french import LANG, MARK, speak_french

from ..models import fsm_plan_run
from .common import EIGHT, HOUR, TODAY, PlanCase


@tagged("post_install", "-at_install")
class TestPlan(PlanCase):
    """A plan places what it may, keeps what it must, and says what it saves and why."""

    def test_new_jobs(self):
        """Jobs that nobody has go to whom they are near; nothing is booked before it is applied."""
        west, east = self.create_open_job(location_id=self.west.id), self.create_open_job(location_id=self.east.id)
        plan = self.compute(self.create_plan())
        lines = self.lines(plan)
        self.assertEqual([lines[job].person_id for job in (west, east)], [self.maria, self.tom])
        self.assertEqual({line.kind for line in lines.values()}, {"new"})
        self.assertEqual((plan.unassigned_before, plan.unassigned_after, plan.change_count), (2, 0, 2))
        self.assertTrue(plan.driving_before == 0 < plan.driving_after and plan.late_after == plan.overtime_after == 0)
        self.assertFalse(west.person_id or west.scheduled_date_start)
        self.assertIn(west.name, plan.preview)
        self.assertIn("Maria", plan.preview)

    def test_clock(self):
        """Days and times are those of the company's clock, as its language writes them, whoever looks from wherever."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.tz = "Asia/Kolkata"
        job = self.create_open_job(request_early=EIGHT + 6 * HOUR, location_id=self.west.id)
        plan = self.compute(self.create_plan(person_ids=self.maria.ids))
        self.assertEqual(self.lines(plan)[job].start, EIGHT + 6 * HOUR)  # 19:30 in India, 10:00 in New York
        for tz in ("Asia/Kolkata", "America/New_York"):
            reader = plan.with_context(lang="fr_FR", tz=tz)
            self.assertIn("lundi 20 octobre 2031", reader.preview)
            self.assertIn("19:30", reader.preview)
        self.dispatcher.tz = "America/New_York"
        with freeze_time("2031-10-20 02:00:00"):
            self.assertEqual(plan.with_context(default_kind="replan")._default_day(), TODAY)
        line = self.lines(plan)[job]
        line.sudo().write({"kind": "moved", "old_person_id": self.tom.id, "old_start": EIGHT})
        self.assertRegex(line.with_context(lang="en_US")._say_former(), r"^from Tom, 1:30\sPM$")
        line.sudo().old_start = EIGHT - 24 * HOUR
        self.assertEqual(line.with_context(lang="fr_FR")._say_former(), "from Tom, dim. 19 oct., 13:30")

    def test_better_than_by_hand(self):
        """Jobs that were given to the wrong ends of the town change hands, and it is said what that saves."""
        west = self.create_job(EIGHT + HOUR, self.tom, location_id=self.west.id)
        east = self.create_job(EIGHT + HOUR, self.maria, location_id=self.east.id)
        self.company.dispatch_moved = 5
        plan = self.compute(self.create_plan(with_assigned=True))
        lines = self.lines(plan)
        self.assertEqual([lines[job].kind for job in (west, east)], ["moved", "moved"])
        self.assertLess(plan.driving_after, plan.driving_before / 3)
        self.assertEqual({line.start for line in lines.values()}, {EIGHT + HOUR})

    def test_few_changes(self):
        """What saves less than a change of technician is worth stays with whom it is, at its time."""
        job = self.create_job(EIGHT + 3 * HOUR, self.tom, location_id=self.site.id)
        self.company.dispatch_moved = 600
        plan = self.compute(self.create_plan(kind="replan", with_assigned=True))
        line = self.lines(plan)[job]
        self.assertEqual((line.kind, line.start, plan.change_count), ("kept", EIGHT + 3 * HOUR, 0))

    def test_what_stays(self):
        """Locked, promised, overbooked and past jobs, and what is under way, are planned around and never moved."""
        self.company.dispatch_moved = 0
        values = {"location_id": self.west.id}
        locked = self.create_job(EIGHT + HOUR, self.tom, is_locked=True, location_id=self.east.id)
        under_way = self.create_job(EIGHT + 2 * HOUR, self.tom, location_id=self.east.id)
        promised = self.create_job(EIGHT + 5 * HOUR, self.tom, is_time_promised=True, **values)
        free = self.create_job(EIGHT + 7 * HOUR, self.tom, **values)
        under_way.action_start()
        plan = self.compute(self.create_plan(with_assigned=True, time_rule="free"))
        kinds = {line.job_id: line.kind for line in plan.line_ids}
        self.assertEqual([kinds[job] for job in (locked, under_way)], ["fixed", "fixed"])
        line = self.lines(plan)[promised]
        self.assertEqual((line.kind, line.person_id, line.start), ("moved", self.maria, EIGHT + 5 * HOUR))
        self.assertEqual(self.lines(plan)[free].kind, "moved")
        with freeze_time(EIGHT + 6 * HOUR):
            self.assertEqual(plan._find_jobs(), free)
        free.action_lock()
        self.assertEqual(plan._find_jobs(), promised)

    def test_times(self):
        """Times stay, move by no more than was allowed, or move as the customer asked."""
        job = self.create_job(EIGHT + 4 * HOUR, self.maria, location_id=self.west.id)
        self.create_leave(EIGHT + 3 * HOUR, EIGHT + 4.5 * HOUR, person=self.tom)
        job.write({"request_early": EIGHT, "request_late": EIGHT + 9 * HOUR})
        self.create_job(EIGHT + 5 * HOUR, self.maria, is_locked=True, location_id=self.west.id)
        starts = {}
        for rule in ("keep", "near", "free"):
            plan = self.compute(self.create_plan(with_assigned=True, time_rule=rule, shift_minutes=30))
            starts[rule] = self.lines(plan)[job].start
        self.assertEqual(starts, dict.fromkeys(starts, EIGHT + 4 * HOUR))
        # Maria has something else from 12:00 on: only the time can give
        self.create_leave(EIGHT + 3.8 * HOUR, EIGHT + 4.2 * HOUR, person=self.maria)
        kinds = {}
        for rule in ("keep", "near", "free"):
            plan = self.compute(self.create_plan(with_assigned=True, time_rule=rule, shift_minutes=75))
            line = self.lines(plan)[job]
            kinds[rule] = line.kind
            if rule == "near":
                self.assertLessEqual(abs(line.start - (EIGHT + 4 * HOUR)), timedelta(minutes=75))
        self.assertEqual(kinds["keep"], "dropped")
        self.assertEqual({kinds["near"], kinds["free"]}, {"retimed"})

    def test_window_of_the_customer(self):
        """Whatever is allowed to move stays within the times that the customer asked for."""
        job = self.create_job(EIGHT + 4 * HOUR, self.maria, location_id=self.west.id)
        job.write({"request_early": EIGHT + 3.5 * HOUR, "request_late": EIGHT + 4 * HOUR})
        self.create_leave(EIGHT + 3.9 * HOUR, EIGHT + 9 * HOUR, person=self.maria)
        self.create_leave(EIGHT, EIGHT + 9 * HOUR, person=self.tom)
        for rule in ("near", "free"):
            line = self.lines(self.compute(self.create_plan(with_assigned=True, time_rule=rule, shift_minutes=240)))[
                job
            ]
            self.assertEqual(line.kind, "dropped")

    def test_nobody_can(self):
        """What nobody can do says why; a site without coordinates is named, and its job stays where it is."""
        kind = self.env["hr.skill.type"].create({"name": "Glass"})
        skill = self.env["hr.skill"].create({"name": "Glass II", "skill_type_id": kind.id})
        hard = self.create_open_job(skill_ids=[(6, 0, skill.ids)])
        nowhere = self.env["fsm.location"].create({"name": "Nowhere", "owner_id": self.customer.id, "tz": "UTC"})
        lost = self.create_open_job(location_id=nowhere.id)
        kept = self.create_job(EIGHT + HOUR, self.maria, location_id=nowhere.id)
        plan = self.compute(self.create_plan(with_assigned=True))
        lines = self.lines(plan)
        self.assertEqual([lines[job].kind for job in (hard, lost, kept)], ["unplaced", "unplaced", "kept"])
        self.assertIn("Maria: lacks Glass II", lines[hard].why)
        self.assertIn("Nowhere has no coordinates", lines[lost].why)
        self.assertEqual((plan.unassigned_before, plan.unassigned_after), (2, 2))
        self.assertIn("lacks Glass II", plan.preview)

    def test_sick_technician(self):
        """Who falls ill loses his jobs: to others as far as they can, the rest is said to be nobody's."""
        jobs = [self.create_job(EIGHT + hour * HOUR, self.maria, 3, location_id=self.east.id) for hour in (0.5, 4)]
        self.create_job(EIGHT + 4 * HOUR, self.tom, hours=4.5, is_locked=True, location_id=self.east.id)
        self.create_leave(EIGHT - 4 * HOUR, EIGHT + 12 * HOUR, "Ill", person=self.maria)
        plan = self.compute(self.create_plan(kind="replan", with_assigned=True, time_rule="free"))
        kinds = sorted(self.lines(plan)[job].kind for job in jobs)
        self.assertEqual(kinds, ["dropped", "moved"])
        plan.action_apply()
        self.assertEqual(sorted(job.state for job in jobs), ["assigned", "requested"])
        self.assertFalse([job for job in jobs if job.person_id == self.maria])

    def test_day_of_25_hours(self):
        """On the day on which the clock goes back the plan is made by the company's clock."""
        self.company.partner_id.tz = self.week.tz = "America/New_York"
        self.everybody.resource_id.tz = "America/New_York"
        self.week.write({"attendance_ids": [(0, 0, {"name": "S", "dayofweek": "6", "hour_from": 0, "hour_to": 12})]})
        sunday = date(2031, 11, 2)
        job = self.create_open_job(location_id=self.west.id, request_early=datetime(2031, 11, 2, 4), hours=1)
        job.request_late = datetime(2031, 11, 3, 5)
        plan = self.compute(self.create_plan(date_from=sunday, date_to=sunday))
        line = self.lines(plan)[job]
        self.assertEqual((line.day, line.kind), (sunday, "new"))
        self.assertTrue(datetime(2031, 11, 2, 4) <= line.start < datetime(2031, 11, 2, 17))
        plan.action_apply()
        self.assert_time(job.sudo(), line.person_id, line.start, line.start + HOUR)

    def test_faults_are_never_shown(self):
        """A plan that breaks a rule is an error: nobody sees it, nothing can be applied."""
        self.create_open_job()
        plan = self.create_plan()
        plan.action_start()
        logger = "odoo.addons.fieldservice_schedule_dispatch_plan.models.fsm_plan_run"
        with patch.object(fsm_plan_run, "faults", return_value=[Fault("too_fast")]), mute_logger(logger):
            with self.assertRaisesRegex(fsm_plan_run.FaultyPlan, "too_fast"):
                plan._run()
        plan._fail(exc_message="The plan broke its own rules")
        self.assertEqual((plan.state, len(plan.line_ids)), ("failed", 0))
        self.assertIn("nothing was changed", plan.problem_text)
        self.assertIn("tell your administrator: The plan broke its own rules", plan.problem_text)
        with self.assertRaises(UserError):
            plan.action_apply()

    def test_form(self):
        """A dispatcher opens the form, sees how many jobs there are, and plans; with none he is told."""
        plan_model = self.env["fsm.plan"].with_user(self.dispatcher)
        form = Form(plan_model, "fieldservice_schedule_dispatch_plan.fsm_plan_view_form_new")
        self.assertEqual(form.date_from, TODAY + timedelta(days=1))
        form.date_from = form.date_to = TODAY
        before = form.candidate_count
        self.create_open_job()
        form.with_assigned = True
        self.assertEqual(form.candidate_count, before + 1)
        plan = form.save()
        self.env["fsm.order"].search([]).filtered(lambda job: job.state == "requested").action_cancel()
        with self.assertRaisesRegex(UserError, "no job to plan"):
            plan.action_start()

    def test_chosen_jobs_and_technicians(self):
        """Only the chosen jobs are planned, with the chosen technicians."""
        self.company.dispatch_unserved = 600
        jobs = [self.create_open_job(location_id=self.west.id) for _number in range(2)]
        plan = self.compute(self.create_plan(job_ids=[(6, 0, jobs[0].ids)], person_ids=[(6, 0, self.tom.ids)]))
        self.assertEqual([(job, line.person_id) for job, line in self.lines(plan).items()], [(jobs[0], self.tom)])

    def test_overdue(self):
        """A job that should have been done yesterday is planned; one that is wanted next week is not."""
        overdue = self.create_open_job(request_early=EIGHT - 72 * HOUR, request_late=EIGHT - 24 * HOUR)
        later = self.create_open_job(request_early=EIGHT + 100 * HOUR, request_late=EIGHT + 140 * HOUR)
        lines = self.lines(self.compute(self.create_plan()))
        self.assertEqual(lines[overdue].kind, "new")
        self.assertNotIn(later, lines)


@tagged("post_install", "-at_install")
class TestWords(PlanCase):
    """What a plan says is put into words when somebody reads it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        speak_french(cls, "fieldservice_schedule_dispatch", "fieldservice_schedule_dispatch_plan")

    def test_reasons_in_each_ones_language(self):
        """Whoever reads a plan reads its reasons in his own language, whatever that of who had it computed was."""
        self.locate(self.tom, 46.8, -92.1)
        job = self.create_open_job(priority="3")
        far = self.create_lot("Far", 100.0)
        lost = self.create_open_job(location_id=far.id)
        lines = self.lines(self.compute(self.create_plan()))
        self.assertEqual(lines[job].why, "urgent")
        english = lines[lost].why
        for line, former in ((lines[job], "urgent"), (lines[lost], english)):
            french = line.with_context(lang=LANG).why
            self.assertIn(MARK, french)
            self.assertEqual(line.with_context(lang="en_US").why, former)
        self.assertIn("Maria: ", lines[lost].with_context(lang=LANG).why)

    def test_reasons_are_said_without_queries(self):
        """What names jobs, skills and people is kept with their names: reading many lines does not ask for each."""
        kind = self.env["hr.skill.type"].create({"name": "Glass"})
        skill = self.env["hr.skill"].create({"name": "Glass II", "skill_type_id": kind.id})
        self.create_job(EIGHT, self.maria, hours=9.0)
        wanted = {"request_early": EIGHT, "request_late": EIGHT + HOUR}
        jobs = self.env["fsm.order"].union(
            *(self.create_open_job(skill_ids=[(6, 0, skill.ids)]) for _one in range(4)),
            *(self.create_open_job(scheduled_duration=8.5, **wanted) for _one in range(4)),
        )
        lines = self.compute(self.create_plan(job_ids=[(6, 0, jobs.ids)])).line_ids.filtered(
            lambda line: line.kind == "unplaced"
        )
        lines.mapped("why")  # the languages into the registry's caches
        counts = []
        for some in (lines[:1], lines):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            said = " ".join(some.mapped("why"))
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        self.assertGreater(len(lines), 5)
        self.assertIn("lacks Glass II", said)

    def test_reasons_of_old_plans(self):
        """What an older plan has written down in words is shown as it was."""
        self.create_open_job()
        line = self.compute(self.create_plan()).line_ids[0].sudo()
        line.write({"told": False, "reason": "was here before"})
        self.assertEqual(line.why, "was here before")
