from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import timing
from ..exceptions import NotBookable
from ..reasons import issues_to_html, minutes_text, reason_text
from ..schedlib import (
    Policy,
    Reason,
    Supply,
    day_span,
    days,
    local_day,
    notice,
    offered,
    reasons,
    stamp,
    time_grid,
    window_grid,
)

LONGEST_SPAN_DAYS = 400


class ServiceOffer(models.Model):
    _name = "service.offer"
    _description = "Service Offer"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    point_id = fields.Many2one(
        "service.point",
        "Service Point",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self.env["service.point"].search([], limit=1),
    )
    company_id = fields.Many2one(related="point_id.company_id", store=True, index=True)
    is_published = fields.Boolean("Customers May Book", default=True, help="Customers can choose it on the portal.")
    duration_minutes = fields.Integer("Duration (minutes)", default=30, required=True)
    step_minutes = fields.Integer(
        "Start Every (minutes)", default=15, required=True, help="Chosen times start at multiples of this."
    )
    buffer_before_minutes = fields.Integer("Buffer Before (minutes)", help="Kept free before a chosen time.")
    buffer_after_minutes = fields.Integer("Buffer After (minutes)", help="Kept free after a chosen time.")
    lead_minutes = fields.Integer(
        "Notice (minutes)", default=60, help="The least notice a customer must give. Staff may book at once."
    )
    horizon_days = fields.Integer(
        "Horizon (days)", default=60, help="The furthest day customers are offered, 0 for no limit. Staff have none."
    )
    cutoff_minutes = fields.Integer(
        "Cut-off (minutes)",
        default=120,
        help="Until how long before its start customers may reschedule or cancel. Staff always may.",
    )
    allow_windows = fields.Boolean("Windows", default=True, help="Customers may choose one of the windows.")
    allow_times = fields.Boolean("Specific Times", default=True, help="Customers may choose a time of their own.")
    lanes = fields.Integer(
        "Places Taken", default=1, required=True, help="How many of the resource's places one order takes."
    )
    lanes_per = fields.Selection(
        [("order", "Per order"), ("unit", "Per unit ordered")],
        string="Counted",
        default="order",
        required=True,
        help="Per unit: an order of four tanks takes four times the places.",
    )
    resource_ids = fields.Many2many(
        "resource.resource",
        "service_offer_resource_rel",
        "offer_id",
        "resource_id",
        string="Resources",
        compute="_compute_resource_ids",
        store=True,
        readonly=False,
        check_company=True,
        help="Any one of them serves a reservation; the first that is free is taken.",
    )
    configuration_issues = fields.Html(compute="_compute_configuration_issues")

    _minutes_bounds = models.Constraint(
        "CHECK (duration_minutes BETWEEN 1 AND 14400 AND step_minutes BETWEEN 1 AND 1440)",
        "The duration is between 1 minute and 10 days, and the start step between 1 minute and a day.",
    )
    _policy_bounds = models.Constraint(
        """CHECK (LEAST(buffer_before_minutes, buffer_after_minutes, lead_minutes, horizon_days, cutoff_minutes) >= 0
            AND GREATEST(buffer_before_minutes, buffer_after_minutes) <= 14400
            AND GREATEST(lead_minutes, cutoff_minutes) <= 5256000 AND horizon_days <= 3650)""",
        "Buffers, notice, horizon and cut-off are not negative; a buffer takes 10 days at most, the rest 10 years.",
    )
    _lanes_positive = models.Constraint("CHECK (lanes >= 1)", "An order takes at least one place.")

    @api.depends("point_id")
    def _compute_resource_ids(self):
        # sudo: only tells a counter, which follows the service point, from a resource that somebody chose
        counters = self.env["service.point"].sudo().search([]).counter_id
        for offer in self:
            if offer.point_id.counter_id and offer.resource_ids._origin <= counters:
                offer.resource_ids = offer.point_id.counter_id

    @api.depends(
        "point_id",
        "resource_ids.lane_count",
        "resource_ids.calendar_id",
        "lanes",
        "duration_minutes",
        "horizon_days",
        "lead_minutes",
        "allow_windows",
        "allow_times",
    )
    def _compute_configuration_issues(self):
        for offer in self:
            issues = offer._get_own_issues() if offer.point_id else []
            offer.configuration_issues = issues_to_html(issues)

    @api.constrains("point_id", "resource_ids")
    def _check_company_of_resources(self):
        for offer in self:
            strangers = offer.resource_ids.filtered(
                lambda resource, company=offer.company_id: resource.company_id not in (company, company.browse())
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(resources)s: belongs to another company than the service point %(point)s.",
                        resources=", ".join(strangers.mapped("name")),
                        point=offer.point_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # What can be booked
    # ------------------------------------------------------------------

    def _get_policy(self, by_staff=False):
        """Return the ``schedlib.Policy``. Staff need no notice, have no horizon and no cut-off."""
        self.ensure_one()
        return Policy(
            duration_minutes=self.duration_minutes,
            step_minutes=self.step_minutes,
            before_minutes=self.buffer_before_minutes,
            after_minutes=self.buffer_after_minutes,
            lead_minutes=0 if by_staff else self.lead_minutes,
            horizon_days=0 if by_staff else self.horizon_days,
            cutoff_minutes=0 if by_staff else self.cutoff_minutes,
        )

    def _get_lanes(self, quantity=1):
        """Return how many places an order of ``quantity`` units takes."""
        self.ensure_one()
        units = max(1, -int(-quantity // 1)) if self.lanes_per == "unit" else 1
        return self.lanes * units

    def _get_grids(self, first_day, last_day, policy):
        """Return the candidate slots of local days, inclusive: one grid of times and one for each window."""
        self.ensure_one()
        zone = self.point_id._get_zone()
        span = days(first_day, last_day)
        grids = []
        if self.allow_times:
            grids.append(time_grid(span, zone, policy.step_minutes, policy.duration_minutes))
        if self.allow_windows:
            grids += [window_grid(span, zone, *window._get_minutes(), window.id) for window in self.point_id.window_ids]
        return grids

    @api.private
    def get_availability(self, first_day, last_day, *, resources=None, lanes=1, by_staff=False, now=None, ignore=None):
        """Return the slots that can be booked, ordered by start, windows after times.

        :param date first_day: first day, in the service point's zone
        :param date last_day: last day, inclusive; at most 400 days later
        :param resources: only these of the offer's resources; None is any
        :param int lanes: how many places are wanted side by side
        :param bool by_staff: without notice and horizon, which bind customers only
        :param datetime now: aware UTC; None is this moment
        :param ignore: a reservation that does not count: the one that is to move
        :rtype: list[schedlib.Slot]
        :raise ValueError: the span is negative or longer than 400 days
        """
        self.ensure_one()
        if not 0 <= (last_day - first_day).days <= LONGEST_SPAN_DAYS:
            raise ValueError(f"span of days {first_day}..{last_day}")
        policy = self._get_policy(by_staff)
        zone = self.point_id._get_zone()
        earliest, latest = notice(policy, now or timing.utc_now(), zone)
        first_day = max(first_day, local_day(earliest, zone))
        last_day = min(last_day, local_day(latest - 1, zone))
        if first_day > last_day:
            return []
        opening, _holidays, supplies = self._read_supplies(first_day, last_day, resources, ignore, now)
        slots = []
        for grid in self._get_grids(first_day, last_day, policy):
            slots += offered(grid, opening, supplies, policy, earliest, latest, lanes)
        return sorted(slots, key=lambda slot: (slot.start, slot.key or 0))

    def _read_supplies(self, first_day, last_day, resources=None, ignore=None, now=None):
        """Return ``(opening, holidays, [Supply])`` for local days, inclusive, in a fixed number of queries."""
        resources = self._get_candidates(resources)
        zone = self.point_id._get_zone()
        last_day += timedelta(days=self.duration_minutes // 1440)  # what starts on the last day may end later
        opening, holidays, hours = self.point_id._read_hours(resources, first_day, last_day)
        margin = 60 * (self.duration_minutes + self.buffer_before_minutes + self.buffer_after_minutes)
        claims = self.env["service.reservation"]._read_claims(
            resources, day_span(first_day, zone)[0] - margin, day_span(last_day, zone)[1] + margin, ignore, now
        )
        supplies = [
            Supply(resource.id, resource.lane_count, hours[resource.id], claims.get(resource.id, []))
            for resource in resources
        ]
        return opening, holidays, supplies

    def _get_candidates(self, resources=None):
        """Return the active resources of the offer, only those among ``resources`` when given."""
        # sudo: customers and technicians of this offer may know when its resources are free, not read them
        candidates = self.sudo().resource_ids.filtered("active")
        return candidates if resources is None else candidates & resources.sudo()

    @api.private
    def get_reasons(self, start, window=None, *, resources=None, lanes=1, by_staff=False, now=None, ignore=None):
        """Return every rule that booking this time would break, [] when it can be booked.

        :param int start: stamp of the start; see ``parse_choice``
        :param window: the ``service.window`` chosen; None or empty for a time of the customer's own
        :rtype: list[schedlib.Reason]
        """
        return self._evaluate(
            start, window, resources=resources, lanes=lanes, by_staff=by_staff, now=now, ignore=ignore
        )[0]

    def _evaluate(self, start, window, *, resources=None, lanes=1, by_staff=False, now=None, ignore=None, read=None):
        """Return ``(reasons, stop, supplies)`` of a choice: why not, until when, and what could serve it.

        :param read: what ``_read_supplies`` returned for days around it, when many choices are looked at
        """
        self.ensure_one()
        now = now or timing.utc_now()
        zone = self.point_id._get_zone()
        policy = self._get_choice_policy(start, window, by_staff, now)
        day = local_day(start, zone)
        grid = self._get_now_grid(start, window, now) or self._get_choice_grid(day, window, policy)
        if start not in grid.starts:
            early = [Reason.PAST] if start <= stamp(now) else []
            return [*early, self._get_missing_reason(window)], None, []
        stop = grid.stops[grid.starts.index(start)]
        opening, holidays, supplies = read or self._read_supplies(day, local_day(stop, zone), resources, ignore, now)
        codes = reasons(start, stop, grid.key, opening, supplies, policy, now, zone, width=lanes, leaves=holidays)
        return codes, stop, supplies

    def _get_day_reasons(self, day, lanes=1, by_staff=False, now=None):
        """Return ``[(start stamp, window id or None, reasons)]`` of all that could start on a local day."""
        now = now or timing.utc_now()
        zone = self.point_id._get_zone()
        policy = self._get_policy(by_staff)
        opening, holidays, supplies = self._read_supplies(
            day, day + timedelta(days=self.duration_minutes // 1440 + 1), now=now
        )
        return [
            (
                start,
                grid.key,
                reasons(start, stop, grid.key, opening, supplies, policy, now, zone, width=lanes, leaves=holidays),
            )
            for grid in self._get_grids(day, day, policy)
            for start, stop in zip(grid.starts, grid.stops, strict=True)
        ]

    def _get_missing_reason(self, window):
        """Return why a choice is on no grid: its kind is not offered, or the time is none of those offered."""
        offered_kind = window in self._get_windows() if window else self.allow_times
        return Reason.OFF_GRID if offered_kind else Reason.NOT_OFFERED

    def _get_windows(self):
        """Return the windows that can be chosen for this offer."""
        return self.point_id.window_ids if self.allow_windows else self.env["service.window"]

    def _get_choice_grid(self, day, window, policy):
        """Return the grid of a day on which a choice must lie; an empty one for what is not offered."""
        zone = self.point_id._get_zone()
        if window:
            minutes = window._get_minutes() if window in self._get_windows() else (0, 0)
            return window_grid([day] if window in self._get_windows() else [], zone, *minutes, window.id)
        return time_grid([day] if self.allow_times else [], zone, policy.step_minutes, policy.duration_minutes)

    def _raise_not_booked(self, codes, choice=""):
        """Raise ``NotBookable`` that lists all ``codes``; ``choice`` names the time, for people."""
        lines = [self._get_reason_text(code) for code in codes]
        heading = self.env._("%(offer)s cannot be booked: %(choice)s", offer=self.name, choice=choice)
        raise NotBookable("\n".join([heading, *[f"- {line}" for line in lines]]) if choice else "\n".join(lines), codes)

    def _get_reason_text(self, code):
        """Return the sentence of a ``Reason`` with this offer's figures."""
        return reason_text(
            self.env,
            code,
            lead=minutes_text(self.env, self.lead_minutes),
            horizon=minutes_text(self.env, self.horizon_days * 1440),
            cutoff=minutes_text(self.env, self.cutoff_minutes),
        )
