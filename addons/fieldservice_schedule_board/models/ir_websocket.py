from odoo import models


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Override of ``bus`` to let those whose business jobs are hear that a board has changed."""
        return [*super()._build_bus_channel_list(channels), *self.env["fsm.board"]._get_channels()]
