from odoo import api, models
from odoo.fields import Command

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
        products = self.env["product.product"].browse([item["product_id"] for item in items]).exists()
        missing = [item for item in items if item["product_id"] not in products._ids]
        if missing:
            raise FormRefused({"items": self.env._("There is no such product.")})
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
        for form, item in zip(forms, items, strict=True):
            form._check_complete()
            form._take_equipment(item["equipment_id"])
        return forms

    def _take_equipment(self, equipment_id):
        """Say what is worked on. A hook: addons with a register of equipment look it up.

        :raise FormRefused: there is none with that id
        """
        if equipment_id:
            raise FormRefused({"items.equipment_id": self.env._("There is no such equipment of this customer.")})

    def _place_by_api(self, choice):
        """Place one order of all these forms, confirmed as the backend does, and return it.

        :param str choice: what ``service.offer.parse_choice`` reads, "" for a walk-in
        """
        first = self.sorted(lambda form: form.offer_id.duration_minutes)[-1:]
        lines = [Command.create(form._prepare_line_values()) for form in self]
        order = self.env["sale.order"].create({**first._prepare_order_values(), "order_line": lines})
        first._finish_placing(order, choice)
        return order
