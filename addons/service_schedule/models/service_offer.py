import logging
from datetime import date, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_time

from .. import timing
from ..exceptions import NotBookable
from ..reasons import issues_to_html, minutes_text, reason_text
from ..schedlib import (
    Policy,
    Reason,
    Supply,
    day_span,
    days,
    local,
    local_day,
    notice,
    offered,
    reasons,
    stamp,
    time_grid,
    wall_text,
    window_grid,
)

_logger = logging.getLogger(__name__)

LONGEST_SPAN_DAYS = 400
NEAREST = 3
CALENDAR_YEARS = range(1971, 2200)


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
        "CHECK (LEAST(buffer_before_minutes, buffer_after_minutes, lead_minutes, horizon_days, cutoff_minutes) >= 0)",
        "Buffers, notice, horizon and cut-off cannot be negative.",
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
    def get_availability(
        self, first_day, last_day, *, resources=None, lanes=1, by_staff=False, now=None, ignore=None
    ):
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
        opening, _holidays, supplies = self._read_supplies(first_day, last_day, resources, ignore)
        slots = []
        for grid in self._get_grids(first_day, last_day, policy):
            slots += offered(grid, opening, supplies, policy, earliest, latest, lanes)
        return sorted(slots, key=lambda slot: (slot.start, slot.key or 0))

    def _read_supplies(self, first_day, last_day, resources=None, ignore=None):
        """Return ``(opening, holidays, [Supply])`` for local days, inclusive, in a fixed number of queries."""
        resources = self._get_candidates(resources)
        zone = self.point_id._get_zone()
        last_day += timedelta(days=self.duration_minutes // 1440)  # what starts on the last day may end later
        opening, holidays, hours = self.point_id._read_hours(resources, first_day, last_day)
        margin = 60 * (self.duration_minutes + self.buffer_before_minutes + self.buffer_after_minutes)
        claims = self.env["service.reservation"]._read_claims(
            resources, day_span(first_day, zone)[0] - margin, day_span(last_day, zone)[1] + margin, ignore
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
    def get_reasons(
        self, start, window=None, *, resources=None, lanes=1, by_staff=False, now=None, ignore=None
    ):
        """Return every rule that booking this time would break, [] when it can be booked.

        :param int start: stamp of the start; see ``parse_choice``
        :param window: the ``service.window`` chosen; None or empty for a time of the customer's own
        :rtype: list[schedlib.Reason]
        """
        return self._evaluate(
            start, window, resources=resources, lanes=lanes, by_staff=by_staff, now=now, ignore=ignore
        )[0]

    def _evaluate(self, start, window, *, resources=None, lanes=1, by_staff=False, now=None, ignore=None):
        """Return ``(reasons, stop, supplies)`` of a choice: why not, until when, and what could serve it."""
        self.ensure_one()
        now = now or timing.utc_now()
        zone = self.point_id._get_zone()
        policy = self._get_policy(by_staff)
        day = local_day(start, zone)
        grid = self._get_choice_grid(day, window, policy)
        if start not in grid.starts:
            early = [Reason.PAST] if start <= stamp(now) else []
            return [*early, self._get_missing_reason(window)], None, []
        stop = grid.stops[grid.starts.index(start)]
        opening, holidays, supplies = self._read_supplies(day, local_day(stop, zone), resources, ignore)
        codes = reasons(
            start, stop, grid.key, opening, supplies, policy, now, zone, width=lanes, leaves=holidays
        )
        return codes, stop, supplies

    def _get_day_reasons(self, day, lanes=1, by_staff=False, now=None):
        """Return ``[(start stamp, window id or None, reasons)]`` of all that could start on a local day."""
        now = now or timing.utc_now()
        zone = self.point_id._get_zone()
        policy = self._get_policy(by_staff)
        opening, holidays, supplies = self._read_supplies(day, day + timedelta(days=self.duration_minutes // 1440 + 1))
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

    @api.private
    def parse_choice(self, choice):
        """Return ``(start stamp, window)`` of a choice as forms and clients send it.

        :param str choice: ``"window:<window id>:<YYYY-MM-DD>"`` or ``"time:<ISO 8601 with an offset>"``
        :raise NotBookable: it cannot be read, or names no time that exists
        """
        self.ensure_one()
        kind, _colon, rest = (choice or "").partition(":")
        try:
            if kind == "window":
                window_id, _colon, day = rest.partition(":")
                return self._parse_window_choice(int(window_id), date.fromisoformat(day))
            if kind == "time":
                return self._parse_time_choice(datetime.fromisoformat(rest)), None
            problem = f"unknown kind {kind!r}"
        except (ValueError, OverflowError) as error:
            problem = str(error)
        _logger.info("unreadable choice %r: %s", choice, problem)
        raise NotBookable(self.env._("Choose one of the times offered."), [Reason.OFF_GRID])

    @staticmethod
    def _parse_time_choice(moment):
        """Return the stamp of an aware moment; ValueError for one without an offset or outside of any calendar."""
        if moment.year not in CALENDAR_YEARS or moment.microsecond:
            raise ValueError(moment)
        return stamp(moment)

    def _parse_window_choice(self, window_id, day):
        """Return ``(start stamp, window)``; ValueError when the window or its start do not exist."""
        if day.year not in CALENDAR_YEARS:
            raise ValueError(day)
        window = self._get_windows().filtered(lambda window: window.id == window_id)
        grid = self._get_choice_grid(day, window, self._get_policy()) if window else None
        if not grid or not grid.starts:
            raise ValueError(window_id)
        return grid.starts[0], window

    def _make_choice(self, slot):
        """Return the text that ``parse_choice`` reads for a ``schedlib.Slot``."""
        zone = self.point_id._get_zone()
        if slot.key:
            return f"window:{slot.key}:{local_day(slot.start, zone).isoformat()}"
        return f"time:{wall_text(slot.start, zone)}"

    @api.private
    def get_picker_days(self, first_day, last_day, *, lanes=1, by_staff=False, now=None, ignore=None):
        """Return what a date picker shows of local days, inclusive, in the user's language.

        :return: ``{"2026-10-15": [{"choice", "kind": "window"|"time", "label", "places"}]}``; days on which nothing can
            be booked are left out. ``choice`` is what ``parse_choice`` reads.
        """
        zone = self.point_id._get_zone()
        windows = self.sudo().point_id.window_ids.grouped("id")
        picker = {}
        for slot in self.get_availability(first_day, last_day, lanes=lanes, by_staff=by_staff, now=now, ignore=ignore):
            moment = local(slot.start, zone)
            picker.setdefault(moment.date().isoformat(), []).append(
                {
                    "choice": self._make_choice(slot),
                    "kind": "window" if slot.key else "time",
                    "label": windows[slot.key].display_name if slot.key else self._get_time_label(moment),
                    "places": slot.places,
                }
            )
        return picker

    def _get_time_label(self, moment):
        """Return the local time of a moment; the zone's abbreviation tells the two times of an overlap apart."""
        text = format_time(self.env, moment.time(), time_format="short")
        is_twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
        return f"{text} {moment.tzname()}" if is_twice else text

    def get_slots(self, first_day, last_day, lanes=1, ignore_id=False):
        """Return ``get_picker_days`` to the backend's slot picker, with the service point's today and zone.

        :param str first_day: ISO date; ``last_day`` as well, inclusive
        :param ignore_id: the reservation that is to move
        :return: ``{"days": …, "today": "2026-10-15", "tz": "America/New_York"}``
        """
        self.ensure_one()
        self.check_access("read")
        days_of_picker = self.get_picker_days(
            fields.Date.to_date(first_day),
            fields.Date.to_date(last_day),
            lanes=lanes,
            by_staff=True,
            ignore=self.env["service.reservation"].browse(ignore_id) if ignore_id else None,
        )
        return {
            "days": days_of_picker,
            "today": self.point_id._get_today().isoformat(),
            "tz": self.point_id.tz,
        }

    @api.private
    def get_nearest(self, start, stop=None, *, lanes=1, by_staff=False, now=None, ignore=None, count=NEAREST):
        """Return the free slots nearest to ``start`` (stamp) within a week around, the lost one left out.

        :param int stop: end of the lost time: what meets it, buffers included, is lost as well, though our snapshot may
            still show it as free; None leaves out only what covers ``start``
        """
        zone = self.point_id._get_zone()
        day = local_day(start, zone)
        slots = self.get_availability(
            day - timedelta(days=3), day + timedelta(days=7), lanes=lanes, by_staff=by_staff, now=now, ignore=ignore
        )
        apart = (self.buffer_before_minutes + self.buffer_after_minutes) * 60
        lost = (start - apart, (stop or start + 1) + apart)
        others = [slot for slot in slots if slot.stop <= lost[0] or lost[1] <= slot.start]
        others.sort(key=lambda slot: abs(slot.start - start))
        return sorted(others[:count], key=lambda slot: slot.start)

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

    # ------------------------------------------------------------------
    # Setting up
    # ------------------------------------------------------------------

    def _get_own_issues(self):
        """Return ``[(level, message)]`` of what makes this offer overbook or never be offered."""
        self.ensure_one()
        issues = [
            ("danger", message)
            for is_wrong, message in (
                (not self.resource_ids, self.env._("nobody and nothing does it, so it is never offered.")),
                (
                    not (self.allow_windows or self.allow_times),
                    self.env._("neither windows nor specific times are allowed, so it is never offered."),
                ),
                (
                    self.horizon_days and self.lead_minutes >= (self.horizon_days + 1) * 1440,
                    self.env._("the horizon is shorter than the notice, so customers are never offered it."),
                ),
            )
            if is_wrong
        ]
        return issues + self._get_resource_issues() + self._get_overbooked_issues()

    def _get_resource_issues(self):
        """Return the issues of the resources: no hours, never open, or fewer places than one order takes."""
        issues = []
        shifts = self.sudo().resource_ids.calendar_id._get_shifts()
        for resource in self.sudo().resource_ids:
            if resource.calendar_id and shifts[resource.calendar_id.id] == []:
                issues.append(("danger", self.env._("%(name)s has no working hours.", name=resource.name)))
            if resource.lane_count < self.lanes:
                issues.append(
                    (
                        "danger",
                        self.env._(
                            "%(name)s has %(count)s places but one order takes %(lanes)s.",
                            name=resource.name,
                            count=resource.lane_count,
                            lanes=self.lanes,
                        ),
                    )
                )
        longest = self._get_longest_opening()
        if self.allow_times and longest is not None and self.duration_minutes > longest:
            issues.append(
                ("danger", self.env._("it lasts longer than the opening hours of any day, so no time is offered."))
            )
        return issues

    def _get_longest_opening(self):
        """Return the longest opening in minutes, None when the service point has flexible hours."""
        calendar = self.point_id.sudo().calendar_id
        shifts = calendar._get_shifts().get(calendar.id, [])
        if shifts is None:
            return None
        return max((shift.stop_minutes - shift.start_minutes for shift in shifts), default=0)

    def _get_overbooked_issues(self):
        """Return an issue when coming reservations lie on places that a resource no longer has."""
        if not self.resource_ids:
            return []
        self.env["service.reservation"].flush_model(["resource_id", "state", "stop", "lane", "lanes"])
        self.env["resource.resource"].flush_model(["lane_count"])
        [(count,)] = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM service_reservation r JOIN resource_resource s ON s.id = r.resource_id
                    WHERE s.id IN %s AND r.state IN ('held', 'confirmed') AND r.stop > %s
                      AND r.lane + r.lanes > s.lane_count""",
                tuple(self.resource_ids.ids),
                fields.Datetime.now(),
            )
        )
        if not count:
            return []
        return [
            (
                "danger",
                self.env._("%(count)s coming reservations lie beyond the places there are: overbooked.", count=count),
            )
        ]

    def action_explain(self):
        """Open "Why not?": why a day's times are not offered."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why Not?"),
            "res_model": "service.offer.explain",
            "view_mode": "form",
            "target": "new",
            "context": {"default_offer_id": self.id},
        }
