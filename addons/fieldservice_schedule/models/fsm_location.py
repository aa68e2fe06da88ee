from odoo import api, models
from odoo.exceptions import UserError


class FsmLocation(models.Model):
    _inherit = "fsm.location"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``fieldservice`` to keep a contact what he is.

        Making a site of an existing contact turns him into an address, and all his invoice and delivery addresses with
        him. Only an address that was made as a site becomes one.

        :raise UserError: names the contacts
        """
        partners = self.env["res.partner"].browse([vals["partner_id"] for vals in vals_list if vals.get("partner_id")])
        contacts = partners.filtered(lambda partner: partner.type != "fsm_location")
        if contacts:
            raise UserError(
                self.env._(
                    "%(contacts)s would lose what they are: a site is made as an address of the customer. "
                    "Create it with a name and its owner.",
                    contacts=", ".join(contacts.mapped("display_name")),
                )
            )
        return super().create([dict(vals) for vals in vals_list])
