from odoo import api, models
from odoo.fields import Domain

from odoo.addons.sale_service_schedule.models.service_order_form import find, text_of


class ServiceOrderForm(models.AbstractModel):
    _inherit = "service.order.form"

    @api.model
    def _read_form(self, post):
        """Override of ``sale_service_schedule`` to read the equipment: one of the customer's, or a new one."""
        values = super()._read_form(post)
        equipment = self.env["fsm.equipment"]
        company = values["point"].company_id
        domain = equipment._get_portal_domain() & Domain("company_id", "=", company.id)
        mine = equipment.search(domain, order="name, id")
        choice = text_of(post, "equipment_id")
        return {
            **values,
            "equipments": mine,
            "equipment_choice": choice,
            "equipment": find(mine, post, "equipment_id", equipment),
            "new_equipment": equipment._read_portal_values(post, "equipment_name", "equipment_serial"),
        }

    @api.model
    def _get_errors(self, values):
        """Override of ``sale_service_schedule``: equipment must be the customer's own, a new one must have a name."""
        errors = super()._get_errors(values)
        if values["equipment_choice"] == "new":
            equipment = self.env["fsm.equipment"].with_company(values["point"].company_id)
            wrong = equipment._get_portal_errors(values["new_equipment"])
            errors |= {f"equipment_{name.removesuffix('_number')}": text for name, text in wrong.items()}
        elif values["equipment_choice"] and not values["equipment"]:
            errors["equipment_id"] = self.env._("Choose one of your own equipment, or add it.")
        return errors

    @api.model
    def _prepare_placing(self, values):
        """Override of ``sale_service_schedule`` to add the customer's new equipment."""
        if values["equipment_choice"] == "new":
            equipment = self.env["fsm.equipment"].with_company(values["point"].company_id)
            values["equipment"] = equipment._create_by_customer(values["new_equipment"])
        return super()._prepare_placing(values)

    @api.model
    def _prepare_line_values(self, values):
        """Override of ``sale_service_schedule`` to say what is worked on."""
        return {**super()._prepare_line_values(values), "equipment_id": values["equipment"].id}
