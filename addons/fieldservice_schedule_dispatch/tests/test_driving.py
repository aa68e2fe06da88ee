from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import EIGHT, HOUR, TODAY, DispatchCase


@tagged("post_install", "-at_install")
class TestDriving(DispatchCase):
    """The way between two jobs of a technician is known, and too little time for it is said."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.far = cls.create_lot("Far", -81.35)

    def get_driving(self, job):
        return job._get_driving()[job.id]

    def test_first_of_the_day(self):
        """To the first job one comes from home, in no particular time; yesterday's last job does not count."""
        self.create_job(EIGHT - 14 * HOUR, self.maria)
        way = self.get_driving(self.create_job(EIGHT + HOUR, self.maria))
        self.assertEqual((way.previous, way.room, way.conflict), (self.env["fsm.order"], None, ""))
        self.assertTrue(8 <= way.minutes <= 15)

    def test_room(self):
        """Between two jobs there is the time from end to start, less what else is done then."""
        first = self.create_job(EIGHT, self.maria)
        second = self.create_job(EIGHT + 2 * HOUR, self.maria, location_id=self.far.id)
        way = self.get_driving(second)
        self.assertEqual((way.previous, way.room, way.conflict), (first, 60, ""))
        third = self.create_job(EIGHT + 3.25 * HOUR, self.maria)
        way = self.get_driving(third)
        self.assertEqual((way.previous, way.room), (second, 15))
        self.assertRegex(way.conflict, r"From FO\S+ \(Far\) to FO\S+ \(Lot 3\) it is about \d+ min .* there are 15 min")

    def test_said_on_both(self):
        """A dispatcher may arrange it; the form of either job says it."""
        jobs = self.create_job(EIGHT, self.maria), self.create_job(EIGHT + HOUR, location_id=self.far.id)
        self.assertFalse(jobs[0].driving_conflict)
        jobs[1].with_user(self.dispatcher).write({"person_id": self.maria.id})
        for job in jobs:
            job.invalidate_recordset(["driving_conflict"])
            self.assertIn("(Far)", job.driving_conflict)
        with Form(jobs[1].with_user(self.dispatcher), "fieldservice_schedule.fsm_order_view_form") as form:
            self.assertIn("(Lot 3)", form.driving_conflict)

    def test_only_said(self):
        """Who plans his own jobs knows better than an estimate: he may come late by it, and is told."""
        self.create_job(EIGHT, self.maria)
        job = self.create_job(EIGHT + 3 * HOUR, self.maria, location_id=self.far.id)
        self.maria.may_assign = True
        job.with_user(self.user_maria).write({"scheduled_date_start": EIGHT + HOUR})
        self.assertIn("by car", job.driving_conflict)

    def test_dispatch_never_offers_less(self):
        """Whatever dispatch proposes leaves the time to drive to it and on from it."""
        for hour in (0.5, 3, 6):
            self.create_job(EIGHT + hour * HOUR, self.maria, location_id=self.far.id)
        jobs = self.env["fsm.order"].union(*(self.create_open_job() for _number in range(5)))
        jobs.scheduled_date_start = EIGHT
        self.env["fsm.dispatch"]._insert(jobs)
        self.assertTrue(jobs.filtered(lambda job: job.person_id == self.maria))
        self.assertFalse([way for way in jobs._get_driving(with_next=True).values() if way.conflict])

    def test_nobody_knows(self):
        """Without coordinates there are no minutes and no conflict, for nothing is guessed; without a time, no way."""
        self.create_job(EIGHT, self.maria)
        self.locate(self.far, 0, 0)
        way = self.get_driving(self.create_job(EIGHT + HOUR, self.maria, location_id=self.far.id))
        self.assertEqual((way.minutes, way.room, way.conflict), (None, 0, ""))
        self.assertEqual(self.create_open_job()._get_driving(), {})

    def test_queries_are_constant(self):
        """Ten jobs cost as many queries as two."""
        counts = []
        for size in (2, 10):
            jobs = self.env["fsm.order"]
            for number in range(size):
                start = EIGHT + timedelta(days=7 * size) + number * HOUR
                jobs |= self.create_job(start, self.maria if number % 2 else self.tom)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(jobs._get_driving()), size)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 20)


