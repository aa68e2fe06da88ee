"""What the portal's forms answer when they cannot be accepted."""

from odoo.exceptions import UserError


class FormRefused(UserError):
    """Some answers of a form are wrong. ``errors`` maps a field's name to its text, "" to what concerns the whole."""

    def __init__(self, errors):
        super().__init__("\n".join(errors.values()))
        self.errors = errors
