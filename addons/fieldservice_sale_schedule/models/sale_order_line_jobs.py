from math import ceil

from odoo import api, fields, models
from odoo.fields import Command

from .fsm_order import DONE
from .product_template import TRACKED


class SaleOrderLine(models.Model):
    """How many jobs a line makes, what they deliver, and what is invoiced of them."""

    _inherit = "sale.order.line"

    job_ids = fields.One2many("fsm.order", "sale_line_id", "Jobs", readonly=True, copy=False)

    def write(self, vals):
        """Override of ``sale``: more units of an order that was confirmed are more jobs, fewer are fewer."""
        result = super().write(vals)
        if "product_uom_qty" in vals:
            self.order_id.filtered(lambda order: order.state == "sale")._fit_jobs()
        return result

    def _get_wanted_jobs(self):
        """Return how many jobs this line stands for; that of lines which share one counts for each of them."""
        self.ensure_one()
        tracking = self.product_id.field_service_tracking
        if self.display_type or self.is_downpayment or tracking not in TRACKED or self.product_uom_qty <= 0:
            # what was found first and sold then is one job, whatever the product says
            return 1 if self.fsm_order_id else 0
        if tracking != "unit":
            return 1
        return ceil(self.product_uom_id._compute_quantity(self.product_uom_qty, self.product_id.uom_id))

    def _get_jobs(self):
        """Return the jobs of this line, also the one that it shares with others."""
        self.ensure_one()
        return self.job_ids | self.fsm_order_id

    @api.depends("product_id", "fsm_order_id")
    def _compute_qty_delivered_method(self):
        """Override of ``fieldservice_sale``: jobs deliver all that makes them, and what they were sold as."""
        result = super()._compute_qty_delivered_method()
        for line in self.filtered(lambda line: not line.is_expense):
            if line.product_id.field_service_tracking in TRACKED or line.fsm_order_id:
                line.qty_delivered_method = "field_service"
        return result

    @api.depends("job_ids.state", "fsm_order_id.state", "product_uom_qty")
    def _compute_qty_delivered(self):
        """Override of ``fieldservice_sale``, for which a job that is closed has delivered nothing any more."""
        result = super()._compute_qty_delivered()
        for line in self.filtered(lambda line: line.qty_delivered_method == "field_service"):
            line.qty_delivered = line._get_quantity_of_jobs()
        return result

    def _prepare_qty_delivered(self):
        """Override of ``sale`` to know what jobs have delivered also on an earlier day's books."""
        delivered = super()._prepare_qty_delivered()
        for line in self.filtered(lambda line: line.qty_delivered_method == "field_service"):
            delivered[line] = line._get_quantity_of_jobs()
        return delivered

    def _get_quantity_of_jobs(self):
        """Return how much of this line its finished jobs have delivered."""
        self.ensure_one()
        done = len(self._get_jobs().filtered(lambda job: job.state in DONE))
        wanted = max(self._get_wanted_jobs(), 1)
        return self.product_uom_qty * min(done, wanted) / wanted

    def _prepare_invoice_line(self, **optional_values):
        """Override of ``fieldservice_sale``, which names all jobs of the order on each of its lines.

        It also asks as the user, who may invoice without reading jobs.
        """
        values = super(SaleOrderLine, self.sudo())._prepare_invoice_line(**optional_values)
        values.pop("fsm_order_ids", None)
        jobs = self.sudo()._get_jobs().filtered(lambda job: job.state in DONE)
        return {**values, "fsm_order_ids": [Command.set(jobs.ids)]} if jobs else values
