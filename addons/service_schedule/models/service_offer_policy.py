from odoo import fields, models
from odoo.tools import SQL

from .. import timing
from ..schedlib import Grid, Policy, local_day, stamp
from .service_reservation import NOW

NOW_SECONDS = 120
"""How long "now" stays now: from showing the next full minute to taking it."""


class ServiceOffer(models.Model):
    _inherit = "service.offer"

    currency_id = fields.Many2one(related="company_id.currency_id")
    hold_minutes = fields.Integer(
        "Hold (minutes)",
        default=15,
        required=True,
        help="How long a time is kept for a customer who fills in and pays.",
    )
    choose_resource = fields.Boolean("Customers Choose Who", help="Customers may ask for one person, or take anyone.")
    assignment = fields.Selection(
        [("fair", "Spread evenly"), ("first", "First in the list")],
        string="Anyone Is",
        default="fair",
        required=True,
        help="Whom a customer gets who takes anyone: whoever has least to do in that week, or the first who is free.",
    )
    allow_now = fields.Boolean("Now", help="Customers may be served at once when someone is free.")
    free_minutes = fields.Integer(
        "Free Until (minutes)",
        help="Customers may cancel or reschedule free of charge until that long before the start. "
        "0: always, as long as they may at all.",
    )
    refund_percent = fields.Integer(
        "Refund (%)",
        default=100,
        required=True,
        help="The share of what was paid that a later cancellation gives back.",
    )
    reschedule_fee = fields.Monetary(help="What a later reschedule costs.")
    grace_minutes = fields.Integer(
        "Grace (minutes)", default=15, required=True, help="How long after the promised time a customer is a no-show."
    )
    auto_no_show = fields.Boolean(
        "Automatic No-Show", help="Mark customers as no-show when work has not begun after the grace."
    )
    prepay_no_shows = fields.Integer(
        "Prepay After No-Shows", help="A customer with so many no-shows pays everything ahead. 0: never asked for."
    )
    kind_id = fields.Many2one("service.session.kind", "Kind of Session", ondelete="restrict")
    follow_up_offer_ids = fields.Many2many(
        "service.offer",
        "service_offer_follow_up_rel",
        "offer_id",
        "follow_up_id",
        string="May Lead To",
        check_company=True,
        help="What customers can book after this one: a video session may lead to a visit.",
    )

    _hold_bounds = models.Constraint(
        """CHECK (hold_minutes BETWEEN 1 AND 1440 AND refund_percent BETWEEN 0 AND 100
            AND LEAST(free_minutes, grace_minutes, prepay_no_shows) >= 0
            AND GREATEST(free_minutes, grace_minutes) <= 5256000 AND COALESCE(reschedule_fee, 0) >= 0)""",
        "A hold lasts between 1 minute and a day, the refund is 0 to 100 percent, and nothing is negative.",
    )

    def _prepare_policy_values(self):
        """Return the policy that a reservation made now keeps, whatever the offer says later."""
        self.ensure_one()
        names = ("cutoff_minutes", "free_minutes", "refund_percent", "reschedule_fee", "grace_minutes")
        # sudo: customers may not read offers, yet the policy binds them
        return {name: self.sudo()[name] for name in names}

    def _get_hold_limit(self, holder):
        """Return how many times a holder (see ``service.reservation._hold``) may hold at once at this point."""
        point = self.sudo().point_id  # sudo: customers may not read the settings that bind them
        return point.guest_hold_limit if (holder or "").startswith("address:") else point.hold_limit

    # ------------------------------------------------------------------
    # Now
    # ------------------------------------------------------------------

    def _get_now(self, now=None):
        """Return the next full minute, a stamp."""
        return stamp(now or timing.utc_now()) // 60 * 60 + 60

    def _is_now(self, start, window, now=None):
        """Return whether a start (stamp) without a window is "now" and the offer allows it."""
        return self.allow_now and not window and 0 < start - stamp(now or timing.utc_now()) <= NOW_SECONDS

    def _get_now_grid(self, start, window, now):
        """Return the grid of the one candidate "now", None when the start is not now."""
        if not self._is_now(start, window, now):
            return None
        return Grid((start,), (start + self.duration_minutes * 60,), None)

    def _get_choice_policy(self, start, window, by_staff, now):
        """Return the policy for one choice. Now needs no notice, and keeps the time of paying free behind it."""
        policy = self._get_policy(by_staff)
        if not self._is_now(start, window, now):
            return policy
        values = {name: getattr(policy, name) for name in policy.__dataclass_fields__}
        after = policy.after_minutes + self.hold_minutes
        return Policy(**{**values, "lead_minutes": 0, "after_minutes": after})

    def _get_now_choice(self, *, resources=None, lanes=1, now=None):
        """Return the choice "now" when it can be booked, "" when not."""
        self.ensure_one()
        if not self.allow_now:
            return ""
        return "" if self.get_reasons(self._get_now(now), resources=resources, lanes=lanes, now=now) else NOW

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------

    def _order_supplies(self, supplies, start, moving=None):
        """Return the supplies in the order in which they are to be tried for a start (stamp).

        The one that a moving reservation has comes first, then by what the offer says about anyone.
        """
        if self.assignment == "fair" and len(supplies) > 1:
            load = self._read_load([supply.id for supply in supplies], start)
            supplies = sorted(supplies, key=lambda supply: load.get(supply.id, 0) / supply.lanes)
        if moving:
            own = moving.sudo().resource_id.id  # sudo: only compared
            supplies = sorted(supplies, key=lambda supply: supply.id != own)
        return supplies

    def _read_load(self, resource_ids, start):
        """Return ``{resource id: seconds}`` of what they have in the local week of a start; one query."""
        day = local_day(start, self.point_id._get_zone())
        first = day.fromordinal(day.toordinal() - day.weekday())
        bounds = self.point_id._get_day_bounds(first, first.fromordinal(first.toordinal() + 6))
        self.env["service.reservation"].flush_model(["resource_id", "state", "start", "stop", "lanes"])
        rows = self.env.execute_query(
            SQL(
                """SELECT resource_id, sum(lanes * date_part('epoch', stop - start))
                     FROM service_reservation
                    WHERE resource_id IN %s AND state IN ('held', 'confirmed', 'done') AND start >= %s AND start < %s
                    GROUP BY resource_id""",
                tuple(resource_ids),
                *bounds,
            )
        )
        return dict(rows)
