from odoo import models

from odoo.addons.fieldservice_schedule.models.fsm_order_leaves import OPEN
from odoo.addons.service_schedule.models.service_reservation import CLAIMING

from .fsm_order import NOT_BEGUN


class SaleOrder(models.Model):
    """The date that was promised and the time that the jobs are planned for move together.

    Of an order with a reservation that is the reservation's business. Of the others: a new date moves the jobs on which
    nobody works yet, and a job that is moved takes the date along, when the date was that of the earliest job.
    """

    _inherit = "sale.order"

    def write(self, values):
        """Override of ``fieldservice_sale``, which moves every job to a new date, also what was done long ago."""
        if "commitment_date" not in values:
            return super().write(values)
        before = {order: order.commitment_date for order in self}
        result = super().write({name: value for name, value in values.items() if name != "commitment_date"})
        self._write_promise(values["commitment_date"])
        for order in self.filtered(lambda order: order.commitment_date not in (False, before[order])):
            if order.sudo().reservation_id.state not in CLAIMING:  # sudo: only asked who keeps the time
                order._move_jobs(before[order], order.commitment_date)
        return result

    def _write_promise(self, moment):
        """Write the promised date and move no job. ``moment``: naive UTC, or its text."""
        # the loop of fieldservice_sale finds no jobs: the field counts as computed until it is forgotten
        self._fields["fsm_order_ids"]._update_cache(self, ())
        result = super().write({"commitment_date": moment})  # pylint: disable=super-method-mismatch
        self.invalidate_recordset(["fsm_order_ids"])
        return result

    def _move_jobs(self, old, new):
        """Move the jobs that nobody has begun by as much as the promise moved.

        :param old: naive UTC, False when nothing was promised before
        :param new: naive UTC
        """
        self.ensure_one()
        starts = {
            job: new if not (old and job.scheduled_date_start) else job.scheduled_date_start + (new - old)
            for job in self._search_jobs()
            if job.state in NOT_BEGUN
        }
        if starts:
            self.env["fsm.order"].sudo()._move_or_lose(starts)  # sudo: as in ``_search_jobs``

    def _get_first_starts(self):
        """Return ``{order: when the first of its open jobs is planned}``, naive UTC; without those that have none."""
        # sudo: as in ``_search_jobs``
        rows = (
            self.env["fsm.order"]
            .sudo()
            ._read_group(
                [("sale_id", "in", self.ids), ("state", "in", OPEN), ("scheduled_date_start", "!=", False)],
                ["sale_id"],
                ["scheduled_date_start:min"],
            )
        )
        return {order.with_env(self.env): start for order, start in rows}

    def _filter_following(self):
        """Return those of these orders whose promise is the time of their earliest job, or is still to be made."""
        starts = self._get_first_starts()
        return self.filtered(
            lambda order: (
                order.state == "sale"
                and order.reservation_id.state not in CLAIMING
                and starts.get(order, order.commitment_date) == order.commitment_date
            )
        )

    def _follow_jobs(self):
        """Promise these customers the time of their earliest open job."""
        for order, start in self._get_first_starts().items():
            if start != order.commitment_date:
                order._write_promise(start)
