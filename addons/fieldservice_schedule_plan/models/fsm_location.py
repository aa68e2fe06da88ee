from odoo import api, fields, models

from odoo.addons.service_schedule import timing


class FsmLocation(models.Model):
    _inherit = "fsm.location"

    preference_site_ids = fields.One2many(
        "service.preference.site",
        "location_id",
        "Service Preferences of the Site",
        groups="fieldservice.group_fsm_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override to add the new site to its customer's preferences, when he has any."""
        sites = super().create(vals_list)
        # sudo: who may add a site need not see preferences
        owners = sites.owner_id.commercial_partner_id
        self.env["service.preference"].sudo().search([("partner_id", "in", owners.ids)])._add_sites()
        return sites

    def write(self, vals):
        """Override to suspend the visits of a site that is closed, and to move the site to its new owner."""
        result = super().write(vals)
        lines = self.env["service.preference.site"].sudo().search([("location_id", "in", self.ids)])
        if "owner_id" in vals:
            lines.filtered(
                lambda line: line.location_id.owner_id.commercial_partner_id != line.preference_id.partner_id
            ).unlink()
            owners = self.owner_id.commercial_partner_id
            self.env["service.preference"].sudo().search([("partner_id", "in", owners.ids)])._add_sites()
        elif "active" in vals:
            lines.preference_id._plan()
        return result

    def _get_zone(self):
        """Return the `ZoneInfo` of the site's clock: its own, its owner's or the company's."""
        self.ensure_one()
        return timing.zone(self.tz or self.owner_id.tz or self.env.company.partner_id.tz)
