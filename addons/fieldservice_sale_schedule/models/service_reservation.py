from contextlib import contextmanager

from odoo import api, models


class ServiceReservation(models.Model):
    """An order's time and its jobs: whoever moves the time moves all jobs that were sold for it."""

    _inherit = "service.reservation"

    def _announce(self, change):
        """Override of ``service_schedule``: an order that gets a time late, or again, gives it to its jobs."""
        result = super()._announce(change)
        # sudo: the change was allowed; whoever made it need not read the order
        reservation = self.sudo()
        if reservation.state == "confirmed" and (not reservation.job_id or change.kind == "arrived"):
            reservation.order_ids._take_sold_times()
        return result

    @api.model
    def _prepare_job_time(self, job, start, stop):
        """Override of ``fieldservice_schedule``: the offer keeps as much free around a turn as around its time."""
        values = super()._prepare_job_time(job, start, stop)
        sold = job.sale_id.reservation_id
        if sold.state == "confirmed" and job in sold._get_jobs_in_turn() and not job._get_row_to_move():
            values["blocked_start"] = start - (sold.start - sold.blocked_start)
            values["blocked_stop"] = stop + (sold.blocked_stop - sold.stop)
        return values

    def _check_may_place_job(self):
        """Override of ``fieldservice_schedule``: who sold it, or looks after all orders, moves its jobs."""
        orders, user = self.sudo().order_ids, self.env.user  # sudo: only asked whose they are
        is_seller = orders.user_id == user or user.has_group("sales_team.group_sale_salesman_all_leads")
        return None if orders and is_seller else super()._check_may_place_job()

    def _get_jobs_in_turn(self):
        """Return the jobs, not begun, that follow the one that has this reservation. As superuser."""
        jobs = self.order_ids._get_timed_jobs()._get_waiting() - self.job_id
        for order in self.order_ids:
            jobs -= order._get_timed_job()
        return jobs

    def _move(self, *args, **kwargs):
        """Override of ``service_schedule`` to bring the other jobs of the order along."""
        with self._bringing_jobs():
            return super()._move(*args, **kwargs)

    def _reassign(self, *args, **kwargs):
        """Override of ``service_schedule`` to bring the other jobs of the order along."""
        with self._bringing_jobs():
            return super()._reassign(*args, **kwargs)

    @contextmanager
    def _bringing_jobs(self):
        """Move the other jobs of the order with its time: they make room for it first, and follow it then."""
        reservation = self.sudo()  # sudo: whoever may move the order moves its jobs with it
        if reservation.state != "confirmed":
            yield
            reservation.order_ids._take_sold_times()
            return
        jobs = reservation._get_jobs_in_turn()
        if not jobs:
            yield
            return
        start, resource = reservation.start, reservation.resource_id
        with self.env.cr.savepoint():
            jobs.reservation_id._lift()
            yield
            if (reservation.start, reservation.resource_id) != (start, resource):
                jobs._follow_first(reservation, start, resource)
            jobs.reservation_id._set_down()
