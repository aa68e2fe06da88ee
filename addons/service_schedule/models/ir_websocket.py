from odoo import models


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Override of ``bus`` to let staff hear the service points that their record rules show them."""
        channels = super()._build_bus_channel_list(channels)
        if self.env.user._is_internal() and self.env["service.point"].has_access("read"):
            channels = [*channels, *self.env["service.point"].search([])]
        return channels
