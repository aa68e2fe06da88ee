from odoo import models
from odoo.exceptions import UserError

FOLLOWED = frozenset(("name", "tz", "company_id"))
"""What a technician's resource has from his contact."""


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_fsm_convert_to_location(self):
        """Override of ``fieldservice`` to open the site that was added."""
        self.ensure_one()
        site = self.env["fsm.wizard"].action_convert_location(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": "fsm.location",
            "res_id": site.id,
            "views": [(False, "form")],
        }

    def write(self, vals):
        """Override of ``base`` to keep contacts contacts, and to let technicians' resources follow them.

        :raise UserError: somebody would turn a contact into a site, see ``fsm.location.create``
        """
        if vals.get("type") == "fsm_location":
            self._check_not_converted()
        result = super().write(vals)
        if not FOLLOWED.isdisjoint(vals):
            self.filtered("fsm_person")._update_resources()
        return result

    def _check_not_converted(self):
        """Raise when one of these contacts is none yet that was made as a site."""
        contacts = self.filtered(lambda partner: partner.type != "fsm_location")
        # fieldservice writes the kind of an address while it creates the site: then the site is there
        contacts -= contacts.filtered("fsm_location_ids")
        if contacts:
            raise UserError(
                self.env._(
                    "%(contacts)s cannot become a site: all their other addresses would be lost. Add a site instead.",
                    contacts=", ".join(contacts.mapped("display_name")),
                )
            )

    def _update_resources(self):
        """Bring the resources of technicians in line with their contacts."""
        if self:
            # sudo: whoever may change a contact need not manage technicians
            people = self.env["fsm.person"].sudo().with_context(active_test=False)
            people.search([("partner_id", "in", self.ids)])._update_resources()
