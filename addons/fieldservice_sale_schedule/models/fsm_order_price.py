from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class FsmOrder(models.Model):
    """Another price than the customer's list has: who may say it, and that it is what he pays."""

    _inherit = "fsm.order"

    may_price = fields.Boolean(compute="_compute_may_price")

    @api.depends("person_id")
    @api.depends_context("uid")
    def _compute_may_price(self):
        self.may_price = self._may_override_prices()

    @api.model
    def _may_override_prices(self):
        """Return whether the user may say another price: a field service manager, and the technicians who may."""
        is_manager = self.env.user.has_group("fieldservice.group_fsm_manager")
        return self.env.su or is_manager or self.env["fsm.person"]._get_own().may_override_prices

    @api.model
    def _complete_new_values(self, vals):
        """Override of ``fieldservice_schedule``: a new job that has a product costs what that costs this customer.

        :raise AccessError: the user says another price, and may not
        """
        if vals.get("cost") and vals.get("product_id") and not self._may_override_prices():
            raise AccessError(self._describe_no_price())
        return super()._complete_new_values(vals)

    def _check_change(self, vals):
        """Override of ``fieldservice_schedule``: prices come from orders and lists, unless somebody may say another.

        :raise UserError: a job is sold: the price is its order's
        :raise AccessError: the user may not
        """
        result = super()._check_change(vals)
        if "cost" in vals:
            priced = self.filtered(
                lambda job: job.product_id and job.currency_id.compare_amounts(job.cost, vals["cost"] or 0.0)
            )
            sold = priced.filtered(lambda job: job._get_sold_orders())
            if sold:
                names = ", ".join(sold.mapped("name"))
                raise UserError(
                    self.env._("These jobs are sold, change the price on their orders: %(jobs)s", jobs=names)
                )
            if priced and not self._may_override_prices():
                raise AccessError(self._describe_no_price())
        return result

    @api.model
    def _describe_no_price(self):
        """Return the sentence for who may say no price."""
        return self.env._("You may not say another price than the customer's. A manager can.")

    def _get_own_price(self):
        """Return the price, without taxes in the company's currency, that somebody has said for this job; else None."""
        self.ensure_one()
        job = self.sudo()  # sudo: as in ``_compute_cost``
        usual = job._get_list_amount()
        return None if job.currency_id.compare_amounts(job.cost, usual) == 0 else job.cost

    def _price_lines(self, lines, prices):
        """Put the prices that were said for these jobs on their order lines, as superuser.

        :param lines: in the order of the jobs
        :param prices: ``{job: price or None}``
        """
        for job, line in zip(self, lines, strict=True):
            if prices[job] is None:
                continue
            usual = job._get_list_amount()
            if usual:  # by as much as it differs, so that taxes in the price and other currencies stay right
                line.price_unit *= prices[job] / usual
            else:
                line.price_unit = job.currency_id._convert(prices[job], line.currency_id, job.company_id)
