from odoo import api, fields, models

from odoo.addons.fieldservice_schedule.models.fsm_order_leaves import OPEN

NOT_BEGUN = ("requested", "assigned")
DONE = ("completed", "closed")
ACCOUNTANTS = "account.group_account_readonly,account.group_account_invoice"


class FsmOrder(models.Model):
    """A job that was sold, or can be: what it is sold as, and what the customer pays for it."""

    _inherit = "fsm.order"

    sale_id = fields.Many2one(
        compute="_compute_sale_id", store=True, readonly=False, index="btree_not_null", copy=False, tracking=True
    )
    sale_line_id = fields.Many2one(index="btree_not_null", copy=False)
    product_id = fields.Many2one(
        "product.product",
        "Sold As",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('sale_ok', '=', True)]",
        help="What the customer buys with this job: it has the price, as long as no order says another one.",
    )
    cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        readonly=False,
        help="What the customer pays for it, without taxes, in the company's currency: its share of the order's line, "
        "else the product's price for this customer.",
    )

    # journal items are the accountants': whoever works on jobs need not read, let alone write them
    invoice_lines = fields.Many2many(groups=ACCOUNTANTS)
    invoice_ids = fields.Many2many(compute_sudo=True, groups=ACCOUNTANTS)
    invoice_count = fields.Integer(compute_sudo=True, groups=ACCOUNTANTS)

    @api.depends("sale_line_id.order_id")
    def _compute_sale_id(self):
        for job in self:
            job.sale_id = job.sale_line_id.order_id or job.sale_id

    @api.depends("sale_line_id.product_id")
    def _compute_product_id(self):
        for job in self:
            job.product_id = job.sale_line_id.product_id or job.product_id

    @api.depends(
        "product_id",
        "partner_id",
        "company_id",
        "sale_id.currency_id",
        "sale_id.order_line.price_subtotal",
        "sale_id.order_line.fsm_order_id",
        "sale_line_id.price_subtotal",
        "sale_line_id.product_uom_qty",
        "sale_line_id.order_id.currency_rate",
    )
    def _compute_cost(self):
        # sudo: what a job costs may be known to whoever sees it, its order and the pricelists may not
        jobs, prices = self.sudo(), {}
        for job in jobs:
            key = (job.product_id, job.partner_id, job.company_id)
            if job._get_sold_lines():
                job.cost = job._get_sold_amount()
            elif job.product_id:
                prices[key] = prices[key] if key in prices else job._get_list_amount()
                job.cost = prices[key]
            else:
                job.cost = job.cost

    def _get_sold_lines(self):
        """Return the order lines that this job is sold by: its own, or all that share it."""
        self.ensure_one()
        shared = self.sale_id.order_line.filtered(lambda line: line.fsm_order_id == self)
        return self.sale_line_id or shared

    def _get_sold_amount(self):
        """Return this job's part of what its lines cost without taxes, in the company's currency of that day."""
        amount = sum(line.price_subtotal / max(line._get_wanted_jobs(), 1) for line in self._get_sold_lines())
        order = self._get_sold_lines().order_id
        return self.currency_id.round(amount / (order.currency_rate or 1.0))

    def _get_list_amount(self):
        """Return the product's price for this customer, without the taxes that are in it, in the company's currency."""
        job = self.with_company(self.company_id)
        pricelist = job.partner_id.property_product_pricelist
        price = pricelist._get_product_price(job.product_id, 1.0, currency=job.currency_id)
        taxes = job.product_id.taxes_id._filter_taxes_by_company(job.company_id)
        found = taxes.compute_all(price, job.currency_id, 1.0, job.product_id, job.partner_id)
        return found["total_excluded"]

    def _get_sold_orders(self):
        """Return the sale orders of these jobs, as superuser."""
        return self.sudo().sale_id  # sudo: who works on a job need not read orders; callers only keep them in line

    def _is_open(self):
        """Return whether work on this job is still to be done."""
        return self.state in OPEN
