from odoo import api, models

from ..moments import make_format_moment


class MailRenderMixin(models.AbstractModel):
    """What our templates know is known to all: Odoo renders them also when they are edited and in its own previews."""

    _inherit = "mail.render.mixin"

    @api.model
    def _render_eval_context(self):
        """Override of ``mail`` to add what the renderer sets for each recipient."""
        zone_name = self.env.context.get("tz") or self.env.user.tz
        return {
            **super()._render_eval_context(),
            "audience": "customer",
            "zone": zone_name,
            "own_zone": zone_name,
            "format_moment": make_format_moment(self.env.lang or "en_US", zone_name, zone_name),
        }
