from odoo import api, models
from odoo.fields import Domain

from .service_waitlist_entry import IN_LINE

BADGES = {
    "waiting": "text-bg-primary",
    "offered": "bg-success-subtle text-success-emphasis",
    "taken": "text-bg-light border",
    "missed": "text-bg-warning",
    "left": "text-bg-secondary",
    "over": "text-bg-secondary",
}
SHOWN = 100


class ServiceWaitlistEntry(models.Model):
    _inherit = "service.waitlist.entry"

    @api.model
    def _get_portal_domain(self, in_line=False):
        """Return the domain of the entries of the user's customer; ``in_line``: only those that still wait."""
        own = Domain("partner_id", "child_of", self.env.user.partner_id.commercial_partner_id.id)
        return own & Domain("state", "in", IN_LINE) if in_line else own

    @api.model
    def _get_public_id_domain(self, public_id):
        """Return the domain of the one entry with a public reference."""
        # a reference with a zero byte is nobody's: the database cannot even look for it
        return Domain("public_id", "=", (public_id or "").replace("\0", ""))

    @api.model
    def _get_portal_page(self):
        """Return the customer's entries: what waits for his answer first, then the days to come, then what is over."""
        in_line = self.search(self._get_portal_domain(in_line=True), order="day, id")
        over = self.search(self._get_portal_domain() & Domain("state", "not in", IN_LINE), order="id desc", limit=SHOWN)
        return in_line.sorted(lambda entry: entry.state != "offered") + over

    def _get_portal_badge(self):
        """Return ``(CSS classes, text)`` of the state."""
        self.ensure_one()
        return BADGES[self.state], dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _get_portal_url(self, path="", token=None):
        """Return the address of this entry's page, or of what is below it."""
        self.ensure_one()
        return f"/my/waitlist/{self.public_id}{path}" + (f"?token={token}" if token else "")
