from werkzeug.routing import BaseConverter

from odoo import models


class AnythingConverter(BaseConverter):
    """All that follows, line breaks and doubled slashes included, which werkzeug's own ``path`` leaves out."""

    part_isolating = False
    regex = "(?s:.*?)"
    weight = 200


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_converters(cls):
        """Override of ``base``: what is below the API it answers itself, also that there is no such thing."""
        return {**super()._get_converters(), "anything": AnythingConverter}
