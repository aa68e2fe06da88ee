"""What signing a waiver may answer."""

from odoo.exceptions import UserError


class WaiverRefused(UserError):
    """The signature cannot be taken; the message says why and what to do. HTTP doors answer 422."""


class WaiverChanged(WaiverRefused):
    """Another version was published while the signer was reading. HTTP doors answer 409 and show the new text."""

    http_status = 409
