from datetime import datetime, timedelta

from odoo import fields

from odoo.addons.fieldservice_schedule.tests.common import HOUR, NINE

from .common import JobNotificationCase

CUSTOMER, MARIA, TOM = "fleet@example.com", "maria@glass.example", "tom@glass.example"
DAY = 24 * HOUR
LISTS = "fieldservice_schedule_notification.ir_cron_lists"


class TestJobReminders(JobNotificationCase):
    """The customer is reminded the day before; technicians get lists, once a day each."""

    def run_lists(self, moment):
        """Let the lists be queued at a moment; return what went out."""
        self.clock.move_to(moment)
        self.env.invalidate_all()
        self.env["fsm.person"]._cron_lists()
        return self.told()

    def test_day_before(self):
        """The customer reads of tomorrow between which hours, once; after a move only of the new time."""
        job = self.schedule()
        self.told()
        self.clock.move_to(NINE - DAY)
        [subject] = self.told()[CUSTOMER]
        self.assertEqual(subject, f"Tomorrow: Job {job.name}, between 5:00 AM and 6:00 AM (Eastern Daylight Time)")
        job.scheduled_date_start = NINE + DAY
        self.told()
        self.clock.move_to(NINE)
        self.assertEqual([subject[:8] for subject in self.told()[CUSTOMER]], ["Tomorrow"])

    def test_late_reminder_says_today(self):
        """A reminder that comes late after an outage names the day that it is."""
        self.schedule()
        self.told()
        self.clock.move_to(NINE - 2 * HOUR)
        [subject] = self.told()[CUSTOMER]
        self.assertTrue(subject.startswith("Today: "), subject)

    def test_another_technician_comes(self):
        """Who comes instead changes nothing about the customer's one reminder, and it names who comes."""
        job = self.schedule()
        self.told()
        job.person_id = self.tom
        self.told()
        self.clock.move_to(NINE - DAY)
        [mail] = [mail for mail in self.send() if CUSTOMER in mail["To"]]
        self.assertIn("Tom", self.get_part(mail, "plain"))

    def test_nobody_comes(self):
        """Nobody is promised a visit for which there is nobody."""
        job = self.schedule()
        self.told()
        job.person_id = False
        self.told()
        self.clock.move_to(NINE - DAY)
        self.assertNotIn(CUSTOMER, self.told())
        skipped = self.get_messages(state="skipped", res_id=job.id)
        self.assertEqual(skipped.mapped("reason"), ["Nobody comes yet"])

    def test_several_jobs_at_one_site(self):
        """Of three jobs at one lot on one day the customer is reminded once, of all; of another lot for itself."""
        jobs = [self.schedule(NINE + i * HOUR) for i in range(3)]
        other = self.env["fsm.location"].create({"name": "Lot 4", "owner_id": self.customer.id, "tz": "UTC"})
        far = self.schedule(NINE, self.tom, location_id=other.id)
        self.told()
        self.clock.move_to(NINE - DAY + 3 * HOUR)
        mails = [mail for mail in self.send() if CUSTOMER in mail["To"]]
        self.assertEqual(len(mails), 2)
        first = next(mail for mail in mails if jobs[0].name in mail["Subject"])
        text = self.get_part(first, "plain")
        self.assertEqual([job.name in text for job in (*jobs, far)], [True, True, True, False])
        reasons = set(self.get_messages(state="skipped").mapped("reason"))
        self.assertEqual(reasons, {f"It is told together with {jobs[0].name}"})

    def test_list_of_tomorrow(self):
        """At 14:00 of his own clock a technician reads how many jobs he has tomorrow; who has none reads nothing."""
        self.schedule()
        self.schedule(NINE + HOUR)
        self.told()
        before = datetime(2031, 10, 19, 17, 59)
        self.assertNotIn(MARIA, self.run_lists(before))
        told = self.run_lists(before + timedelta(minutes=2))
        self.assertEqual(told[MARIA], ["You have 2 jobs tomorrow"])
        self.assertNotIn(TOM, told)
        self.assertNotIn(MARIA, self.run_lists(before + timedelta(hours=1)))

    def test_list_of_one(self):
        """Of a single job the subject says what, for whom and when; the list of the morning as well."""
        job = self.schedule()
        self.told()
        told = self.run_lists(datetime(2031, 10, 19, 18, 0))
        self.assertEqual(
            told[MARIA], [f"You have a job scheduled for Harbour Fleet tomorrow at 5:00 AM: Job {job.name}"]
        )
        job.scheduled_date_start = NINE + 6 * HOUR
        self.told()
        told = self.run_lists(datetime(2031, 10, 20, 10, 30))
        self.assertEqual(told[MARIA], [f"You have a job scheduled for Harbour Fleet today at 11:00 AM: Job {job.name}"])

    def test_list_is_not_sent_late(self):
        """A list of another day is of no use, nor one whose jobs were cancelled meanwhile."""
        job = self.schedule()
        self.told()
        self.clock.move_to(datetime(2031, 10, 19, 18, 0))
        self.env["fsm.person"]._cron_lists()
        job.action_cancel()
        self.env.invalidate_all()
        self.assertEqual([subject[:9] for subject in self.told()[MARIA]], ["Cancelled"])
        message = self.get_messages(res_model="fsm.person", res_id=self.maria.id)
        self.assertEqual(message.reason, "Nothing is planned")

    def test_lists_in_batch(self):
        """The lists of twenty technicians ask for their jobs once."""
        people = self.env["fsm.person"].create([{"name": f"Technician {i}"} for i in range(20)])

        def count(some):
            self.env.invalidate_all()
            some.mapped("resource_id.tz")
            start = self.env.cr.sql_log_count
            for person in some:
                person._get_listed(1)
            return self.env.cr.sql_log_count - start

        self.assertEqual(count(people[:2]), count(people))

    def test_unplaced(self):
        """Who dispatches hears once a day of jobs for which nobody was found; what was placed since is not listed."""
        jobs = self.create_job(NINE) | self.create_job(NINE + HOUR)
        jobs._note_placement(dict.fromkeys(jobs, "Tom: lacks Glass II"))
        jobs._note_placement(dict.fromkeys(jobs, "Tom: lacks Glass II"))
        jobs[0].person_id = self.maria
        jobs._note_placement({jobs[0]: None})
        self.env.flush_all()  # the sender rolls back what is not in the database
        self.told()
        self.clock.move_to(fields.Datetime.now() + timedelta(minutes=20))
        mails = [mail for mail in self.send() if "dispatch@glass.example" in mail["To"]]
        self.assertEqual([mail["Subject"] for mail in mails], ["1 job could not be placed"])
        self.assertIn("Tom: lacks Glass II", self.get_part(mails[0], "plain"))
