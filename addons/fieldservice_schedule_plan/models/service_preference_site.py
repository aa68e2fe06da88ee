from odoo import api, fields, models

OWN = "own"
RHYTHMS = [
    ("usual", "As usual"),
    (OWN, "At its own times"),
    ("none", "No lot walks here"),
]


class ServicePreferenceSite(models.Model):
    """How one of a customer's sites is served where it differs from the others."""

    _name = "service.preference.site"
    _description = "Service Preferences of a Site"
    _inherit = ["service.rhythm"]
    _rec_name = "location_id"
    _order = "preference_id, location_id"

    preference_id = fields.Many2one("service.preference", required=True, readonly=True, index=True, ondelete="cascade")
    location_id = fields.Many2one("fsm.location", "Site", required=True, readonly=True, ondelete="cascade")
    rhythm = fields.Selection(RHYTHMS, "Lot Walks", required=True, default="usual")
    preferred_person_ids = fields.Many2many(
        "fsm.person", string="Preferred Technicians", help="Empty: as for the customer's other sites."
    )
    visit_hours = fields.Float("Duration", default=1, help="How long a lot walk takes here, in hours.")
    usual_label = fields.Char("When", compute="_compute_usual_label")
    plan_ids = fields.One2many("fsm.recurring", "preference_site_id", "Visit Plans")

    _location_uniq = models.Constraint("unique (location_id)", "This site has a line already.")
    _visit_hours_check = models.Constraint(
        "CHECK (visit_hours > 0 AND visit_hours <= 24)", "A lot walk takes between a minute and a day."
    )

    @api.depends("rhythm", "rhythm_label", "preference_id.rhythm_label")
    def _compute_usual_label(self):
        """Say when somebody comes here, whosever rhythm that is."""
        for site in self:
            site.usual_label = False if site.rhythm == "none" else site._get_rhythm().rhythm_label

    @api.model_create_multi
    def create(self, vals_list):
        """Override to plan the visits, unless the preferences do so themselves in a moment."""
        sites = super().create(vals_list)
        if not self.env.context.get("is_plan_pending"):
            sites.preference_id._plan()
        return sites

    def write(self, vals):
        """Override to plan the visits anew, unless the preferences do so themselves in a moment."""
        result = super().write(vals)
        if not self.env.context.get("is_plan_pending"):
            self.preference_id._plan()
        return result

    def unlink(self):
        """Override to end the plans of what is no longer a site of the customer."""
        self.plan_ids.filtered(lambda plan: plan.state == "progress").action_suspend()
        return super().unlink()

    def _wants_lot_walks(self):
        """Return whether somebody comes regularly."""
        return self.preference_id._wants_lot_walks() and self.rhythm != "none" and self.location_id.active

    def _get_rhythm(self):
        """Return the record whose rhythm counts here: the site's own, or its customer's."""
        return self if self.rhythm == OWN else self.preference_id

    def _get_preferred_persons(self):
        """Return the technicians to ask first."""
        return self.preferred_person_ids or self.preference_id.preferred_person_ids
