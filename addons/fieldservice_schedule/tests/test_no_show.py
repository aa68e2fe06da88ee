from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import HOUR, NINE, FieldCase


@tagged("post_install", "-at_install")
class TestNoShow(FieldCase):
    """The technician came and the customer was not there: the job is not lost, it is planned anew."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.create_job(NINE, cls.maria, 2.0)
        cls.missed = cls.job.reservation_id

    def miss(self):
        """Say at half past nine that nobody was there."""
        with freeze_time(NINE + HOUR / 2):
            self.missed._no_show()

    def test_planned_anew(self):
        """The job is requested again, as long as it was, and says why; the time is free and the no-show counts."""
        self.miss()
        self.assertEqual((self.job.state, self.missed.state), ("requested", "no_show"))
        self.assert_planned(self.job, False, 2.0, False)
        self.assert_time(self.job)
        self.assertIn("not there", self.job.failure_reason)
        self.assertIn("Maria", self.job.message_ids[0].body)
        self.create_job(NINE, self.maria)
        self.job.write({"person_id": self.tom.id, "scheduled_date_start": NINE + 24 * HOUR})
        self.assert_time(self.job, self.tom, NINE + 24 * HOUR, NINE + 26 * HOUR)
        self.assertFalse(self.job.failure_reason)
        self.assertEqual(self.missed.state, "no_show")

    def test_came_after_all(self):
        """A no-show that is taken back gives technician and time back."""
        self.miss()
        self.missed._record_arrival()
        self.assertEqual(self.job.state, "assigned")
        self.assert_time(self.job, self.maria, NINE, NINE + 2 * HOUR)

    def test_came_too_late(self):
        """When the job has another time already the no-show stays, and the sentence names the job."""
        self.miss()
        self.job.write({"person_id": self.tom.id, "scheduled_date_start": NINE + 24 * HOUR})
        with self.assertRaisesRegex(UserError, self.job.name):
            self.missed._record_arrival()
        self.assert_time(self.job, self.tom, NINE + 24 * HOUR, NINE + 26 * HOUR)

    def test_work_has_begun(self):
        """Nobody is a no-show where somebody is at work."""
        self.job.action_start()
        with self.assertRaisesRegex(UserError, self.job.name), freeze_time(NINE + HOUR):
            self.missed._no_show()
        self.assertFalse(self.missed._filter_not_begun())


@tagged("post_install", "-at_install")
class TestOldJobs(FieldCase):
    """Jobs that were planned before the addon was installed get their time, or say why they do not."""

    def forget_times(self, jobs):
        """Bring jobs back to what they were before: planned, and no time reserved."""
        self.env.flush_all()
        ids = tuple(jobs.reservation_ids.ids)
        self.env.cr.execute("DELETE FROM service_reservation_change WHERE reservation_id IN %s", (ids,))
        self.env.cr.execute("UPDATE fsm_order SET reservation_id = NULL WHERE reservation_id IN %s", (ids,))
        self.env.cr.execute("DELETE FROM service_reservation WHERE id IN %s", (ids,))
        self.env.invalidate_all()
        self.assertFalse(jobs.reservation_id)

    def test_adopted(self):
        """Of two that overlap the first has the time, the other loses its technician and says so; the rest is kept."""
        first = self.create_job(NINE, self.maria, 2.0)
        far = self.create_job(NINE + 5 * HOUR, self.maria)
        plain = self.create_job(NINE + HOUR)
        clash = self.create_job(NINE + HOUR, self.tom)
        done = self.create_job(NINE + 8 * HOUR, self.tom)
        done.action_complete()
        jobs = first | far | plain | clash | done
        self.forget_times(jobs)
        self.env.cr.execute("UPDATE fsm_order SET person_id = %s WHERE id = %s", (self.maria.id, clash.id))
        self.env.invalidate_all()
        jobs.filtered(lambda job: job.state != "completed")._adopt_times()
        self.assert_time(first, self.maria, NINE, NINE + 2 * HOUR)
        self.assert_time(far, self.maria, NINE + 5 * HOUR, NINE + 6 * HOUR)
        for job in plain | clash | done:
            self.assert_time(job)
        self.assertFalse(clash.person_id)
        self.assertIn("Maria", "".join(clash.message_ids.mapped("body")))
        self.assertEqual((clash.state, clash.scheduled_date_start), ("requested", NINE + HOUR))
        found = {check.title: rows for check, rows in self.env["service.schedule.check"]._run()}
        self.assertFalse([row for rows in found.values() for row in rows if row[0] in jobs.ids])


@tagged("post_install", "-at_install")
class TestTerritories(FieldCase):
    """Territories decide who gets the work, so not everybody in the company edits them."""

    def test_access(self):
        """Every employee reads territories, branches, districts and regions; field service managers keep them."""
        clerk = self._create_user("clerk@field", "base.group_user")
        for name in ("res.territory", "res.branch", "res.district", "res.region"):
            with self.subTest(model=name):
                for user in (clerk, self.user_maria, self.dispatcher):
                    model = self.env[name].with_user(user)
                    model.check_access("read")
                    for operation in ("create", "write", "unlink"):
                        with self.assertRaises(AccessError):
                            model.check_access(operation)
                for operation in ("read", "create", "write", "unlink"):
                    self.env[name].with_user(self.boss).check_access(operation)
