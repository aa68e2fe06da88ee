from odoo import models

ADDRESS = ("street", "street2", "zip", "city", "state_id", "country_id", "phone", "tz")
PLACE = ("partner_latitude", "partner_longitude")


class FsmWizard(models.TransientModel):
    _inherit = "fsm.wizard"

    def action_convert_location(self, partner):
        """Override of ``fieldservice`` to make a site as an address of the customer instead of turning him into one.

        What was created as a site already (an address of the kind "Location") stays what it is.
        """
        if partner.type == "fsm_location":
            return super().action_convert_location(partner)
        return self.env["fsm.location"].create(self._prepare_site_values(partner))

    def _prepare_site_values(self, partner):
        """Return the values of a site at a customer's address."""
        values = {
            name: self.env["res.partner"]._fields[name].convert_to_write(partner[name], partner)
            for name in (*ADDRESS, *PLACE)
        }
        return {**values, "name": partner.name or partner.display_name, "owner_id": partner.commercial_partner_id.id}
