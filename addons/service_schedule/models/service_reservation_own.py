from odoo import api, models
from odoo.fields import Domain


class ServiceReservation(models.Model):
    """What belongs to the customer, and how he knows it."""

    _inherit = "service.reservation"

    @api.model
    def _find_own(self, public_id):
        """Return the reservation of the user's company or person with that reference, as superuser; empty for others'.

        The right is checked here, by the commercial partner: customers have no rights on reservations.
        """
        if self.env.user._is_public():
            return self.browse()
        # a reference with a zero byte is nobody's: the database cannot even look for it
        return self.sudo().search(Domain("public_id", "=", public_id.replace("\0", "")) & self._get_own_domain())

    @api.model
    def _get_own_domain(self):
        """Return the domain of the reservations of the user's company or person."""
        return Domain("partner_id", "child_of", self.env.user.partner_id.commercial_partner_id.ids)

    def _get_service_name(self):
        """Return what is done, as customers know it. A hook: addons that know what was bought say so."""
        return self.sudo().offer_id.name  # sudo: customers do not read offers

    def _get_customer_url(self):
        """Return the whole address of the page where its customer sees it without a log-in, "" without one. A hook."""
        return ""
