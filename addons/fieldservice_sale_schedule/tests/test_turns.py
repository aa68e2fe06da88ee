from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.fieldservice_schedule.tests.common import HOUR, NINE

from ..models.fsm_order_turns import ACTIVITY
from .common import SoldTimeCase


@tagged("post_install", "-at_install")
class TestTurns(SoldTimeCase):
    """Several jobs that are sold for one time follow one another; none is left without a time in silence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chip.service_offer_ids = cls.offer

    def book_three(self, start=NINE):
        """Return an order of three units for one time, and its jobs."""
        order = self.create_order((self.chip, 3))
        order._schedule(self.choose(start), by_staff=True)
        order.action_confirm()
        return order, self.get_jobs(order)

    def assert_turns(self, jobs, person, *starts):
        """Each job has an hour of a technician, reserved, from these starts on."""
        self.assertEqual(jobs.mapped("scheduled_date_start"), list(starts))
        for job, start in zip(jobs, starts, strict=True):
            self.assert_time(job, person, start, start + HOUR)

    def assert_waits(self, job, reason):
        """Nobody has the job: it says why, and a dispatcher has a to-do."""
        self.assertEqual((job.person_id.ids, job.state), ([], "requested"))
        self.assert_time(job)
        self.assertRegex(job.placement_problem, reason)
        todo = job.activity_search([ACTIVITY])
        self.assertEqual(len(todo), 1)
        self.assertTrue(todo.user_id.has_group("fieldservice.group_fsm_dispatcher"))

    def test_units(self):
        """Three units sold for nine: the technician has the hours from nine to twelve, and the order is done last."""
        order, jobs = self.book_three()
        self.assert_turns(jobs, self.maria, NINE, NINE + HOUR, NINE + 2 * HOUR)
        self.assertEqual(order.reservation_id.job_id, jobs[0])
        jobs[0].action_complete()
        self.assertEqual(order.fulfilment_state, "preparing")
        (jobs - jobs[0]).action_complete()
        self.assertEqual(order.fulfilment_state, "picked_up")

    def test_lines(self):
        """Three lines of a product that makes a job each take turns as well."""
        order = self.create_order(*((self.glass, 1, van) for van in self.vans))
        order._schedule(self.choose(NINE), by_staff=True)
        order.action_confirm()
        jobs = self.get_jobs(order)
        self.assert_turns(jobs, self.maria, NINE, NINE + HOUR, NINE + 2 * HOUR)
        self.assertEqual(jobs.equipment_id, self.vans)

    def test_salesman(self):
        """A salesman without any field group sells three, also where the technician is not free for all."""
        self.create_job(NINE + HOUR, self.maria)
        order = self.create_order((self.chip, 3), user_id=self.salesman.id)
        order._schedule(self.choose(NINE), by_staff=True)
        order.with_user(self.salesman).action_confirm()
        self.assert_time(self.get_jobs(order)[0], self.maria, NINE, NINE + HOUR)

    def test_buffers(self):
        """What the offer keeps free around its times is kept around each turn."""
        self.offer.write({"buffer_before_minutes": 15, "buffer_after_minutes": 30})
        _order, jobs = self.book_three()
        self.assert_turns(jobs, self.maria, NINE, NINE + 1.75 * HOUR, NINE + 3.5 * HOUR)
        last = jobs[2].sudo().reservation_id
        self.assertEqual((last.blocked_start, last.blocked_stop), (NINE + 3.25 * HOUR, NINE + 5 * HOUR))

    def test_not_free(self):
        """Where the technician has something else, the job says so and a dispatcher has to see to it, then not."""
        other = self.create_job(NINE + HOUR, self.maria)
        _order, jobs = self.book_three()
        self.assert_time(jobs[0], self.maria, NINE, NINE + HOUR)
        for job in jobs[1:]:
            self.assert_waits(job, other.name)
            self.assertEqual(job.scheduled_date_start, NINE + HOUR)
        jobs[1].person_id = self.tom
        self.assertFalse(jobs[1].activity_search([ACTIVITY]))
        self.assertFalse(jobs[1].placement_problem)

    def test_not_at_work(self):
        """A turn after the technician's working hours is nothing that an order decides."""
        hours = self.maria.resource_id.calendar_id.copy()
        hours.attendance_ids = [Command.clear()] + [
            Command.create({"name": day, "dayofweek": str(day), "hour_from": 8, "hour_to": 11}) for day in range(7)
        ]
        self.maria.resource_id.calendar_id = hours
        _order, jobs = self.book_three()
        self.assert_turns(jobs[:2], self.maria, NINE, NINE + HOUR)
        self.assert_waits(jobs[2], "Maria does not work from .*11:00")

    def test_order_moves(self):
        """The customer moves his order, also to an hour that one of its own jobs has: all of them follow."""
        order, jobs = self.book_three()
        order._schedule(self.choose(NINE + HOUR))
        self.assert_turns(jobs, self.maria, NINE + HOUR, NINE + 2 * HOUR, NINE + 3 * HOUR)
        order._schedule(self.choose(NINE))
        self.assert_turns(jobs, self.maria, NINE, NINE + HOUR, NINE + 2 * HOUR)
        self.create_job(NINE + 6 * HOUR, self.maria)
        order._schedule(self.choose(NINE + 5 * HOUR))
        self.assert_time(jobs[0], self.maria, NINE + 5 * HOUR, NINE + 6 * HOUR)
        self.assert_waits(jobs[1], "already has")
        self.assert_time(jobs[2], self.maria, NINE + 7 * HOUR, NINE + 8 * HOUR)

    def test_refused_move(self):
        """A time that is taken is refused, and every job stays where it was."""
        order, jobs = self.book_three()
        self.create_job(NINE + 5 * HOUR, self.maria)
        with self.assertRaisesRegex(UserError, "no place is left"):
            order._schedule(self.choose(NINE + 5 * HOUR))
        self.assert_turns(jobs, self.maria, NINE, NINE + HOUR, NINE + 2 * HOUR)
        self.assertEqual(set(jobs.sudo().reservation_id.mapped("lane")), {0})

    def test_other_technician(self):
        """Whoever is given the order's time by the staff gets its other jobs, too."""
        self.offer.resource_ids |= self.tom.resource_id
        order, jobs = self.book_three()
        person = jobs[0].person_id
        other = (self.maria | self.tom) - person
        order.reservation_id._reassign(other.resource_id)
        self.assert_turns(jobs, other, NINE, NINE + HOUR, NINE + 2 * HOUR)

    def test_job_moves_alone(self):
        """A dispatcher who moves one of the jobs moves that one."""
        _order, jobs = self.book_three()
        jobs[0].scheduled_date_start = NINE + 5 * HOUR
        self.assert_turns(jobs, self.maria, NINE + 5 * HOUR, NINE + HOUR, NINE + 2 * HOUR)

    def test_more_and_fewer(self):
        """One unit more is the next turn; one fewer gives the last turn back."""
        order, jobs = self.book_three()
        order.order_line.product_uom_qty = 4
        more = self.get_jobs(order) - jobs
        self.assert_turns(more, self.maria, NINE + 3 * HOUR)
        order.order_line.product_uom_qty = 3
        self.assertEqual(more.state, "cancelled")
        self.assert_time(more)
        order.action_cancel()
        for job in jobs:
            self.assert_time(job)

    def test_no_show(self):
        """Who was not there for the first was not there for the others; when he comes after all they come back."""
        order, jobs = self.book_three()
        with freeze_time(NINE + HOUR / 2):
            order.reservation_id._no_show()
            self.assertEqual(set(jobs.mapped("state")), {"requested"})
            self.assertTrue(all(jobs.mapped("failure_reason")))
            order.reservation_id._record_arrival()
        self.assert_turns(jobs, self.maria, NINE, NINE + HOUR, NINE + 2 * HOUR)

    def test_late_time(self):
        """An order that gets its time after it was confirmed gives it to all its jobs, whoever had them meanwhile."""
        order = self.create_order((self.chip, 3))
        order.action_confirm()
        jobs = self.get_jobs(order)
        jobs[1].write({"person_id": self.tom.id, "scheduled_date_start": NINE})
        order._schedule(self.choose(NINE + 3 * HOUR), by_staff=True)
        self.assert_turns(jobs, self.maria, *(NINE + hours * HOUR for hours in (3, 4, 5)))

    def test_offered_times(self):
        """The times that are offered to the customer who moves are those that he can have."""
        order, _jobs = self.book_three()
        start, _window = self.offer.parse_choice(self.choose(NINE + HOUR))
        self.assertFalse(self.offer.get_reasons(start, ignore=order.reservation_id))
        self.assertTrue(self.offer.get_reasons(start))
