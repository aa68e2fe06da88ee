from odoo import api, models
from odoo.fields import Command, Domain

from odoo.addons.sale_service_schedule.exceptions import FormRefused


class SaleOrderQuick(models.TransientModel):
    """The form for walk-ins and calls, filled in by a program of the staff."""

    _inherit = "sale.order.quick"

    @api.model
    def _fill_by_api(self, partner, point, items, note):
        """Return one form for each item, filled in and complete.

        :param items: ``[{"product_id", "quantity", "equipment_id"}]``
        :raise FormRefused: with everything that is wrong
        """
        offered = point.offer_ids._get_products_domain() & Domain("id", "in", [item["product_id"] for item in items])
        products = self.env["product.product"].search(offered)
        wrong = [number for number, item in enumerate(items) if item["product_id"] not in products.ids]
        if wrong:
            text = self.env._("Choose one of the services listed.")
            raise FormRefused({f"items.{number}.product_id": text for number in wrong})
        forms = self.create(
            [
                {
                    "point_id": point.id,
                    "partner_id": partner.id,
                    "product_id": item["product_id"],
                    "quantity": item["quantity"],
                    "order_notes": note or False,
                }
                for item in items
            ]
        )
        forms._take_equipment([item["equipment_id"] for item in items])
        return forms

    def _take_equipment(self, equipment_ids):
        """Say what is worked on. A hook: addons with a register of equipment look it up, the rest is refused.

        :param equipment_ids: one for each form, None for none
        :raise FormRefused: naming those that there are not
        """
        text = self.env._("There is no such equipment of this customer.")
        wrong = [number for number, equipment_id in enumerate(equipment_ids) if equipment_id]
        if wrong:
            raise FormRefused({f"items.{number}.equipment_id": text for number in wrong})

    def _place_by_api(self, choice):
        """Place one order of all these forms, confirmed as the backend does, and return it.

        :param str choice: what ``service.offer.parse_choice`` reads, "" for a walk-in
        """
        first = self.sorted(lambda form: form.offer_id.duration_minutes)[-1:]
        lines = [Command.create(form._prepare_line_values()) for form in self]
        order = self.env["sale.order"].create({**first._prepare_order_values(), "order_line": lines})
        first._finish_placing(order, choice)
        return order
