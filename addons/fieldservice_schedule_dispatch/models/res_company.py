from odoo import fields, models

from odoo.addons.fieldservice_schedule.dispatchlib import Roads, Weights


class ResCompany(models.Model):
    """What the wishes of dispatch are worth to a company, and how its people drive."""

    _inherit = "res.company"

    dispatch_speed = fields.Float("Driving Speed", default=40, help="Kilometres an hour, door to door.")
    dispatch_road_factor = fields.Float(
        "Road Factor", default=1.3, help="How much longer roads are than the straight line."
    )
    dispatch_padding = fields.Float(
        "Spare Time on the Road", default=15, help="Per cent that are added to driving times, to be on the safe side."
    )
    dispatch_preferred = fields.Integer(
        "Preferred Technician",
        default=20,
        help="Minutes of driving that it is worth that a preferred technician comes.",
    )
    dispatch_previous = fields.Integer(
        "Same Technician as Before",
        default=10,
        help="Minutes of driving that it is worth that somebody comes who was there before.",
    )
    dispatch_territory = fields.Integer(
        "Own Territory", default=15, help="Minutes of driving that it is worth to stay within one's territories."
    )
    dispatch_even = fields.Integer(
        "Even Load", default=0, help="How much work is spread evenly: minutes of driving, for each hour and its square."
    )
    dispatch_unserved = fields.Integer(
        "Leaving a Job Out",
        default=120,
        help="Minutes of driving that a job without priority is worth: what costs more is left out. Twice as many with "
        "a low priority, four times with a higher one, twelve times with the highest.",
    )
    dispatch_moved = fields.Integer(
        "Change of Technician",
        default=30,
        help="Minutes of driving that must be saved before a job that somebody has is given to another.",
    )

    _dispatch_speed_check = models.Constraint(
        "CHECK (dispatch_speed > 0 AND dispatch_road_factor > 0)", "Speed and road factor are more than 0."
    )
    _dispatch_wishes_check = models.Constraint(
        "CHECK (dispatch_padding >= 0 AND dispatch_preferred >= 0 AND dispatch_previous >= 0"
        " AND dispatch_territory >= 0 AND dispatch_even >= 0 AND dispatch_moved >= 0 AND dispatch_unserved > 0)",
        "Nobody wishes for less than nothing.",
    )

    def _get_dispatch_weights(self):
        """Return the worth of the wishes, for ``dispatchlib``."""
        self.ensure_one()
        return Weights(
            preferred=self.dispatch_preferred * 60.0,
            previous=self.dispatch_previous * 60.0,
            territory=self.dispatch_territory * 60.0,
            even=float(self.dispatch_even),
            moved=self.dispatch_moved * 60.0,
            unserved=tuple(self.dispatch_unserved * 60.0 * times for times in (1, 2, 4, 12)),
        )

    def _get_dispatch_roads(self):
        """Return how long ways take, for ``dispatchlib``."""
        self.ensure_one()
        return Roads(self.dispatch_road_factor, self.dispatch_speed, self.dispatch_padding / 100)
