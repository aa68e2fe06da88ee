from odoo import fields, models


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
        for order in self.sudo()._filter_timed():
            first, waiting = order._get_timed_job(), order.reservation_id._get_jobs_in_turn()
            if first:
                first._take_sold_time(order.reservation_id)
            else:
                # who has somebody already keeps him
                waiting = waiting.filtered(lambda job: not job.person_id)
            (waiting - first)._take_turns(order.reservation_id)

    def _filter_timed(self):
        """Return those of these orders that are confirmed and have a confirmed time."""
        return self.filtered(lambda order: order.state == "sale" and order.reservation_id.state == "confirmed")

    def _get_timed_jobs(self):
        """Return the jobs that the times of these orders are for: those of the lines that sell them, oldest first."""
        jobs = self.env["fsm.order"].sudo()  # sudo: as in ``_search_jobs``
        for order in self.sudo():
            offer = order.service_offer_id
            lines = order.order_line.filtered(lambda line, offer=offer: offer in line.product_id.service_offer_ids)
            jobs |= lines.job_ids | lines.fsm_order_id
        return jobs.sorted("id")

    def _get_timed_job(self):
        """Return the job that the order's time is for: of the lines that sell it, the first not begun."""
        self.ensure_one()
        jobs = self._get_timed_jobs()
        return jobs._get_waiting()[:1] if not jobs.reservation_id.order_ids else jobs[:0]

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
