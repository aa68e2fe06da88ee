from odoo.exceptions import AccessError, UserError

from odoo.addons.service_schedule.exceptions import TimeTaken

from .common import HOUR, NINE, FieldCase


class TestReservation(FieldCase):
    """The reservation is the time of a job."""

    @staticmethod
    def at(moment):
        """Return the choice of a naive UTC moment."""
        return f"time:{moment.isoformat()}+00:00"

    def test_takes_moves_gives_back(self):
        """A job with technician and time holds it; moved, reassigned, unassigned and cancelled, the time follows."""
        job = self.create_job(NINE)
        self.assert_time(job)
        job.person_id = self.maria
        self.assert_time(job, self.maria, NINE, NINE + HOUR)
        first = job.reservation_id
        job.write({"scheduled_date_start": NINE + HOUR})
        self.assert_time(job, self.maria, NINE + HOUR, NINE + 2 * HOUR)
        job.person_id = self.tom
        self.assert_time(job, self.tom, NINE + HOUR, NINE + 2 * HOUR)
        self.assertEqual(job.reservation_id, first)
        self.assertEqual(first.change_ids.sorted("id").mapped("kind"), ["booked", "rescheduled", "reassigned"])
        job.person_id = False
        self.assert_time(job)
        job.person_id = self.tom
        job.action_cancel()
        self.assert_time(job)
        job.action_reopen()
        self.assert_time(job, self.tom, NINE + HOUR, NINE + 2 * HOUR)
        job.scheduled_date_start = False
        self.assert_time(job)

    def test_completed(self):
        """What is left of a completed job's time is free again."""
        job = self.create_job(NINE, self.maria)
        job.action_start()
        self.assert_time(job, self.maria, NINE, NINE + HOUR)
        reservation = job.reservation_id
        job.action_complete()
        self.assertEqual(reservation.state, "done")
        self.create_job(NINE, self.maria)

    def test_overlap_is_refused_everywhere(self):
        """Two jobs of one person cannot overlap, at every door; the error names the job, the person and the time."""
        job = self.create_job(NINE, self.maria)
        said = f"Maria already has {job.name} from .*9:00.*to 10:00"
        with self.assertRaisesRegex(TimeTaken, said):
            self.create_job(NINE + HOUR / 2, self.maria)
        other = self.create_job(NINE + HOUR, self.maria)
        for change in (
            {"scheduled_date_start": NINE + HOUR / 2},
            {"scheduled_date_end": NINE + HOUR, "scheduled_duration": 1.0},
            {"scheduled_date_start": NINE, "scheduled_duration": 3.0},
        ):
            with self.subTest(change=change), self.assertRaisesRegex(TimeTaken, said):
                other.write(change)
        self.assert_time(other, self.maria, NINE + HOUR, NINE + 2 * HOUR)
        third = self.create_job(NINE, self.tom)
        with self.assertRaisesRegex(TimeTaken, said):
            third.person_id = self.maria
        self.assert_time(third, self.tom, NINE, NINE + HOUR)

    def test_batch_against_itself(self):
        """Jobs of one batch cannot overlap each other, and the whole batch is refused."""
        jobs = self.create_job(NINE) | self.create_job(NINE + HOUR / 2)
        with self.assertRaisesRegex(TimeTaken, f"Maria already has {jobs[0].name}"):
            jobs.person_id = self.maria

    def test_two_change_places(self):
        """Two jobs of one person change places in one transaction, which the constraint alone would refuse."""
        first, second = self.create_job(NINE, self.maria), self.create_job(NINE + HOUR, self.maria)
        jobs = first | second
        self.env["fsm.order"]._plan_many({first: (self.maria, NINE + HOUR, 1.0), second: (self.maria, NINE, 1.0)})
        self.assert_time(first, self.maria, NINE + HOUR, NINE + 2 * HOUR)
        self.assert_time(second, self.maria, NINE, NINE + HOUR)
        self.assertEqual(jobs.reservation_id.mapped("lane"), [0, 0])

    def test_other_work_counts(self):
        """What the person does in the shop is taken as well, and named."""
        point = self.env["service.point"].create({"name": "Garage", "tz": "UTC"})
        offer = self.env["service.offer"].create(
            {"name": "Inspection", "point_id": point.id, "duration_minutes": 60, "horizon_days": 0}
        )
        offer.resource_ids = self.maria.resource_id
        self.env["service.reservation"]._book(offer, self.at(NINE), by_staff=True)
        with self.assertRaisesRegex(TimeTaken, "Maria already has Inspection"):
            self.create_job(NINE, self.maria)

    def test_job_follows_its_reservation(self):
        """A reservation that is moved or given to somebody else in the schedule takes its job along, or neither."""
        job = self.create_job(NINE, self.maria, hours=2)
        self.create_job(NINE + 8 * HOUR, self.tom)
        reservation = job.reservation_id
        reservation._reschedule(self.at(NINE + 4 * HOUR), by_staff=True)
        self.assert_planned(job, NINE + 4 * HOUR, 2.0, NINE + 6 * HOUR)
        reservation._reassign(self.tom.resource_id)
        self.assertEqual(job.person_id, self.tom)
        self.assert_time(job, self.tom, NINE + 4 * HOUR, NINE + 6 * HOUR)
        with self.assertRaises(TimeTaken):
            reservation._reschedule(self.at(NINE + 7 * HOUR), by_staff=True)
        self.assert_time(job, self.tom, NINE + 4 * HOUR, NINE + 6 * HOUR)

    def test_cancelled_in_the_schedule(self):
        """A job whose reservation the staff cancel is cancelled."""
        job = self.create_job(NINE, self.maria)
        job.reservation_id._cancel_for_shop("No glass")
        self.assertEqual(job.state, "cancelled")

    def test_deleted(self):
        """A job that is deleted gives its time back; the reservation stays in the books, cancelled."""
        job = self.create_job(NINE, self.maria)
        job.person_id = False
        job.write({"person_id": self.maria.id, "stage_id": self.env.ref("fieldservice.fsm_stage_new").id})
        reservation = job.reservation_id
        self.assertTrue(reservation)
        job.unlink()
        self.assertEqual(reservation.state, "cancelled")

    def test_books(self):
        """The check of the books finds nothing to say about jobs, and finds a job that lost its time."""
        check = self.env["service.schedule.check"]
        job = self.create_job(NINE, self.maria)
        self.create_job(NINE, self.maria.browse())
        self.create_job(NINE + HOUR, self.tom).action_cancel()
        self.assertEqual([rows for one, rows in check._run() if one.model == "fsm.order"], [[]])
        self.env.cr.execute("UPDATE fsm_order SET scheduled_date_start = now() WHERE id = %s", [job.id])
        job.invalidate_recordset()
        [rows] = [rows for one, rows in check._run() if one.model == "fsm.order"]
        self.assertEqual([row[0] for row in rows], job.ids)


