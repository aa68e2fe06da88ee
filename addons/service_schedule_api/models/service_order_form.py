import uuid

from odoo import api, models
from odoo.fields import Command

from odoo.addons.sale_service_schedule.exceptions import FormRefused

NAMES = {"point_id": "shop_id", "note": "order_notes"}
"""What the API calls the form's fields."""


class ServiceOrderForm(models.AbstractModel):
    """The portal's order form, filled in by a customer's program."""

    _inherit = "service.order.form"

    @api.model
    def _fill_by_api(self, point_id, items, note):
        """Return what the form means for each item; each is read and checked as a browser's form is.

        :param items: ``[{"product_id", "quantity", "equipment_id"}]``
        :raise FormRefused: with everything that is wrong
        """
        key = str(uuid.uuid4())
        filled, errors = [], {}
        for number, item in enumerate(items):
            values = self._read_form(self._prepare_post(point_id, item, note, key))
            if item["equipment_id"] and not values.get("equipment"):
                errors[f"items.{number}.equipment_id"] = self.env._("It is none of your equipment.")
            wrong = self._get_errors({**values, "when": "asap"})
            errors |= {
                f"items.{number}.{name}" if name in item else NAMES.get(name, name): text
                for name, text in wrong.items()
            }
            filled.append(values)
        if errors:
            raise FormRefused(errors)
        return filled

    @api.model
    def _prepare_post(self, point_id, item, note, key):
        """Return an item as a browser would post it."""
        return {
            "point_id": str(point_id),
            "product_id": str(item["product_id"]),
            "quantity": str(item["quantity"]),
            "equipment_id": str(item["equipment_id"] or ""),
            "when": "asap",
            "note": note,
            "submission_key": key,
        }

    @api.model
    def _place_by_api(self, filled, choice):
        """Place one order of what ``_fill_by_api`` returned, as ``_place`` does, and return it.

        :param str choice: what ``service.offer.parse_choice`` reads, "" for a walk-in
        """
        first = max(filled, key=lambda values: values["offer"].duration_minutes)
        lines = [Command.create(self._prepare_line_values(values)) for values in filled]
        orders = self.env["sale.order"].with_company(first["point"].company_id)
        order = orders.create({**self._prepare_order_values(first), "order_line": lines})
        return self._finish_placing(order, choice)
