from odoo import api, models
from odoo.fields import Domain

from odoo.addons.sale_service_schedule.models.service_order_form import text_of

LONGEST_NAME = 100


class FsmEquipment(models.Model):
    _inherit = "fsm.equipment"

    @api.model
    def _get_portal_domain(self):
        """Return the domain of the equipment that belongs to the user's customer."""
        return Domain("owned_by_id", "child_of", self.env.user.partner_id.commercial_partner_id.id)

    @api.model
    def _read_portal_values(self, post, name="name", serial="serial_number"):
        """Return the values of equipment that a customer describes in a form (raw strings by name)."""
        return {
            "name": " ".join(text_of(post, name).split()),
            "serial_number": " ".join(text_of(post, serial).split()) or False,
        }

    @api.model
    def _get_portal_errors(self, values):
        """Return ``{field: text}`` of what is wrong with a customer's new equipment, for ``_create_by_customer``.

        A customer may have the same thing with each of our companies.
        """
        errors = {}
        same = Domain([(key, "=", value) for key, value in values.items()])
        same &= self._get_portal_domain() & Domain("company_id", "=", self.env.company.id)
        too_long = self.env._("It can have at most %(longest)s characters.", longest=LONGEST_NAME)
        if not values["name"]:
            errors["name"] = self.env._("Give your equipment a name, for example AL80.")
        elif len(values["name"]) > LONGEST_NAME:
            errors["name"] = too_long
        elif self.search_count(same, limit=1):
            errors["name"] = self.env._("You already have equipment of that name and serial number.")
        if len(values["serial_number"] or "") > LONGEST_NAME:
            errors["serial_number"] = too_long
        return errors

    @api.model
    def _create_by_customer(self, values):
        """Create equipment that belongs to the user's customer. ``values`` have been checked."""
        owner = self.env.user.partner_id.commercial_partner_id
        return self.create({**values, "owned_by_id": owner.id})
