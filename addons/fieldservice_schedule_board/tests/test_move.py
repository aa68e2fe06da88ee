from datetime import datetime, timedelta

from .common import HOUR, NINE, BoardCase, text


class TestMove(BoardCase):
    """Drops: what is allowed moves the job and its reserved time, what is refused changes nothing and says why."""

    def assert_refused(self, answer, words):
        """Check that a drop was refused with these words."""
        self.assertFalse(answer["ok"])
        self.assertRegex(answer["message"], words)

    def test_to_another_person_and_time(self):
        """A drop moves the job, and the reserved time with it."""
        job = self.create_job(NINE, self.maria)
        self.assertEqual(self.move(job, person=self.tom, start=NINE + 2 * HOUR), {"ok": True})
        self.assert_time(job, self.tom, NINE + 2 * HOUR, NINE + 3 * HOUR)

    def test_resize(self):
        """Another end makes it longer."""
        job = self.create_job(NINE, self.maria)
        self.move(job, person=self.maria, start=NINE, hours=2.5)
        self.assert_planned(job, NINE, 2.5, NINE + 2.5 * HOUR)

    def test_waiting_job(self):
        """A job that nobody has is assigned by a drop; back among the unassigned it keeps its time."""
        job = self.create_job()
        self.assertTrue(self.move(job, person=self.maria, start=NINE)["ok"])
        self.assertEqual(job.state, "assigned")
        self.assertTrue(self.move(job)["ok"])
        self.assertEqual((job.state, job.scheduled_date_start), ("requested", NINE))
        self.assert_time(job)

    def test_taken(self):
        """A time that is not free is refused, nothing is changed, and only a manager is offered to overbook."""
        self.create_job(NINE, self.tom)
        job = self.create_job(NINE, self.maria)
        answer = self.move(job, person=self.tom, start=NINE)
        self.assert_refused(answer, "Tom already has")
        self.assertFalse(answer["may_overbook"])
        self.assert_time(job, self.maria, NINE, NINE + HOUR)
        self.assertTrue(self.move(job, self.boss, person=self.tom, start=NINE)["may_overbook"])

    def test_leave(self):
        """On leave is refused in the board's clock, which is the company's."""
        self.company.partner_id.tz = "America/New_York"
        self.create_leave(NINE, NINE + HOUR, person=self.tom)
        answer = self.move(self.create_job(), person=self.tom, start=NINE)
        self.assert_refused(answer, r"Tom is away from .*5:00\sAM")

    def test_free_times(self):
        """Instead of a time that is taken, the nearest free ones are offered, within working hours, and can be had."""
        self.create_job(NINE, self.tom)
        job = self.create_job(NINE, self.maria)
        times = self.as_user(self.dispatcher).find_free_times(job.id, self.tom.id, text(NINE), 1.0)
        self.assertEqual([one["start"] for one in times][:2], [text(NINE - HOUR), text(NINE + HOUR)])
        for one in times:
            with self.subTest(start=one["start"]):
                start = datetime.fromisoformat(one["start"])
                self.assertTrue(self.move(job, person=self.tom, start=start)["ok"])

    def test_no_free_times_in_the_past(self):
        """Of a day that is over no time is offered."""
        job = self.create_job()
        times = self.as_user(self.dispatcher).find_free_times(job.id, self.tom.id, text(NINE - timedelta(days=20)), 1.0)
        self.assertEqual(times, [])

    def test_changed_meanwhile(self):
        """Whoever drops what somebody else has just moved is told, and does not undo it."""
        job = self.create_job(NINE, self.maria)
        old = self.seen(job)
        job.scheduled_date_start = NINE + 3 * HOUR
        answer = self.move(job, person=self.tom, start=NINE, seen=old)
        self.assert_refused(answer, "Somebody else has just changed")
        self.assert_time(job, self.maria, NINE + 3 * HOUR, NINE + 4 * HOUR)

    def test_under_way_and_done(self):
        """What is under way or done stays."""
        job = self.create_job(NINE, self.maria)
        for step in ("action_start", "action_complete", "action_close"):
            getattr(job, step)()
            with self.subTest(state=job.state):
                self.assertFalse(self.see(job)["may_move"])
                self.assert_refused(self.move(job, person=self.tom, start=NINE), "stays where it is")

    def test_locked(self):
        """What somebody has locked cannot be dragged, and the drop is refused; unlocked it can."""
        job = self.create_job(NINE, self.maria)
        job.action_lock()
        shown = self.see(job)
        self.assertTrue(shown["lock"])
        self.assertFalse(shown["may_move"])
        self.assert_refused(self.move(job, person=self.tom, start=NINE), "is locked")
        job.action_unlock()
        self.assertTrue(self.move(job, person=self.tom, start=NINE)["ok"])

    def test_technician(self):
        """A technician moves neither a colleague's job nor his own; who may assign moves his own, a manager both."""
        foreign, mine = self.create_job(NINE, self.tom), self.create_job(NINE, self.maria)
        foreign.person_ids = self.maria  # she helps, so she sees it
        self.assertFalse(self.see(foreign, self.user_maria)["may_move"])
        self.assert_refused(self.move(foreign, self.user_maria, person=self.tom, start=NINE + HOUR), "dispatcher")
        self.assertFalse(self.see(mine, self.user_maria)["may_move"])
        self.assert_refused(self.move(mine, self.user_maria, person=self.maria, start=NINE + HOUR), "dispatcher")
        self.maria.may_assign = True
        self.assertTrue(self.see(mine, self.user_maria)["may_move"])
        self.assertTrue(self.move(mine, self.user_maria, person=self.maria, start=NINE + HOUR)["ok"])
        self.assert_refused(self.move(mine, self.user_maria, person=self.tom, start=NINE + HOUR), "cannot give jobs")
        unseen = self.create_job(NINE + 4 * HOUR, self.tom)
        self.assertFalse(self.move(unseen, self.user_maria, person=self.maria, start=NINE)["ok"])
        self.maria.write({"is_manager": True, "managed_ids": self.tom.ids})
        self.assertTrue(self.move(foreign, self.user_maria, person=self.maria, start=NINE + 2 * HOUR)["ok"])

    def test_deleted(self):
        """A job that somebody has deleted meanwhile is told."""
        job = self.create_job(NINE)
        seen, job_id = self.seen(job), job.id
        job.unlink()
        answer = self.as_user(self.dispatcher).move_job(job_id, {"person_id": self.tom.id}, seen)
        self.assert_refused(answer, "no longer there")
