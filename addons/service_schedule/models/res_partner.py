from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    no_show_count = fields.Integer(
        "No-Shows",
        compute="_compute_no_show_count",
        groups="service_schedule.group_technician",
        help="How often the customer, or anybody of the same company, did not come.",
    )

    # who did not come is looked for under all contacts with the same address
    _service_email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

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

    def _count_missed(self, company):
        """Return how often this customer did not come to appointments of ``company``; one query.

        Guests get a contact of their own with every booking: what they have in common is the e-mail address.
        """
        self.ensure_one()
        customer = self.commercial_partner_id
        emails = {self.email_normalized, customer.email_normalized} - {False}
        whose = Domain("commercial_partner_id", "=", customer.id) | Domain("email_normalized", "in", list(emails))
        # sudo: a count tells nothing about the appointments that the user may not read; contacts put away count as well
        reservations = self.env["service.reservation"].sudo().with_context(active_test=False)
        missed = Domain("state", "=", "no_show") & Domain("company_id", "=", company.id)
        return reservations.search_count(missed & Domain("partner_id", "any", whose))
