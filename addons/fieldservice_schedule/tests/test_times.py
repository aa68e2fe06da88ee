from datetime import datetime

from odoo.exceptions import ValidationError
from odoo.tests import Form

from ..planned_time import Planned, complete
from .common import HOUR, NINE, FieldCase


class TestTimes(FieldCase):
    """The planned time: start, length and end agree, whichever is changed."""

    def test_start_alone_moves_the_job(self):
        """A new start keeps the length and moves the end (fieldservice: the end becomes the start)."""
        job = self.create_job(NINE, hours=2)
        job.write({"scheduled_date_start": NINE + 3 * HOUR})
        self.assert_planned(job, NINE + 3 * HOUR, 2.0, NINE + 5 * HOUR)

    def test_batch_keeps_each_its_own(self):
        """A batch of jobs is changed at once, each by its own start and length (fieldservice: singleton error)."""
        jobs = self.create_job(NINE, hours=2) | self.create_job(NINE + 5 * HOUR, hours=1)
        jobs.write({"scheduled_duration": 3.0})
        self.assert_planned(jobs[0], NINE, 3.0, NINE + 3 * HOUR)
        self.assert_planned(jobs[1], NINE + 5 * HOUR, 3.0, NINE + 8 * HOUR)
        jobs[0].scheduled_duration = 1.5
        jobs.write({"scheduled_date_start": NINE})
        self.assertEqual(jobs.mapped("scheduled_date_end"), [NINE + 1.5 * HOUR, NINE + 3 * HOUR])

    def test_resize(self):
        """A calendar's resize, the same start with another length, moves the end."""
        job = self.create_job(NINE, hours=2)
        job.write({"scheduled_date_start": "2031-10-20 09:00:00", "scheduled_duration": 4.0})
        self.assert_planned(job, NINE, 4.0, NINE + 4 * HOUR)

    def test_end_alone_resizes(self):
        """A new end keeps the start (fieldservice moves it)."""
        job = self.create_job(NINE, hours=2)
        job.write({"scheduled_date_end": NINE + 5 * HOUR})
        self.assert_planned(job, NINE, 5.0, NINE + 5 * HOUR)

    def test_import(self):
        """Any two of the three are enough to create a job; start and end win over a length that disagrees."""
        jobs = self.env["fsm.order"].create(
            [
                self.job_values(NINE, hours=2),
                self.job_values(hours=2, scheduled_date_end="2031-10-20 11:00:00"),
                self.job_values(NINE, hours=7, scheduled_date_end=NINE + 2 * HOUR),
            ]
        )
        for job in jobs:
            self.assert_planned(job, NINE, 2.0, NINE + 2 * HOUR)

    def test_emptied(self):
        """Without a start there is no end; the length stays."""
        job = self.create_job(NINE, hours=2)
        job.scheduled_date_start = False
        self.assert_planned(job, False, 2.0, False)

    def test_no_length(self):
        """Who gives no length gets the template's, else an hour: a job without one would not take any time."""
        template = self.env["fsm.template"].create({"name": "Chip", "duration": 0.5})
        jobs = self.env["fsm.order"].create(
            [self.job_values(NINE, hours=0), self.job_values(NINE, hours=0, template_id=template.id)]
        )
        self.assertEqual(jobs.mapped("scheduled_date_end"), [NINE + HOUR, NINE + 0.5 * HOUR])

    def test_end_before_start(self):
        """An end before the start is refused with the job's name."""
        job = self.create_job(NINE)
        with self.assertRaisesRegex(ValidationError, job.name):
            job.scheduled_date_end = NINE - HOUR

    def test_form_never_touches_the_actual_start(self):
        """Typing an end in the form resizes, and leaves the actual start alone (fieldservice overwrites it)."""
        job = self.create_job(NINE, hours=2, date_start=NINE - HOUR)
        with Form(job) as form:
            form.scheduled_date_end = NINE + 4 * HOUR
            self.assertEqual(form.scheduled_duration, 4.0)
            form.scheduled_date_start = NINE + HOUR
            self.assertEqual(form.scheduled_date_end, NINE + 5 * HOUR)
        self.assert_planned(job, NINE + HOUR, 4.0, NINE + 5 * HOUR)
        self.assertEqual(job.date_start, NINE - HOUR)

    def test_callers_keep_their_values(self):
        """Neither create nor write changes the dict that it is given."""
        new, change = self.job_values(NINE), {"scheduled_date_start": NINE + HOUR}
        job = self.env["fsm.order"].create([new])
        job.write(change)
        self.assertEqual((new, change), (self.job_values(NINE), {"scheduled_date_start": NINE + HOUR}))

    def test_latest_time_without_priority(self):
        """The latest time is promised also when nobody names a priority, from the earliest, in UTC."""
        self.company.fsm_order_request_late_lowest = 72
        job = self.create_job(request_early=NINE)
        self.assertEqual(job.request_late, datetime(2031, 10, 23, 9, 0))

    def test_copy_is_another_job(self):
        """A copy has neither the time nor the past of the original."""
        copy = self.create_job(NINE, self.maria, date_start=NINE, date_end=NINE + HOUR).copy()
        self.assertFalse(copy.scheduled_date_start or copy.date_start or copy.date_end)
        self.assert_time(copy)

    def test_rule(self):
        """Whatever is given, start, length and end agree afterwards to the half minute."""
        olds = [Planned(None, 0, None), Planned(None, 2.5, None), Planned(NINE, 1.0, NINE + HOUR)]
        gifts = [
            {part: value for part, value in (("start", start), ("hours", hours), ("stop", stop)) if value != "absent"}
            for start in ("absent", None, NINE + HOUR)
            for hours in ("absent", None, 0, 1 / 3, 3.0)
            for stop in ("absent", None, NINE + 2 * HOUR)
        ]
        for old in olds:
            for given in gifts:
                start, hours, stop = complete(old, given)
                self.assertEqual(start is None, stop is None, (old, given))
                if start:
                    self.assertLess(abs((stop - start).total_seconds() - hours * 3600), 31, (old, given))
