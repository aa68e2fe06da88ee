from datetime import UTC, datetime
from unittest.mock import patch

from odoo.exceptions import ValidationError

from .common import HOUR, NINE, FieldCase

MIDNIGHT = datetime(2031, 10, 20)
DAY = 24 * HOUR


class TestLeaves(FieldCase):
    """Leaves and public holidays: of the right person, over the whole time."""

    def test_full_day_holiday(self):
        """A public holiday that begins before and ends after the job refuses it (fieldservice lets it pass)."""
        self.create_leave(MIDNIGHT, MIDNIGHT + DAY, "Founders' Day")
        with self.assertRaisesRegex(ValidationError, "Founders' Day is a public holiday"):
            self.create_job(NINE, self.maria)
        with self.assertRaisesRegex(ValidationError, "Founders' Day"):
            self.create_job(NINE)

    def test_somebody_elses_leave(self):
        """Tom's dentist keeps Maria from nothing (fieldservice refuses), and Tom from his job."""
        self.create_leave(NINE, NINE + HOUR / 2, person=self.tom)
        job = self.create_job(NINE, self.maria)
        self.assert_time(job, self.maria, NINE, NINE + HOUR)
        with self.assertRaisesRegex(ValidationError, "Tom is away.*Dentist"):
            job.person_id = self.tom

    def test_end_of_the_job(self):
        """The whole job counts, not only its start; what ends when it begins does not."""
        self.create_leave(NINE - HOUR, NINE, person=self.maria)
        self.create_leave(NINE + 2 * HOUR, NINE + 3 * HOUR, person=self.maria)
        job = self.create_job(NINE, self.maria, hours=2)
        with self.assertRaises(ValidationError):
            job.scheduled_duration = 2.5

    def test_other_companies_holiday(self):
        """Another company's holiday, and one of other working hours, concern nobody here."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        holiday = self.create_leave(MIDNIGHT, MIDNIGHT + DAY)
        holiday.company_id = other
        shift = self.env["resource.calendar"].create({"name": "Night"})
        self.create_leave(MIDNIGHT, MIDNIGHT + DAY, calendar_id=shift.id)
        self.assert_time(self.create_job(NINE, self.maria), self.maria, NINE, NINE + HOUR)

    def test_all_at_once(self):
        """A batch names every job that cannot be, in one query however many there are."""
        self.create_leave(NINE, NINE + 2 * HOUR, person=self.maria)
        values = [self.job_values(NINE + hour * HOUR, self.maria) for hour in range(4)]
        with self.assertRaises(ValidationError) as refused:
            self.env["fsm.order"].create(values)
        self.assertEqual(str(refused.exception).count("Maria is away"), 2)
        jobs = self.env["fsm.order"].create([self.job_values(NINE + (5 + hour) * HOUR, self.tom) for hour in range(9)])
        jobs.invalidate_recordset()
        self.env.flush_all()
        jobs._find_absences()
        with self.assertQueryCount(1):
            self.assertFalse(jobs._find_absences())

    def test_leave_after_the_promise(self):
        """A leave that comes over a promised job refuses nothing: it is listed, and the job says so."""
        job = self.create_job(NINE, self.maria)
        self.create_leave(NINE, NINE + HOUR, person=self.maria)
        self.env.cr.precommit.run()
        self.assertEqual((job.trouble, job.reservation_id.trouble), ("away", "away"))
        job.description = "It may still be edited"
        job.person_id = self.tom
        self.assertFalse(job.trouble)
        self.assert_time(job, self.tom, NINE, NINE + HOUR)

    def test_busy_with_something_else(self):
        """What else an addon knows of a person's time, such as meetings, refuses a job; later it is listed."""
        job = self.create_job(NINE, self.maria)
        span = tuple(int(moment.replace(tzinfo=UTC).timestamp()) for moment in (NINE, NINE + HOUR))
        meetings = {self.maria.resource_id.id: [span]}
        with patch.object(type(self.env["service.reservation"]), "_read_busy", lambda *args: meetings):
            job.reservation_id._review()
            self.assertEqual(job.trouble, "busy")
            other = self.create_job(NINE + HOUR, self.maria)
            with self.assertRaisesRegex(ValidationError, "Maria is busy with something else from .* 9:00"):
                other.scheduled_date_start = NINE - HOUR / 2

    def test_overtime_is_no_trouble(self):
        """A job outside of the working hours is the dispatcher's business: nothing refuses or lists it."""
        job = self.create_job(datetime(2031, 10, 19, 22), self.maria)
        job.reservation_id._review()
        self.assertFalse(job.trouble)
