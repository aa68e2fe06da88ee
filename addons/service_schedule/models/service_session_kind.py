from odoo import fields, models


class ServiceSessionKind(models.Model):
    """How a customer and a person meet: by chat, by video, in person. Data, so that a shop can add its own."""

    _name = "service.session.kind"
    _description = "Session Kind"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="For other programs: it does not change with the language.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_remote = fields.Boolean("Remote", help="The customer need not come.")
    meeting_url = fields.Char(
        "Meeting Address",
        help="Where the customer goes at the time. {reference} stands for the appointment's public reference, so that "
        "each has a room of its own.",
    )

    _code_uniq = models.Constraint("UNIQUE (code)", "The code is already used.")

    def _get_meeting_url(self, reservation):
        """Return where the session of ``reservation`` takes place, "" without an address."""
        return (self.meeting_url or "").replace("{reference}", reservation.public_id) if self else ""
