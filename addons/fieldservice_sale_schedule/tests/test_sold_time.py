from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.fieldservice_schedule.tests.common import HOUR, NINE

from .common import SoldTimeCase


@tagged("post_install", "-at_install")
class TestSoldTime(SoldTimeCase):
    """A job that is sold for a time of an offer has that very time: one reservation, of the order and the job."""

    def test_one_reservation(self):
        """The reservation that was sold is the job's; there is no second claim, and the books agree."""
        order, job = self.book()
        self.assertEqual((job.person_id, job.state), (self.maria, "assigned"))
        self.assert_time(job, self.maria, NINE, NINE + HOUR)
        self.assertEqual(job.reservation_id, order.reservation_id)
        self.assertEqual(len(job.reservation_ids), 1)
        found = {check.title: rows for check, rows in self.env["service.schedule.check"]._run()}
        mine = {job.id, order.id, order.reservation_id.id}
        self.assertFalse([(title, row) for title, rows in found.items() for row in rows if row[0] in mine])

    def test_salesman(self):
        """A salesman without any field or scheduling group confirms an order that has a time."""
        order = self.create_order((self.glass, 1, self.van), user_id=self.salesman.id)
        order._schedule(self.choose(NINE), by_staff=True)
        order.with_user(self.salesman).action_confirm()
        self.assert_time(self.get_jobs(order), self.maria, NINE, NINE + HOUR)

    def test_order_moves_job(self):
        """The customer's new time is the job's, by the offer's rules; a time that is taken is refused for both."""
        order, job = self.book()
        order._schedule(self.choose(NINE + 2 * HOUR))
        self.assert_time(job, self.maria, NINE + 2 * HOUR, NINE + 3 * HOUR)
        self.create_job(NINE + 5 * HOUR, self.maria)
        with self.assertRaises(UserError):
            order._schedule(self.choose(NINE + 5 * HOUR))
        with self.assertRaises(UserError):  # the offer's horizon binds the customer, also when a job has the time
            order._schedule(self.choose(NINE + timedelta(days=60)))
        self.assert_time(job, self.maria, NINE + 2 * HOUR, NINE + 3 * HOUR)

    def test_who_moves_order(self):
        """Who sold it moves it, be he a technician as well; another technician does not."""
        order, job = self.book(user_id=self.salesman.id)
        keeper = self.env.ref("service_schedule.group_technician")
        (self.salesman | self.user_maria).group_ids += keeper + self.env.ref("fieldservice.group_fsm_user_own")
        order.with_user(self.salesman)._schedule(self.choose(NINE + HOUR), by_staff=True)
        self.assert_time(job, self.maria, NINE + HOUR, NINE + 2 * HOUR)
        with self.assertRaisesRegex(AccessError, "for a dispatcher to say"):
            job.reservation_id.with_user(self.user_maria)._reschedule(self.choose(NINE + 2 * HOUR), by_staff=True)
        self.assert_time(job, self.maria, NINE + HOUR, NINE + 2 * HOUR)

    def test_job_moves_order(self):
        """A dispatcher who drags the job or gives it to a colleague moves what the customer was promised."""
        order, job = self.book()
        job.with_user(self.dispatcher).scheduled_date_start = NINE + 4 * HOUR
        self.assertEqual((order.scheduled_start, order.commitment_date), (NINE + 4 * HOUR,) * 2)
        self.assertEqual(order.reschedule_count, 1)
        job.with_user(self.dispatcher).person_id = self.tom
        self.assertEqual(order.reservation_id.resource_id, self.tom.resource_id)
        self.assertEqual(order.reservation_id, job.reservation_id)

    def test_buffers_stay(self):
        """What the offer keeps free before and after is kept wherever the job is moved to."""
        self.offer.write({"buffer_before_minutes": 15, "buffer_after_minutes": 30})
        order, job = self.book()
        job.scheduled_date_start = NINE + 3 * HOUR
        row = order.reservation_id
        self.assertEqual((row.blocked_start, row.blocked_stop), (NINE + 2.75 * HOUR, NINE + 4.5 * HOUR))

    def test_not_dropped(self):
        """A sold time is not dropped by taking the technician or the time away, or cancelling the job alone."""
        order, job = self.book()
        for vals in ({"person_id": False}, {"scheduled_date_start": False}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, order.name):
                job.write(vals)
        with self.assertRaisesRegex(UserError, order.name):
            job.action_cancel()
        order.action_cancel()
        self.assertEqual(job.state, "cancelled")
        self.assert_time(job)

    def test_cancelled_while_working(self):
        """A customer's order that ends while somebody is at work leaves the job and its time alone."""
        order, job = self.book()
        job.action_start()
        self.assertEqual(order.fulfilment_state, "preparing")
        order.action_cancel()
        self.assertEqual(job.state, "in_progress")
        self.assert_time(job, self.maria, NINE, NINE + HOUR)
        self.assertEqual(order.reservation_id.state, "cancelled")

    def test_work_moves_order(self):
        """Starting and completing the job brings the order through its steps, to an invoice that can be made."""
        order, job = self.book()
        job.with_user(self.user_maria).action_start()
        self.assertEqual(order.fulfilment_state, "preparing")
        job.with_user(self.user_maria).action_complete()
        self.assertEqual((order.fulfilment_state, order.reservation_id.state), ("picked_up", "done"))
        self.assertEqual((order.order_line.qty_delivered, order.invoice_status), (1.0, "to invoice"))

    def test_no_show(self):
        """Who was not there gets another time: the job is to be planned anew and the order gets that time."""
        order, job = self.book()
        with freeze_time(NINE + HOUR / 2):
            order.reservation_id._no_show()
            self.assertEqual(
                (job.state, job.person_id, order.fulfilment_state), ("requested", job.person_id.browse(), "no_show")
            )
            self.assertIn("Maria", "".join(job.message_ids.mapped("body")))
            job.write({"person_id": self.tom.id, "scheduled_date_start": NINE + 24 * HOUR})
        self.assert_time(job, self.tom, NINE + 24 * HOUR, NINE + 25 * HOUR)
        self.assertEqual(order.reservation_id, job.reservation_id)
        self.assertEqual((order.fulfilment_state, order.scheduled_start), ("confirmed", NINE + 24 * HOUR))

    def test_arrived(self):
        """A no-show that is taken back gives the job its technician and time back."""
        order, job = self.book()
        with freeze_time(NINE + HOUR / 2):
            order.reservation_id._no_show()
            order.reservation_id._record_arrival()
        self.assert_time(job, self.maria, NINE, NINE + HOUR)
        self.assertEqual(job.state, "assigned")

    def test_lost_time(self):
        """A hold that somebody else took is parked: the order is kept, its job waits, and takes the new time."""
        order = self.create_order((self.glass, 1, self.van))
        order.reservation_id = self.env["service.reservation"]._hold(
            self.offer, self.choose(NINE), holder="partner:1", partner=self.customer
        )
        order.reservation_id._give_up("expired")
        self.create_job(NINE, self.maria)
        order.action_confirm()
        self.assertTrue(order.needs_new_time)
        job = self.get_jobs(order)
        self.assertEqual((len(job), job.state), (1, "requested"))
        self.assert_time(job)
        order._schedule(self.choose(NINE + 3 * HOUR), by_staff=True)
        self.assert_time(job, self.maria, NINE + 3 * HOUR, NINE + 4 * HOUR)

    def test_planned_meanwhile(self):
        """What a dispatcher planned while the order had no time gives way to the time that the customer chose."""
        order = self.create_order((self.glass, 1, self.van))
        order.action_confirm()
        job = self.get_jobs(order)
        job.write({"person_id": self.tom.id, "scheduled_date_start": NINE})
        order._schedule(self.choose(NINE + 3 * HOUR), by_staff=True)
        self.assert_time(job, self.maria, NINE + 3 * HOUR, NINE + 4 * HOUR)

    def test_counter(self):
        """An offer that occupies no technician gives its job the time, and leaves the technician to the dispatcher."""
        crew = self.env["resource.resource"].create(
            {
                "name": "Crew",
                "resource_type": "material",
                "lane_count": 3,
                "calendar_id": self.maria.resource_id.calendar_id.id,
                "tz": "UTC",
            }
        )
        self.glass.service_offer_ids = self.create_offer("Anybody", crew)
        order, job = self.book()
        self.assert_planned(job, NINE, 1.0, NINE + HOUR)
        self.assertFalse(job.person_id)
        job.person_id = self.tom
        order._schedule(self.choose(NINE + 2 * HOUR), by_staff=True)
        self.assert_time(job, self.tom, NINE + 2 * HOUR, NINE + 3 * HOUR)
