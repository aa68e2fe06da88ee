from odoo import api, fields, models
from odoo.exceptions import ValidationError

SERVICE_MODES = [
    ("scheduled", "We come regularly"),
    ("on_call", "We come when called"),
    ("both", "Both"),
]


class ServicePreference(models.Model):
    """How a customer wants to be served: one record for all his contacts, and for the staff."""

    _name = "service.preference"
    _description = "Service Preferences"
    _inherit = ["service.rhythm", "mail.thread"]
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade", domain="[('parent_id', '=', False)]"
    )
    service_mode = fields.Selection(SERVICE_MODES, "Service", required=True, default="on_call", tracking=True)
    fleet_size = fields.Integer(help="How many vehicles the customer has.", tracking=True)
    has_lot_walks = fields.Boolean(
        "Lot Walks", tracking=True, help="Somebody walks over the customer's lots and looks at every unit."
    )
    frequency = fields.Selection(tracking=True)
    walk_time = fields.Float(tracking=True)
    preferred_person_ids = fields.Many2many(
        "fsm.person", string="Preferred Technicians", help="They are asked first, if they can."
    )
    site_ids = fields.One2many("service.preference.site", "preference_id", "Sites")
    note = fields.Text("Notes", help="What whoever comes should know; the customer sees it.")
    active = fields.Boolean(related="partner_id.active", store=True)

    _partner_uniq = models.Constraint("unique (partner_id)", "This customer has preferences already.")
    _fleet_size_check = models.Constraint("CHECK (fleet_size >= 0)", "A fleet has no less than no vehicles.")

    @api.model_create_multi
    def create(self, vals_list):
        """Override to give the preferences a line for each of the customer's sites, and to plan the visits."""
        preferences = super().create(vals_list)
        preferences._add_sites()
        preferences._plan()
        return preferences

    def write(self, vals):
        """Override to plan the visits anew, once for all sites."""
        result = super(ServicePreference, self.with_context(is_plan_pending=True)).write(vals)
        self._plan()
        return result

    @api.constrains("partner_id")
    def _check_partner_id(self):
        for preference in self:
            if preference.partner_id != preference.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(customer)s, whose preferences count for all of them.",
                        contact=preference.partner_id.display_name,
                        customer=preference.partner_id.commercial_partner_id.display_name,
                    )
                )

    @api.model
    def _find(self, partner):
        """Return the preferences of a contact's customer as superuser, empty when there are none."""
        return self.sudo().search([("partner_id", "=", partner.commercial_partner_id.id)])

    def _wants_lot_walks(self):
        """Return whether somebody comes regularly."""
        return self.active and self.has_lot_walks and self.service_mode != "on_call"

    def _add_sites(self):
        """Add a line for each site that has none."""
        sites = self.partner_id._get_service_sites()
        known = self.env["service.preference.site"].search([("preference_id", "in", self.ids)]).location_id
        of = {preference.partner_id: preference for preference in self}
        self.env["service.preference.site"].create(
            [
                {"preference_id": of[site.owner_id.commercial_partner_id].id, "location_id": site.id}
                for site in sites - known
                if site.owner_id.commercial_partner_id in of
            ]
        )
