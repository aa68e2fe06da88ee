from odoo import api, models
from odoo.fields import Domain

HIDDEN = ("held", "released", "expired")
"""What never became an appointment is nothing that a customer looks for."""


class ServiceReservation(models.Model):
    _inherit = "service.reservation"

    @api.model
    def _get_portal_waiver_domain(self):
        """Return the domain of the user's appointments that ask for a waiver, or did when it was signed."""
        asked = Domain("offer_id.waiver_id", "!=", False) | Domain("waiver_signature_ids", "!=", False)
        return self._get_own_domain() & Domain("state", "not in", HIDDEN) & asked

    @api.model
    def _count_portal_waivers(self, to_sign=False):
        """Return how many appointments of the user ask for a waiver; ``to_sign``: that he can sign now."""
        domain = self._get_portal_waiver_domain()
        if to_sign:
            domain &= Domain("is_waiver_open", "=", True) & Domain("waiver_state", "!=", "signed")
        # sudo: customers have no rights on reservations; the domain keeps to their own
        return self.sudo().search_count(domain)

    @api.model
    def _get_portal_waivers(self, offset, limit):
        """Return a page of the user's waivers as dictionaries for the list, the latest appointment first."""
        # sudo: customers have no rights on reservations; the domain keeps to their own
        found = self.sudo().search(self._get_portal_waiver_domain(), order="start desc", offset=offset, limit=limit)
        return [reservation._prepare_portal_waiver_row() for reservation in found]

    def _prepare_portal_waiver_row(self):
        """Return one row of the list: its link, texts and the badge's colour."""
        step = self._get_waiver_step()
        badges = {
            "signed": ("bg-success-subtle text-success-emphasis", self.env._("Signed")),
            "open": ("text-bg-warning", self.env._("Please sign")),
            "early": ("text-bg-light border", self.env._("To be signed on the day")),
        }
        return {
            "url": self._get_waiver_url(),
            "offer": self.offer_id.name,
            "label": self._get_label(),
            "waiver": self._get_waiver_signature()._get_heading() or self.offer_id.waiver_id.version_id.name,
            "badge": badges.get(step, ("text-bg-light border", self.env._("Nothing to sign"))),
        }

    @api.model
    def _find_waiver_version(self, text):
        """Return the version whose number in the database a form has posted, empty when it is none."""
        version_id = int(text) if (text or "").isascii() and (text or "").isdigit() else 0
        # sudo: customers have no rights on versions; whether it may be signed is checked when signing
        return self.env["service.waiver.version"].sudo().browse(version_id).exists()

    def _get_waiver_page_values(self):
        """Return the values of the customer's page."""
        self.ensure_one()
        step = self._get_waiver_step()
        signature = self._get_waiver_signature()
        is_shown = step in ("open", "early")
        version = signature.version_id or (self.offer_id.waiver_id.version_id if is_shown else signature.version_id)
        text = signature._get_text() if signature else version._get_text(self.env.lang)
        user = self.env.user
        return {
            "reservation": self,
            "step": step,
            "news": self._get_waiver_news(step),
            "signature": signature,
            "version": version,
            "text": text,
            "earlier": self.waiver_signature_ids[:1] if is_shown else signature.browse(),
            "default_name": "" if user._is_public() else user.name,
        }
