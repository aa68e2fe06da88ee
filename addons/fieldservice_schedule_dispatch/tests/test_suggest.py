from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import EIGHT, HOUR, TODAY, DispatchCase


@tagged("post_install", "-at_install")
class TestSuggest(DispatchCase):
    """Who should do this? The answers are right, and say why."""

    def suggest(self, job, days=1):
        """Return ``({name: choice}, {name: reasons in words})`` of a job from today on."""
        dispatch = self.env["fsm.dispatch"]
        choices, refused, _notes = dispatch._suggest(job, TODAY, TODAY + timedelta(days=days - 1))
        return (
            {choice.person.name: choice for choice in choices},
            {one.person.name: dispatch._say_reasons(one.reasons) for one in refused},
        )

    def test_the_nearer_first(self):
        """Who is nearer comes first; each answer says how far it is, and the time is one that he can keep."""
        job = self.create_open_job()
        choices, refused = self.suggest(job)
        self.assertEqual((list(choices), refused), (["Maria", "Tom"], {}))
        maria = choices["Maria"]
        self.assertTrue(EIGHT < maria.start < EIGHT + HOUR)
        self.assertEqual((maria.start.minute % 5, maria.start.second), (0, 0))
        self.assertRegex(
            self.env["fsm.dispatch"]._say_choice(job, maria), r"^free, \d+ min away, \d+ min more driving$"
        )

    def test_skill(self):
        """Who lacks a skill is not proposed, and it is said which."""
        kind = self.env["hr.skill.type"].create({"name": "Glass"})
        level = self.env["hr.skill.level"].create({"name": "Good", "skill_type_id": kind.id, "level_progress": 50})
        skill = self.env["hr.skill"].create({"name": "Glass II", "skill_type_id": kind.id})
        self.env["fsm.person.skill"].create(
            {
                "person_id": self.tom.id,
                "skill_id": skill.id,
                "skill_type_id": kind.id,
                "skill_level_id": level.id,
            }
        )
        choices, refused = self.suggest(self.create_open_job(skill_ids=[(6, 0, skill.ids)]))
        self.assertEqual((list(choices), refused), (["Tom"], {"Maria": "lacks Glass II"}))

    def test_leave_and_weekend(self):
        """Who is on leave is not there; on Sunday nobody is."""
        self.create_leave(EIGHT - 8 * HOUR, EIGHT + 16 * HOUR, person=self.maria)
        job = self.create_open_job()
        choices, refused = self.suggest(job)
        self.assertEqual((list(choices), refused), (["Tom"], {"Maria": "is not there on that day"}))
        dispatch = self.env["fsm.dispatch"]
        sunday = TODAY + timedelta(days=6)
        self.assertFalse(dispatch._suggest(job, sunday, sunday)[0])

    def test_long_leave(self):
        """Who is away for weeks, so that he has no hours at all around the day, is not there."""
        self.create_leave(EIGHT - 240 * HOUR, EIGHT + 240 * HOUR, person=self.maria)
        choices, refused = self.suggest(self.create_open_job())
        self.assertEqual((list(choices), refused), (["Tom"], {"Maria": "is not there on that day"}))

    def test_taken(self):
        """Time that somebody has already is not proposed, whether for a job or for something else."""
        self.create_job(EIGHT, self.maria, 8.9)
        choices, refused = self.suggest(self.create_open_job())
        self.assertEqual(list(choices), ["Tom"])
        self.assertTrue(refused["Maria"].startswith(("has ", "the day is full", "would be back", "the appointments")))

    def test_arranged_by_people(self):
        """Jobs that people put at the very edges of a day, or too close together, leave the rest of it free."""
        far = self.env["fsm.location"].create({"name": "Far", "owner_id": self.customer.id, "tz": "UTC"})
        self.locate(far, 28.50, -81.20)
        self.create_job(EIGHT, self.maria, 1)
        self.create_job(EIGHT + HOUR, self.maria, 1, location_id=far.id)
        self.create_job(EIGHT + 8 * HOUR, self.maria, 1)
        choice = self.suggest(self.create_open_job())[0]["Maria"]
        self.assertTrue(EIGHT + 2 * HOUR < choice.start < EIGHT + 7 * HOUR)

    def test_between_two_jobs(self):
        """A job between two others leaves time for the way, and is reserved as it is proposed."""
        self.create_job(EIGHT + HOUR, self.maria, 1)
        self.create_job(EIGHT + 4 * HOUR, self.maria, 1)
        job = self.create_open_job(scheduled_duration=2)
        choice = self.suggest(job)[0]["Maria"]
        job.write({"person_id": self.maria.id, "scheduled_date_start": choice.start})
        self.assert_time(job, self.maria, choice.start, choice.start + 2 * HOUR)

    def test_preferred_and_previous(self):
        """Who was there before is preferred, as long as another is not much nearer."""
        before = self.create_job(EIGHT - 24 * HOUR, self.tom, 1)
        before.action_start()
        before.action_complete()
        self.locate(self.site, 28.50, -81.30)
        job = self.create_open_job()
        choices, _refused = self.suggest(job)
        self.assertEqual(next(iter(choices)), "Tom")
        self.assertIn("was here before", self.env["fsm.dispatch"]._say_choice(job, choices["Tom"]))

    def test_requested_time(self):
        """A job that is wanted between two and four begins then, or is not proposed."""
        two = EIGHT + 6 * HOUR
        job = self.create_open_job(request_early=two, request_late=two + 2 * HOUR)
        choices, _refused = self.suggest(job)
        self.assertTrue(all(two <= choice.start <= two + 2 * HOUR for choice in choices.values()))
        self.assertTrue(choices)
        other_day = self.create_open_job(request_early=two + 48 * HOUR, request_late=two + 50 * HOUR)
        self.assertFalse(self.suggest(other_day)[0])

    def test_limit_of_jobs(self):
        """Who has as many jobs as he is given on a day gets no more."""
        self.maria.max_jobs = 1
        self.create_job(EIGHT + HOUR, self.maria, 1)
        choices, refused = self.suggest(self.create_open_job())
        self.assertEqual((list(choices), refused), (["Tom"], {"Maria": "has his jobs for the day already"}))

    def test_no_coordinates(self):
        """A site that nobody has located is named, and no place is guessed for it."""
        self.locate(self.site, 0, 0)
        job = self.create_open_job()
        self.assertEqual(self.suggest(job), ({}, {}))
        self.assertIn("Lot 3", self.env["fsm.dispatch"]._insert(self.plan(job))[job])

    def plan(self, jobs, start=EIGHT + HOUR):
        """Give jobs a planned start, and return them."""
        jobs.scheduled_date_start = start
        return jobs

    def test_insert(self):
        """Several jobs of a day are given away one by one: none overlaps another, what does not fit says why."""
        jobs = self.env["fsm.order"]
        for _number in range(7):
            jobs |= self.plan(self.create_open_job(scheduled_duration=3))
        failures = self.env["fsm.dispatch"]._insert(jobs)
        placed = jobs.filtered("person_id")
        self.assertEqual((len(placed), len(failures)), (4, 3))
        for job in placed:
            self.assert_time(job, job.person_id, job.scheduled_date_start, job.scheduled_date_end)
        self.assertTrue(all("Maria" in text and "Tom" in text for text in failures.values()))

    def test_wizard(self):
        """The dispatcher asks, reads and assigns with one click; the second who does so is told that it is gone."""
        job, rival = self.create_open_job(scheduled_duration=8), self.create_open_job(scheduled_duration=8)
        wizards = []
        for asked in (job, rival):
            form = Form(self.env["fsm.order.suggest"].with_user(self.dispatcher).with_context(default_job_id=asked.id))
            form.first_day, form.day_count = TODAY, 1
            wizards.append(form.save())
        first, second = (wizard.line_ids[0] for wizard in wizards)
        self.assertEqual((first.person_id, second.person_id), (self.maria, self.maria))
        first.action_assign()
        self.assertEqual((job.person_id, job.state), (self.maria, "assigned"))
        with self.assertRaises(UserError):
            second.action_assign()
        self.assertFalse(rival.person_id)

    def ask(self, job):
        """Return the dispatcher's question about a job, answered."""
        asked = self.env["fsm.order.suggest"].with_user(self.dispatcher)
        return asked.create({"job_id": job.id, "first_day": TODAY, "day_count": 1})

    def test_answer_is_out_of_date(self):
        """A job that somebody changed since the question is not taken from whom he gave it to, nor moved back."""
        changes = {
            "given to Tom": {"person_id": self.tom.id, "scheduled_date_start": EIGHT + 5 * HOUR},
            "longer": {"scheduled_duration": 6},
            "elsewhere": {"location_id": self.create_lot("Farther", -81.3).id},
        }
        for name, values in changes.items():
            job = self.create_open_job()
            wizard = self.ask(job)
            job.write(values)
            before = (job.person_id, job.scheduled_date_start)
            with self.subTest(name), self.assertRaisesRegex(UserError, f"{job.name} has been changed"):
                wizard.line_ids[0].action_assign()
            self.assertEqual((job.person_id, job.scheduled_date_start), before)
            wizard.action_look()
            wizard.line_ids[0].action_assign()
            self.assertEqual(job.person_id, wizard.line_ids[0].person_id)
            job.action_cancel()

    def test_answer_of_yesterday(self):
        """A dialog that stayed open gives nobody a job in the past."""
        job = self.create_open_job()
        wizard = self.ask(job)
        with freeze_time(EIGHT + 10 * HOUR), self.assertRaisesRegex(UserError, "has passed"):
            wizard.line_ids[0].action_assign()
        self.assertFalse(job.person_id)

    def test_answer_begins_at_once(self):
        """Whoever reads for some minutes an answer that begins at once gives the job away all the same."""
        job = self.create_open_job()
        wizard = self.ask(job)
        line = wizard.line_ids[0]
        with freeze_time(line.start + timedelta(minutes=10)):
            line.action_assign()
        self.assertEqual(job.scheduled_date_start, line.start)

    def test_job_of_another_company(self):
        """Whoever cannot see a job is told nothing of those who could do it, whatever he asks the server."""
        job = self.create_open_job()
        asked = self.env["fsm.order.suggest"].with_user(self.create_stranger())
        with self.assertRaises(AccessError):
            asked.create({"job_id": job.id, "first_day": TODAY, "day_count": 1})

    def test_wizard_begins_on_the_companys_day(self):
        """Whoever asks from a zone where it is still yesterday sees the company's today, and the job's day there."""
        self.company.partner_id.tz, self.dispatcher.tz = "Asia/Kolkata", "America/New_York"
        job = self.create_open_job()
        asked = self.env["fsm.order.suggest"].with_user(self.dispatcher).with_context(tz="America/New_York")
        with freeze_time("2031-10-20 02:00:00"):
            self.assertEqual(asked.create({"job_id": job.id}).first_day, TODAY)
            self.assertEqual(Form(asked.with_context(default_job_id=job.id)).first_day, TODAY)
            job.request_early = datetime(2031, 10, 21, 19)  # half past midnight of the 22nd in India
            self.assertEqual(Form(asked.with_context(default_job_id=job.id)).first_day, TODAY + timedelta(days=2))

    def test_wizard_names_the_better_reason(self):
        """Who cannot on any of several days is named once, and not only because one of them is a Saturday."""
        self.locate(self.tom, 46.8, -92.1)
        job = self.create_open_job(request_early=EIGHT, request_late=EIGHT + 240 * HOUR)
        form = Form(self.env["fsm.order.suggest"].with_user(self.dispatcher).with_context(default_job_id=job.id))
        form.first_day, form.day_count = TODAY + timedelta(days=5), 3
        lines = form.save().line_ids
        self.assertEqual(lines.person_id, self.maria | self.tom)
        [line] = lines.filtered(lambda line: line.person_id == self.tom)
        self.assertEqual(line.why, "cannot be there in time")

    def test_queries_are_constant(self):
        """More days, technicians and jobs that stand cost no more queries."""
        self.create_job(EIGHT, self.maria)
        job = self.create_open_job()
        self.suggest(job)
        counts = []
        for days in (1, 10):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["fsm.dispatch"]._suggest(job, TODAY, TODAY + timedelta(days=days - 1))
            counts.append(self.cr.sql_log_count - before)
            people = self.env["fsm.person"].create([{"name": f"Person {number}"} for number in range(5)])
            for number, person in enumerate(people):
                self.locate(person, 28.4, -81.4)
                self.create_job(EIGHT + 24 * HOUR * (number % 5) + HOUR, person)
        self.assertLessEqual(counts[1], counts[0] + 1)
        self.assertLess(counts[0], 40)