@tagged("post_install", "-at_install")
class TestLock(DispatchCase):
    """What people decide by hand stands."""

    def place(self, **values):
        """Return a job that dispatch gave to somebody."""
        job = self.create_open_job(**values)
        job.scheduled_date_start = EIGHT + HOUR
        self.assertEqual(self.env["fsm.dispatch"]._insert(job), {})
        self.assertTrue(job.is_dispatched and not job.is_locked)
        return job

    def test_overriding_locks(self):
        """Who changes by hand what dispatch decided locks the job; saving the same again, or another field, not."""
        job = self.place().with_user(self.dispatcher)
        job.write({"person_id": job.person_id.id, "scheduled_date_start": str(job.scheduled_date_start)})
        job.write({"description": "Bring a ladder"})
        self.assertFalse(job.is_locked)
        job.write({"person_id": self.tom.id})
        self.assertTrue(job.is_locked and not job.is_dispatched)

    def test_what_is_no_override(self):
        """Whoever only takes a job away from somebody, or arranges what dispatch never decided, locks nothing."""
        job = self.place().with_user(self.dispatcher)
        job.person_id = False
        self.assertFalse(job.is_locked)
        by_hand = self.create_job(EIGHT + 4 * HOUR, self.maria).with_user(self.dispatcher)
        by_hand.scheduled_date_start = EIGHT + 5 * HOUR
        self.assertFalse(by_hand.is_locked)

    def test_who_unlocks(self):
        """Dispatchers lock and unlock; a technician does not, unless he gives himself jobs."""
        job = self.create_job(EIGHT, self.maria)
        job.with_user(self.dispatcher).action_lock()
        self.assertTrue(job.is_locked)
        with self.assertRaises(AccessError):
            job.with_user(self.user_maria).action_unlock()
        job.with_user(self.dispatcher).action_unlock()
        self.maria.may_assign = True
        job.with_user(self.user_maria).action_lock()
        self.assertTrue(job.is_locked)

    def test_nobody_locks_by_writing(self):
        """What bounds the plans is no technician's to write either, by whatever door; saying it again is no change."""
        job = self.create_job(EIGHT, self.maria)
        mine = job.with_user(self.user_maria)
        for name in ("is_locked", "is_time_promised", "is_dispatched"):
            mine.write({name: False})
            with self.assertRaisesRegex(AccessError, job.name):
                mine.write({name: True})
            job[name] = True
            with self.assertRaisesRegex(AccessError, job.name):
                mine.write({name: False})
            mine.write({name: True})
        with self.assertRaisesRegex(AssertionError, "readonly"), Form(mine) as form:
            form.is_time_promised = False
        self.maria.may_assign = True
        mine.write({"is_locked": False, "is_time_promised": False})
        self.assertFalse(job.is_locked or job.is_time_promised)


@tagged("post_install", "-at_install")
class TestWhoAsks(DispatchCase):
    """Who should do this? tells of colleagues' work: only those ask who give jobs away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.create_job(EIGHT, cls.maria)

    def ask(self, user):
        """Return about whom a user is told."""
        wizard = self.env["fsm.order.suggest"].with_user(user)
        return wizard.create({"job_id": self.job.id, "first_day": TODAY, "day_count": 1}).line_ids.person_id

    def test_rights(self):
        """A technician is refused, a manager reads of his own people, a dispatcher of all."""
        with self.assertRaises(AccessError):
            self.ask(self.user_maria)
        self.maria.sudo().write({"is_manager": True})
        self.assertEqual(self.ask(self.user_maria), self.maria)
        self.assertEqual(self.ask(self.dispatcher), self.maria | self.tom)

    def test_button_asks_nobody_either(self):
        """The button of the job, which asks at once, is refused as well."""
        with self.assertRaises(AccessError):
            self.job.with_user(self.user_maria).action_suggest()
        action = self.job.with_user(self.dispatcher).action_suggest()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertTrue(wizard.line_ids.ids, "saved: Odoo lets nobody press a button on lines that are not")
        wizard.with_user(self.dispatcher).write({"first_day": TODAY, "day_count": 1})
        self.assertEqual(wizard.with_user(self.dispatcher).action_look()["res_id"], wizard.id)
        self.assertEqual(wizard.line_ids.person_id, self.maria | self.tom)
