from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    service_order_toast = fields.Selection(
        [("sound", "With a sound"), ("silent", "Without a sound"), ("off", "Not at all")],
        "New Orders on the Screen",
        default="sound",
        required=True,
        help="How new orders of your service points show while you work in Odoo. It counts from the next page on.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        """Override of ``base``: everybody sees his own wish."""
        return [*super().SELF_READABLE_FIELDS, "service_order_toast"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        """Override of ``base``: everybody sets his own wish."""
        return [*super().SELF_WRITEABLE_FIELDS, "service_order_toast"]