class TestOverbooking(FieldCase):
    """A manager's exception: it is done, it is said everywhere, and it ends by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.create_job(NINE, cls.maria)
        cls.other = cls.create_job(NINE + HOUR)

    def overbook(self, job, start, user=None, reason="Customer waits"):
        """Overbook Maria through the wizard."""
        wizard = self.env["fsm.order.overbook"].with_user(user or self.boss)
        wizard.create(
            {"order_id": job.id, "person_id": self.maria.id, "start": start, "hours": 1, "reason": reason}
        ).action_overbook()

    def test_overbooked(self):
        """The job gets the time beside the other, says why, and both jobs tell it in their chatter."""
        self.overbook(self.other, NINE + HOUR / 2)
        self.assertTrue(self.other.is_overbooked)
        self.assertEqual(self.other.exception_reason, "Customer waits")
        self.assertIn("overbooked", self.other.reservation_id.display_name)
        self.assertIn("Customer waits", self.other.reservation_id.change_ids[0].reason)
        self.assertEqual(self.other.reservation_id.change_ids[0].user_id, self.boss)
        for job in (self.job, self.other):
            self.assertIn("Customer waits", "".join(job.message_ids.mapped("body")))
        self.assert_time(self.job, self.maria, NINE, NINE + HOUR)
        self.assert_time(self.other, self.maria, NINE + HOUR / 2, NINE + 1.5 * HOUR)
        found = {one.title: rows for one, rows in self.env["service.schedule.check"]._run()}
        self.assertFalse([row for rows in found.values() for row in rows if row[0] in self.other.reservation_id.ids])

    def test_overbooked_time_is_taken(self):
        """Where only the overbooked job lies the person is not free either, for jobs and for customers."""
        self.overbook(self.other, NINE + HOUR / 2)
        with self.assertRaisesRegex(TimeTaken, self.other.name):
            self.create_job(NINE + HOUR, self.maria)
        claims = self.env["service.reservation"]._read_claims(self.maria.resource_id, 0, 2**31)
        self.assertEqual({lane for _start, _stop, lane, _lanes in claims[self.maria.resource_id.id]}, {0})

    def test_ends_by_itself(self):
        """When what it overlapped moves away, is cancelled or completed, it is overbooked no more."""
        for end in (
            lambda: self.job.write({"scheduled_date_start": NINE + 6 * HOUR}),
            self.job.action_cancel,
        ):
            self.overbook(self.other, self.job.scheduled_date_start)
            self.assertTrue(self.other.is_overbooked)
            end()
            self.assertFalse(self.other.is_overbooked)
            self.assertEqual(self.other.reservation_id.lane, 0)

    def test_on_leave(self):
        """A manager may also have somebody come from his leave; that is no trouble to be listed."""
        self.create_leave(NINE + 4 * HOUR, NINE + 6 * HOUR, person=self.maria)
        self.overbook(self.other, NINE + 4 * HOUR)
        self.assertFalse(self.other.is_overbooked)
        self.assertEqual(self.other.exception_reason, "Customer waits")
        self.other.reservation_id._review()
        self.assertFalse(self.other.trouble)
        self.other.person_id = self.tom
        self.assertFalse(self.other.exception_reason)

    def test_who_may(self):
        """Managers may: those of field service, and whoever manages that technician; nobody else; and never mutely."""
        with self.assertRaises(AccessError):
            self.overbook(self.other, NINE, self.dispatcher)
        self.tom.write({"is_manager": True, "managed_ids": self.maria.ids})
        self.other.person_id = self.maria  # so that Tom sees it
        self.overbook(self.other, NINE, self.user_tom)
        self.assertTrue(self.other.is_overbooked)
        with self.assertRaises(UserError):
            self.other._overbook(self.maria, NINE, 1.0, " ")
