from odoo import fields, models

from .fsm_order import NOT_BEGUN


class SaleOrder(models.Model):
    """The time that was sold with an order is the time of its job: one reservation, that the order and the job have."""

    _inherit = "sale.order"

    def _take_time(self, choice, lanes, by_staff, origin, now):
        """Override of ``sale_service_schedule``: an order that was confirmed before gives its first time to its job."""
        result = super()._take_time(choice, lanes, by_staff, origin, now)
        self._take_sold_times()
        return result

    def _take_sold_times(self):
        """Have the jobs of confirmed orders take the time that their order has; may run again."""
        # sudo: whoever settles the order's time settles its job's
        for order in self.sudo().filtered(lambda order: order.state == "sale"):
            job = order.reservation_id.state == "confirmed" and order._get_timed_job()
            if job:
                job._take_sold_time(order.reservation_id)

    def _get_timed_job(self):
        """Return the job that the order's time is for: of the lines that sell it, the first not begun."""
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: self.service_offer_id in line.product_id.service_offer_ids)
        jobs = (lines.job_ids | lines.fsm_order_id).sorted("id")
        return jobs.filtered(lambda job: job.state in NOT_BEGUN)[:1] if not jobs.reservation_id.order_ids else jobs[:0]

    # ------------------------------------------------------------------
    # The order follows the work
    # ------------------------------------------------------------------

    def _follow_work(self):
        """Bring these orders along with their jobs: begun, done, delivered, invoiced. As superuser."""
        jobs = self._search_jobs()
        for order in self.filtered(lambda order: order.state == "sale"):
            states = {job.state for job in jobs if job.sale_id == order} - {"cancelled"}
            if states and states <= {"completed", "closed"}:
                order._finish_with_jobs()
            elif states & {"in_progress", "completed", "closed"} and order.fulfilment_state == "confirmed":
                order._update_fulfilment("preparing")

    def _finish_with_jobs(self):
        """Take what is left of the steps: all jobs are done, and the customer is not asked to come for anything."""
        self.ensure_one()
        if self.fulfilment_state in ("confirmed", "preparing", "ready"):
            now = fields.Datetime.now()
            self.write(
                {
                    "fulfilment_step": "picked_up",
                    "started_at": self.started_at or now,
                    "ready_at": self.ready_at or now,
                    "picked_up_at": now,
                }
            )
            self._apply_step_effects("picked_up")
        elif not self.service_point_id:
            self._invoice_if_wanted()
