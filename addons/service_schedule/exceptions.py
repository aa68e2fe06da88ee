"""What a door answers when a time cannot be had."""

from odoo.exceptions import UserError


class NotBookable(UserError):
    """One or several rules say no. ``reasons`` are ``schedlib.Reason`` codes, for doors that speak to
    machines; the message names them all, translated, for people. HTTP doors answer 422."""

    def __init__(self, message, reasons=()):
        super().__init__(message)
        self.reasons = tuple(reasons)


class TimeTaken(NotBookable):
    """Somebody else had the time first. HTTP doors answer 409 and offer other times.

    ``place`` holds the field values of the time that was lost.
    """

    http_status = 409

    def __init__(self, message, reasons=(), place=None):
        super().__init__(message, reasons)
        self.place = place or {}
