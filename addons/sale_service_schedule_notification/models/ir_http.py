from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Override of ``web`` to tell the backend how its user wants to hear of new orders."""
        info = super().session_info()
        if self.env.user._is_internal() and self.env["service.point"].has_access("read"):
            info["service_order_toast"] = self.env.user.service_order_toast
        return info
