from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import EIGHT, HOUR, TODAY, DispatchCase

NOON = EIGHT + 4 * HOUR
MIDNIGHT = EIGHT + 16 * HOUR


@tagged("post_install", "-at_install")
class TestToday(DispatchCase):
    """In the middle of a day dispatch reckons from where people are, with what they have done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.far = cls.create_lot("Far", -81.15)

    def suggest(self, job, day=TODAY):
        """Return ``{name: choice}`` of who can do a job on a day."""
        return {choice.person.name: choice for choice in self.env["fsm.dispatch"]._suggest(job, day, day).choices}

    def get_approach(self, name="Maria"):
        """Return how many minutes somebody drives to a new job at the lot in the west."""
        return self.suggest(self.create_open_job())[name].option.approach // 60

    def test_from_home(self):
        """Before the day begins people come from home."""
        self.assertLess(self.get_approach(), 20)

    def test_under_way(self):
        """Who is at a job far away is not sent as if he came from home, and not before he has ended."""
        job = self.create_job(NOON - HOUR, self.maria, 1.5, location_id=self.far.id)
        with freeze_time(NOON - HOUR):
            job.action_start()
        with freeze_time(NOON):
            choice = self.suggest(self.create_open_job())["Maria"]
        self.assertGreater(choice.option.approach, 40 * 60)
        self.assertGreaterEqual(choice.start, NOON + 0.5 * HOUR + timedelta(seconds=choice.option.approach))

    def test_should_be_there(self):
        """Who should be at a job by now is thought to be there, begun or not."""
        self.create_job(NOON - HOUR, self.maria, 1.5, location_id=self.far.id)
        with freeze_time(NOON):
            self.assertGreater(self.get_approach(), 40)

    def test_done(self):
        """Who has ended a job early is free, and still far away."""
        job = self.create_job(NOON - HOUR, self.maria, 3, location_id=self.far.id)
        with freeze_time(NOON - HOUR):
            job.action_start()
        with freeze_time(NOON - 0.5 * HOUR):
            job.action_complete()
        with freeze_time(NOON):
            self.assertGreater(self.get_approach(), 40)
            self.assertLess(self.suggest(self.create_open_job())["Maria"].start, NOON + 1.5 * HOUR)

    def test_longer_than_planned(self):
        """Who is still at a job whose time is over is not free at once."""
        job = self.create_job(NOON - 2 * HOUR, self.maria, 1)
        with freeze_time(NOON - 2 * HOUR):
            job.action_start()
        with freeze_time(NOON):
            choice = self.suggest(self.create_open_job())["Maria"]
        self.assertEqual((choice.option.approach, choice.start), (0, NOON + 0.25 * HOUR))

    def test_limits_count_what_is_done(self):
        """Jobs that are done, or stand nowhere on the map, count among the jobs of the day."""
        nowhere = self.env["fsm.location"].create({"name": "Nowhere", "owner_id": self.customer.id, "tz": "UTC"})
        self.create_job(NOON + 2 * HOUR, self.maria, location_id=nowhere.id)
        done = self.create_job(NOON - 3 * HOUR, self.maria)
        with freeze_time(NOON - 3 * HOUR):
            done.action_start()
            done.action_complete()
        with freeze_time(NOON):
            for limit, names in ((2, {"Tom"}), (3, {"Maria", "Tom"})):
                self.maria.max_jobs = limit
                self.assertEqual(set(self.suggest(self.create_open_job())), names)

    def test_hours_of_jobs(self):
        """Who has as many hours of jobs as he is given on a day gets no more, to the minute, and that is said."""
        self.create_job(EIGHT + HOUR, self.maria, 2)
        self.maria.max_hours = 3
        self.assertIn("Maria", self.suggest(self.create_open_job()))
        dispatch = self.env["fsm.dispatch"]
        answer = dispatch._suggest(self.create_open_job(scheduled_duration=1.1), TODAY, TODAY)
        [refused] = answer.refused
        self.assertEqual(
            (refused.person, dispatch._say_reasons(refused.reasons)),
            (self.maria, "would have more hours of jobs than he is given on a day"),
        )

    def test_knows_the_unit(self):
        """Who did work on this very unit is said to know it, wherever that was; others were only here before."""
        unit = self.env["fsm.equipment"].create({"name": "Van 7", "owned_by_id": self.customer.id})
        for person, values in (
            (self.maria, {"equipment_ids": [(6, 0, unit.ids)], "location_id": self.far.id}),
            (self.tom, {}),
        ):
            before = self.create_job(EIGHT - 24 * HOUR, person, **values)
            before.action_start()
            before.action_complete()
        job = self.create_open_job(equipment_ids=[(6, 0, unit.ids)])
        said = {
            name: self.env["fsm.dispatch"]._say_choice(job, choice).split("; ")[1:]
            for name, choice in self.suggest(job).items()
        }
        self.assertEqual(said, {"Maria": ["knows this unit"], "Tom": ["was here before"]})

    def test_longer_than_any_shift(self):
        """A job that is longer than anybody works says so, with both lengths."""
        dispatch = self.env["fsm.dispatch"]
        answer = dispatch._suggest(self.create_open_job(scheduled_duration=12.5), TODAY, TODAY)
        self.assertFalse(answer.choices)
        said = {dispatch._say_reasons(one.reasons) for one in answer.refused}
        self.assertEqual(said, {"works for 9:00 h at a stretch, the job takes 12:30 h"})


@tagged("post_install", "-at_install")
class TestNight(DispatchCase):
    """Maria works from 22 to 6: a night is one turn, and nobody goes home at midnight."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        hours = [(22, 24), (0, 6)]
        lines = [
            (0, 0, {"name": "Night", "dayofweek": str(day), "hour_from": start, "hour_to": stop})
            for day in range(7)
            for start, stop in hours
        ]
        nights = cls.env["resource.calendar"].create(
            {"name": "Nights", "company_id": cls.company.id, "tz": "UTC", "attendance_ids": [(5, 0, 0), *lines]}
        )
        cls.maria.resource_id.calendar_id = nights

    def suggest(self, job):
        """Return who can do a job today, without Tom."""
        return self.env["fsm.dispatch"]._suggest(job, TODAY, TODAY, self.maria).choices

    def test_across_midnight(self):
        """A job of three hours begins at eleven and is done at two; it is the night of the day on which it began."""
        job = self.create_open_job(
            scheduled_duration=3, request_early=MIDNIGHT - HOUR, request_late=MIDNIGHT - 0.5 * HOUR
        )
        [choice] = self.suggest(job)
        self.assertEqual(choice.start, MIDNIGHT - HOUR)
        job.write({"person_id": self.maria.id, "scheduled_date_start": choice.start})
        self.assert_time(job, self.maria, MIDNIGHT - HOUR, MIDNIGHT + 2 * HOUR)

    def test_after_midnight(self):
        """What is wanted at two in the night is tonight's, around what stands then."""
        self.create_job(MIDNIGHT + 2 * HOUR, self.maria)
        job = self.create_open_job(request_early=MIDNIGHT + 2 * HOUR, request_late=MIDNIGHT + 4 * HOUR)
        [choice] = self.suggest(job)
        self.assertEqual(choice.start, MIDNIGHT + 3 * HOUR)

    def test_now_after_midnight(self):
        """At one in the night what is left of it can still be planned."""
        with freeze_time(EIGHT - 7 * HOUR):
            choice = self.suggest(self.create_open_job())[0]
            self.assertLess(choice.start, EIGHT - 5 * HOUR)

    def test_visits_are_placed_on_their_day(self):
        """A visit that is planned for two in the night of its day is placed then."""
        job = self.create_open_job(request_early=MIDNIGHT + 2 * HOUR, request_late=MIDNIGHT + 3 * HOUR)
        other = self.create_open_job()
        other.scheduled_date_start = EIGHT
        job.scheduled_date_start = MIDNIGHT + 2 * HOUR
        self.assertFalse(self.env["fsm.dispatch"]._insert(job | other))
        self.assertEqual((job.person_id, job.scheduled_date_start), (self.maria, MIDNIGHT + 2 * HOUR))

    def test_the_way_across_midnight(self):
        """Too little time for the way is said across midnight, too; after a rest one comes from home."""
        far = self.env["fsm.location"].create({"name": "Far", "owner_id": self.customer.id, "tz": "UTC"})
        self.locate(far, 28.50, -81.15)
        before = self.create_job(MIDNIGHT - 1.25 * HOUR, self.maria)
        after = self.create_job(MIDNIGHT + 0.25 * HOUR, self.maria, location_id=far.id)
        later = self.create_job(MIDNIGHT + 22 * HOUR, self.maria)
        way = after._get_driving()[after.id]
        self.assertEqual((way.previous, way.room), (before, 30))
        self.assertIn("by car", way.conflict)
        self.assertFalse(later._get_driving()[later.id].previous)
