from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    board_tile_url = fields.Char(
        "Map Tiles",
        config_parameter="fieldservice_schedule_board.tile_url",
        help="Where maps come from, such as https://tiles.example.com/{z}/{x}/{y}.png. Empty: routes are drawn without"
        " a map, and nothing is loaded from anywhere.",
    )
    board_tile_attribution = fields.Char(
        "Credits on the Map",
        config_parameter="fieldservice_schedule_board.tile_attribution",
        help="Whoever makes the map wants to be named on it, such as © OpenStreetMap contributors.",
    )
