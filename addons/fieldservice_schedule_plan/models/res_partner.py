from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    service_preference_ids = fields.One2many(
        "service.preference", "partner_id", "Service Preferences", groups="fieldservice.group_fsm_user"
    )

    def _get_service_sites(self):
        """Return the sites of these customers and of all their contacts, those in use."""
        return self.env["fsm.location"].search([("owner_id", "child_of", self.commercial_partner_id.ids)])

    def action_open_service_preference(self):
        """Open the preferences of the contact's customer; new ones when he has none."""
        customer = self.commercial_partner_id
        customer.check_access("read")
        self.env["service.preference"].check_access("read")
        preference = self.env["service.preference"].search([("partner_id", "=", customer.id)])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Service Preferences"),
            "res_model": "service.preference",
            "res_id": preference.id,
            "views": [(False, "form")],
            "context": {"default_partner_id": customer.id},
        }
