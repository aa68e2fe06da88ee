from odoo import models


class FsmOrder(models.Model):
    """What was found on a walk becomes one order of the customer, with a line for each finding."""

    _inherit = "fsm.order"

    def _sell_findings(self, findings):
        """Have a line of the walk's order for each of the findings: those that have none yet get one.

        :param findings: as superuser
        """
        self.ensure_one()
        if findings:
            # sudo: technicians have no rights on orders; this one follows from the walk
            visit = self.sudo()
            order = findings._sell_together(visit.partner_id)
            if visit.walk_order_id != order:
                visit.walk_order_id = order
            visit._confirm_walk_order(order)

    def _confirm_walk_order(self, order):
        """Confirm the order of this walk: its findings may be repaired and invoiced.

        Whoever has customers approve findings first overrides it.
        """
        if order.state in ("draft", "sent"):
            order.action_confirm()

    def _get_sale_order_for(self, customer, fresh):
        """Override of ``fieldservice_sale_schedule``: what is found when a walk is taken up again joins its order."""
        order = self.visit_id.walk_order_id
        if fresh and len(order) == 1 and order.state == "sale" and not order.locked:
            return order
        return super()._get_sale_order_for(customer, fresh)

    def _prepare_sale_values(self, customer):
        """Override of ``fieldservice_sale_schedule`` to name the walk."""
        values = super()._prepare_sale_values(customer)
        return {**values, "origin": self.visit_id.name} if len(self.visit_id) == 1 else values

    def _prepare_sale_line_values(self):
        """Override of ``fieldservice_sale_schedule``: at the price that was told, and of which unit."""
        values = super()._prepare_sale_line_values()
        if not self.damage_id:
            return values
        currency, order = self._get_order_currency(), self.visit_id
        product = self.product_id.with_context(lang=order.partner_id.lang)
        price = self.quoted_currency_id._convert(self.quoted_price, currency, self.company_id, self.found_at.date())
        return {
            **values,
            "name": f"{product.display_name}\n{self.equipment_id.display_name}, {self.name}",
            "product_uom_qty": self.damage_count,
            "price_unit": price,
            "discount": 0,
        }

    def _get_order_currency(self):
        """Return the currency of the order that this finding is put on."""
        order = self.visit_id.walk_order_id
        if order:
            return order.currency_id
        pricelist = self.partner_id.with_company(self.company_id).property_product_pricelist
        return pricelist.currency_id or self.company_id.currency_id

    def _get_list_amount(self):
        """Override of ``fieldservice_sale_schedule``: a finding costs what was told when it was found."""
        if not self.damage_id or not self.found_at:
            return super()._get_list_amount()
        return self.quoted_currency_id._convert(
            self.quoted_total, self.currency_id, self.company_id, self.found_at.date()
        )
