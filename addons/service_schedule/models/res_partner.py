from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    no_show_count = fields.Integer(
        "No-Shows",
        compute="_compute_no_show_count",
        groups="service_schedule.group_technician",
        help="How often the customer, or anybody of the same company, did not come.",
    )

    def _compute_no_show_count(self):
        counts = self._read_no_shows()
        for partner in self:
            partner.no_show_count = counts.get(partner.commercial_partner_id.id, 0)

    def _read_no_shows(self):
        """Return ``{commercial partner id: no-shows}`` of these partners' companies; one query."""
        # sudo: a count tells nothing about the appointments that the user may not read
        groups = (
            self.env["service.reservation"]
            .sudo()
            ._read_group(
                [("partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids), ("state", "=", "no_show")],
                ["partner_id"],
                ["__count"],
            )
        )
        counts = {}
        for partner, count in groups:
            root = partner.commercial_partner_id.id
            counts[root] = counts.get(root, 0) + count
        return counts
