from odoo.modules.migration import load_script
from odoo.tools import file_path

from odoo.addons.fieldservice_schedule.tests.common import HOUR, NINE

from .common import JobNotificationCase

CUSTOMER, MARIA, TOM, DISPATCH = (
    "fleet@example.com",
    "maria@glass.example",
    "tom@glass.example",
    "dispatch@glass.example",
)


class TestJobMessages(JobNotificationCase):
    """Who is told what of a job: each once, and nothing that is not true any more."""

    def test_scheduled(self):
        """The customer and the technician hear of it, once; who did it does not."""
        job = self.schedule()
        told = self.told()
        self.assertEqual(sorted(told), [CUSTOMER, MARIA])
        [subject] = told[CUSTOMER]
        self.assertEqual(
            subject,
            f"Job {job.name}: we come on Monday, October 20, 2031, between 5:00 AM and 6:00 AM (Eastern Daylight Time)",
        )
        [subject] = told[MARIA]
        self.assertIn("New job", subject)
        self.assertNotIn("Eastern", subject)
        self.assertEqual(self.told(), {})

    def test_customers_of_many_jobs(self):
        """Whom to tell of many customers' jobs is read at once."""
        owners = self.env["res.partner"].create(
            [{"name": f"Fleet {one}", "email": f"{one}@x.example"} for one in "abcdef"]
        )
        sites = self.env["fsm.location"].create([{"name": owner.name, "owner_id": owner.id} for owner in owners])
        jobs = self.env["fsm.order"].union(*(self.create_job(location_id=site.id) for site in sites))
        event = self.env["service.notification.event"]._get_by_code("job_scheduled")
        counts = []
        for some in (jobs[:2], jobs):
            self.env.flush_all()
            self.env.invalidate_all()
            some = some.browse(some.ids)
            before = self.cr.sql_log_count
            found = some._get_notification_recipients(event, "customer")
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual([found[job.id] for job in some], [job.location_id.owner_id for job in some])
        self.assertEqual(*counts)

    def test_moved_twice_before_it_is_sent(self):
        """Who is moved before the mail is out reads of the last time only."""
        job = self.schedule()
        job.scheduled_date_start = NINE + HOUR
        job.scheduled_date_start = NINE + 2 * HOUR
        told = self.told()
        self.assertEqual([len(subjects) for subjects in told.values()], [1, 1])
        self.assertIn("rescheduled to Monday, October 20, 2031, between 7:00 AM", told[CUSTOMER][0])
        self.assertIn("Moved", told[MARIA][0])
        skipped = self.get_messages(state="skipped")
        self.assertEqual(set(skipped.mapped("reason")), {"It has been changed since"})

    def test_another_technician(self):
        """Both technicians hear of it; the customer does not, as long as the time stays."""
        job = self.schedule()
        self.told()
        job.person_id = self.tom
        told = self.told()
        self.assertEqual(sorted(told), [MARIA, TOM])
        self.assertIn("Not yours any more", told[MARIA][0])
        self.assertIn("New job", told[TOM][0])
        job.write({"person_id": self.maria.id, "scheduled_date_start": NINE + HOUR})
        self.assertEqual(sorted(self.told()), [CUSTOMER, MARIA, TOM])

    def test_reassigned_before_it_is_sent(self):
        """A customer who has not been told yet is told all the same when somebody else comes."""
        job = self.schedule()
        job.person_id = self.tom
        told = self.told()
        self.assertEqual(sorted(told), [CUSTOMER, MARIA, TOM])
        self.assertEqual(len(told[CUSTOMER]), 1)

    def test_without_technician_for_a_while(self):
        """Who falls ill is replaced without a word to the customer; with another time he is told of that."""
        job = self.schedule()
        self.told()
        job.person_id = False
        self.assertEqual(sorted(self.told()), [MARIA])
        job.person_id = self.tom
        self.assertEqual(sorted(self.told()), [TOM])
        job.person_id = False
        self.told()
        job.write({"person_id": self.tom.id, "scheduled_date_start": NINE + HOUR})
        told = self.told()
        self.assertIn("rescheduled", told[CUSTOMER][0])

    def test_begun_and_done(self):
        """The customer hears who has begun, and that it is done."""
        job = self.schedule()
        self.told()
        self.clock.move_to(NINE)
        job.with_user(self.user_maria).action_start()
        self.assertEqual(self.told(), {CUSTOMER: [f"Job {job.name}: started by Maria"]})
        job.with_user(self.user_maria).action_complete()
        self.assertEqual(self.told(), {CUSTOMER: [f"Job {job.name} complete"]})

    def test_cancelled(self):
        """A cancellation reaches the customer and the technician; reminders and what was queued stay unsent."""
        job = self.schedule()
        job.action_cancel()
        told = self.told()
        self.assertEqual({who: len(subjects) for who, subjects in told.items()}, {CUSTOMER: 1, MARIA: 1})
        self.clock.move_to(NINE - 24 * HOUR)
        self.assertEqual(self.told(), {})
        job.action_reopen()
        job.person_id = self.maria
        self.assertIn("we come on", self.told()[CUSTOMER][0])

    def test_could_not_be_done(self):
        """What could not be done is told to the customer and to who dispatches, with the reason for the latter."""
        job = self.schedule()
        self.told()
        self.clock.move_to(NINE)
        job.with_user(self.user_maria)._fail("The gate was closed")
        mails = {mail["To"]: mail for mail in self.send()}
        self.assertIn(DISPATCH, "".join(mails))
        for address, mail in mails.items():
            self.assertIn("could not be done", mail["Subject"])
            self.assertEqual("The gate was closed" in self.get_part(mail, "plain"), CUSTOMER not in address)

    def test_absent_customer(self):
        """A no-show is planned anew, and that does not keep the message back; planned again at once, it does."""
        job = self.schedule()
        self.told()
        self.clock.move_to(NINE + HOUR / 2)
        job.reservation_id._no_show()
        told = self.told()
        self.assertEqual([len(told[who]) for who in (CUSTOMER, DISPATCH)], [1, 1])
        self.assertIn("could not be done", told[CUSTOMER][0])
        again = self.schedule(NINE + 2 * HOUR)
        self.told()
        self.clock.move_to(NINE + 2.5 * HOUR)
        again.reservation_id._no_show()
        again.with_user(self.dispatcher).write({"scheduled_date_start": NINE + 24 * HOUR, "person_id": self.tom.id})
        self.assertNotIn("could not", "".join(self.told()[CUSTOMER]))

    def test_old_sentence_is_replaced(self):
        """The migration takes the untrue sentence out of the template, once, and leaves what people wrote."""
        path = "fieldservice_schedule_notification/migrations/19.0.1.1.0/post-could-not-be-done.py"
        script = load_script(file_path(path), "could_not_be_done")
        template = self.env.ref("fieldservice_schedule_notification.mail_template_job_failed")
        old = '<p>Ours: we were with you and could not do this job. We call "you".</p>'
        for body, wanted in ((old, '<p>Ours: we could not do this job. We call "you".</p>'), ("<p>Own</p>",) * 2):
            template.body_html = body
            template.flush_recordset()
            for _time in range(2):
                script.migrate(self.env.cr, "19.0.1.0.0")
            template.invalidate_recordset()
            self.assertEqual(template.body_html, wanted)

    def test_nobody_is_told_of_the_past_or_of_an_import(self):
        """Jobs of last week, and jobs that are imported, are no news; moving them afterwards is."""
        self.schedule(NINE - 30 * 24 * HOUR)
        jobs = self.env["fsm.order"].with_context(import_file=True)
        job = jobs.create([self.job_values(NINE, self.maria)]).with_env(self.env)
        self.assertEqual(self.told(), {})
        job.scheduled_date_start = NINE + HOUR
        self.assertIn("rescheduled", self.told()[CUSTOMER][0])

    def test_number_of_queries(self):
        """Ten jobs cost as many queries to announce as two."""

        def count(number, person, day):
            values = [self.job_values(day + i * HOUR, person) for i in range(number)]
            jobs = self.env["fsm.order"].with_context(import_file=True).create(values).with_env(self.env)
            jobs.flush_recordset()
            before = jobs._get_standings()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            jobs._announce("rescheduled", before)
            return self.env.cr.sql_log_count - start

        count(2, self.tom, NINE)
        few, many = count(2, self.maria, NINE), count(10, self.maria, NINE + 24 * HOUR)
        self.assertEqual(few, many)
