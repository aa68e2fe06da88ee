from odoo import fields, models

from odoo.addons.base.models.res_users import check_identity

from .res_users_apikeys import SCOPE


class ResUsersApikeysDescription(models.TransientModel):
    """The dialog in which staff make a key: for everything, or for this API alone."""

    _inherit = "res.users.apikeys.description"

    is_for_api = fields.Boolean(
        "For the scheduling API only", help="Such a key opens the scheduling API and nothing else."
    )

    @check_identity
    def make_key(self):
        """Override of ``base`` to make a key of this API's scope when that is wanted."""
        if not self.is_for_api:
            return super().make_key()
        self.check_access_make_key()
        wizard = self.sudo()  # sudo: as core; people do not delete the wizards that they fill in
        key = self.env["res.users.apikeys"]._generate(SCOPE, wizard.name, self.expiration_date)
        wizard.unlink()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.users.apikeys.show",
            "name": self.env._("API Key Ready"),
            "views": [(self.env.ref("service_schedule_api.res_users_apikeys_show_view_form").id, "form")],
            "target": "new",
            "context": {"default_key": key},
        }
