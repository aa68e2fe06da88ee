from odoo import models
from odoo.exceptions import UserError


class FsmOrder(models.Model):
    """Jobs that were found become lines of one order: what a lot walk finds, what a dispatcher writes down."""

    _inherit = "fsm.order"

    def _sell_together(self, partner=None):
        """Put these jobs on ONE sale order of a customer, a line each, and return it.

        Each line has the job's product at the price of the customer's pricelist, with the taxes of his fiscal
        position, and points to the job's unit; each job points to its line (``sale_line_id``), so that the order's
        confirmation makes no second one. Nobody's rights on orders are needed: whoever may change the jobs may sell
        them. The order is a quotation; it has no salesman unless the customer has one.

        May run again: a job that has an order keeps it, and those that have none join the quotation that the others
        have, as long as it is one. Of two that run at once one waits for nothing and does nothing.

        :param partner: the customer, or one of his contacts; None is the customer of the jobs
        :return: the ``sale.order``, as superuser
        :raise UserError: a job has no product, or they belong to different customers or companies
        """
        jobs = self.filtered(lambda job: job.state != "cancelled")
        jobs.check_access("write")
        customer = (partner or jobs.partner_id).commercial_partner_id
        jobs._check_may_be_sold(customer)
        # sudo: technicians sell what they find, and have no rights on orders
        jobs = jobs.sudo()
        fresh = jobs.filtered(lambda job: not job.sale_line_id and not job.sale_id)
        order = jobs._get_sale_order_for(customer, fresh)
        prices = {job: job._get_own_price() for job in fresh}
        lines = order._add_jobs(fresh)
        fresh._price_lines(lines, prices)
        fresh.write({"sale_id": order.id})
        for job, line in zip(fresh, lines, strict=True):
            job.sale_line_id = line
        return order

    def _check_may_be_sold(self, customer):
        """Raise when these jobs cannot be on one order of a customer.

        :raise UserError: lists what is missing
        """
        if len(customer) != 1 or len(self.company_id) != 1 or self.partner_id - customer:
            raise UserError(
                self.env._(
                    "One order is of one customer and one company: %(jobs)s", jobs=", ".join(self.mapped("name"))
                )
            )
        unpriced = self.filtered(lambda job: not job.product_id and not job.sudo().sale_line_id)
        if unpriced:
            raise UserError(
                self.env._("Say what these jobs are sold as first: %(jobs)s", jobs=", ".join(unpriced.mapped("name")))
            )

    def _get_sale_order_for(self, customer, fresh):
        """Return the order that the ``fresh`` ones among these jobs are put on: the others' quotation, or a new one."""
        present = (self - fresh)._get_sold_orders().sorted("id", reverse=True)
        quotations = present.filtered(lambda order: order.state in ("draft", "sent"))
        if not fresh:
            return (quotations or present)[:1]
        return quotations[:1] or self.env["sale.order"].create(fresh._prepare_sale_values(customer))

    def _prepare_sale_values(self, customer):
        """Return the values of the order of these jobs."""
        return {
            "partner_id": customer.id,
            "company_id": self.company_id.id,
            "fsm_location_id": self.location_id.id if len(self.location_id) == 1 else False,
            "user_id": customer.user_id.id,
            "origin": ", ".join(self.mapped("name")),
        }

    def _prepare_sale_line_values(self):
        """Return the values of the line that sells this job."""
        self.ensure_one()
        owner = self.equipment_id.owned_by_id.commercial_partner_id
        return {
            "product_id": self.product_id.id,
            "product_uom_qty": 1,
            "fsm_order_id": self.id,
            # what somebody else owns may stand on the lot, and be repaired at the customer's expense
            "equipment_id": self.equipment_id.id if owner == self.partner_id else False,
        }
