from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import timing


class ServiceReservationChange(models.Model):
    """What happened to a reservation, row by row. Rows are added by ``service.reservation`` and never changed."""

    _name = "service.reservation.change"
    _description = "Service Reservation Change"
    _order = "id desc"
    _rec_name = "kind"

    reservation_id = fields.Many2one(
        "service.reservation", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="reservation_id.company_id")
    kind = fields.Selection(
        [
            ("booked", "Booked"),
            ("rescheduled", "Rescheduled"),
            ("resized", "Moved to have room"),
            ("reassigned", "Given to somebody else"),
            ("cancelled", "Cancelled"),
            ("done", "Done"),
            ("held", "Held"),
            ("confirmed", "Confirmed"),
            ("released", "Released"),
            ("expired", "Expired"),
            ("no_show", "No-show"),
            ("arrived", "Came after all"),
            ("trouble", "Needs a new time or person"),
            ("zone", "Zone rules changed"),
        ],
        required=True,
        readonly=True,
    )
    revision = fields.Integer(readonly=True)
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True, ondelete="restrict")
    reason = fields.Text(readonly=True)
    from_start = fields.Datetime("From", readonly=True)
    from_stop = fields.Datetime(readonly=True)
    from_window_id = fields.Many2one("service.window", readonly=True, ondelete="restrict")
    from_resource_id = fields.Many2one("resource.resource", readonly=True, ondelete="restrict")
    to_start = fields.Datetime("To", readonly=True)
    to_stop = fields.Datetime(readonly=True)
    to_window_id = fields.Many2one("service.window", readonly=True, ondelete="restrict")
    to_resource_id = fields.Many2one("resource.resource", readonly=True, ondelete="restrict")

    def _get_label(self, side):
        """Return the time of one side, ``"from"`` or ``"to"``, as people read it, in the service point's zone."""
        self.ensure_one()
        reservation = self.reservation_id
        start, stop = (timing.to_stamp(self[f"{side}_{name}"]) for name in ("start", "stop"))
        return reservation._format_label(reservation._get_zone(), start, self[f"{side}_window_id"], stop)

    def write(self, vals):
        """Override of ``base``: history is append-only, also for the superuser."""
        if vals:
            raise UserError(self.env._("The history of a reservation cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The history of a reservation cannot be deleted."))
