from datetime import timedelta
from functools import cache

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import format_list

from odoo.addons.base.models.res_partner import _tz_get

from .. import timing
from ..reasons import issues_to_html
from ..schedlib import day_span, intersect, local_day, normalise, stamp, subtract, working_spans

OPENING_WEEKDAYS = range(6)
COUNTER_LANES = 10


class ServicePoint(models.Model):
    _name = "service.point"
    _description = "Service Point"
    _inherit = ["mail.thread", "bus.listener.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, tracking=True
    )
    partner_id = fields.Many2one("res.partner", "Address", check_company=True)
    tz = fields.Selection(
        _tz_get,
        "Time Zone",
        required=True,
        tracking=True,
        default=lambda self: self.env.company.partner_id.tz or self.env.user.tz or "UTC",
        help="Opening hours, windows and promises are the wall clock of this zone.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Opening Hours",
        check_company=True,
        copy=False,
        tracking=True,
        help="Left empty, the service point gets opening hours of its own: Monday to Saturday, 8:00 to 20:00.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Staff",
        domain="[('share', '=', False)]",
        help="Technicians who work here. Left empty, all technicians of the company see this service point.",
    )
    due_soon_minutes = fields.Integer(
        "Due Soon (minutes)", default=180, help="How long before its time an order counts as due soon."
    )
    hold_limit = fields.Integer(
        "Held at Once", default=3, required=True, help="How many times a customer may hold at once without having paid."
    )
    guest_hold_limit = fields.Integer(
        "Held at Once by Guests", default=5, required=True, help="The same for all guests of one internet address."
    )
    counter_id = fields.Many2one(
        "resource.resource",
        check_company=True,
        copy=False,
        help="What new offers of this service point occupy. Left empty, a counter with "
        f"{COUNTER_LANES} places is made that works whenever the service point is open.",
    )
    counter_lane_count = fields.Integer(related="counter_id.lane_count", readonly=False, string="Orders at Once")
    window_ids = fields.One2many(
        "service.window", "point_id", "Windows", copy=True, default=lambda self: self._default_window_ids()
    )
    offer_ids = fields.One2many("service.offer", "point_id", "Offers")
    configuration_issues = fields.Html(compute="_compute_configuration_issues")

    _hold_limits = models.Constraint(
        "CHECK (hold_limit BETWEEN 1 AND 1000 AND guest_hold_limit BETWEEN 1 AND 1000)",
        "Customers and guests may hold between 1 and 1000 times at once.",
    )
    _due_soon_positive = models.Constraint("CHECK (due_soon_minutes >= 0)", "Due soon is a number of minutes.")

    @api.model
    def _default_window_ids(self):
        """Return the commands for a new service point's Morning, Afternoon and Evening."""
        windows = [
            (self.env._("Morning"), "MORNING", 8, 12),
            (self.env._("Afternoon"), "AFTERNOON", 12, 17),
            (self.env._("Evening"), "EVENING", 17, 20),
        ]
        return [
            Command.create({"name": name, "code": code, "hour_from": start, "hour_to": stop})
            for name, code, start, stop in windows
        ]

    @api.depends("calendar_id", "window_ids", "offer_ids", "counter_id.lane_count")
    def _compute_configuration_issues(self):
        for point in self:
            point.configuration_issues = issues_to_html(point._get_configuration_issues())

    @api.model_create_multi
    def create(self, vals_list):
        points = super().create(vals_list)
        points._create_missing_calendar()
        points._create_missing_counter()
        return points

    def _create_missing_calendar(self):
        """Give opening hours to the service points that came without."""
        for point in self.filtered(lambda point: not point.calendar_id):
            # sudo: whoever may create a service point gets the calendar that belongs to it
            point.calendar_id = self.env["resource.calendar"].sudo().create(point._prepare_calendar_values())

    def _prepare_calendar_values(self):
        """Return the values of a new service point's own opening hours."""
        self.ensure_one()
        return {
            "name": self.env._("Opening hours of %(point)s", point=self.name),
            "company_id": self.company_id.id,
            "tz": self.tz,
            "attendance_ids": [
                Command.create(
                    {
                        "name": self.env._("Open"),
                        "dayofweek": str(weekday),
                        "hour_from": 8,
                        "hour_to": 20,
                        "day_period": "full_day",
                    }
                )
                for weekday in OPENING_WEEKDAYS
            ],
        }

    def _create_missing_counter(self):
        """Give a counter to the service points that came without."""
        for point in self.filtered(lambda point: not point.counter_id):
            # sudo: whoever may create a service point gets the counter that belongs to it
            point.counter_id = self.env["resource.resource"].sudo().create(point._prepare_counter_values())

    def _prepare_counter_values(self):
        """Return the values of a new service point's counter: no calendar, so it follows the opening hours."""
        self.ensure_one()
        return {
            "name": self.env._("Counter of %(point)s", point=self.name),
            "resource_type": "material",
            "company_id": self.company_id.id,
            "calendar_id": False,
            "tz": self.tz,
            "lane_count": COUNTER_LANES,
        }

    def copy_data(self, default=None):
        """Override of ``base`` to name the copy."""
        vals_list = super().copy_data(default)
        return [
            dict(vals, name=self.env._("%(name)s (copy)", name=point.name))
            for point, vals in zip(self, vals_list, strict=True)
        ]

    @api.model
    def _get_own(self):
        """Return the service points at which the user works: of whose staff he is, or where he can be booked."""
        # any!: that he can be booked needs no right to read the register of resources
        serves = Domain("offer_ids", "any!", Domain("resource_ids", "any!", Domain("user_id", "=", self.env.uid)))
        return self.search(Domain("user_ids", "in", self.env.uid) | serves)

    def _get_bookable(self):
        """Return the resources that can be booked here, as superuser; none where it is archived. A hook."""
        self.ensure_one()
        # sudo: who can be booked is on the offers, which say it to customers
        offers = self.env["service.offer"].sudo().with_context(active_test=True).search([("point_id", "=", self.id)])
        return offers.resource_ids.filtered("active") if self.active else offers.resource_ids.browse()

    @api.model
    def _get_bookable_at(self, resources):
        """Return ``{resource: the service points where it can be booked}``, of whatever company, as superuser. A hook.

        The number of queries does not depend on how many there are.
        """
        points = dict.fromkeys(resources, self.sudo().browse())
        # sudo: where a resource can be booked matters beyond the companies that the user may see
        offers = self.env["service.offer"].sudo().with_context(active_test=True)
        for offer in offers.search([("resource_ids", "in", resources.ids), ("point_id.active", "=", True)]):
            for resource in offer.resource_ids & resources:
                points[resource] |= offer.point_id
        return points

    def _get_zone(self):
        """Return the ``ZoneInfo`` of this service point."""
        self.ensure_one()
        return timing.zone(self.tz)

    def _get_today(self, now=None):
        """Return the service point's own calendar day at ``now`` (aware UTC; None is this moment)."""
        return local_day(stamp(now or timing.utc_now()), self._get_zone())

    def _get_day_bounds(self, first_day, last_day=None):
        """Return ``[start, stop)`` of local days, inclusive, as naive UTC field values."""
        zone = self._get_zone()
        return (
            timing.to_field(day_span(first_day, zone)[0]),
            timing.to_field(day_span(last_day or first_day, zone)[1]),
        )

    def _read_hours(self, resources, first_day, last_day):
        """Return ``(opening, holidays, {resource id: spans or None})`` over local days, inclusive.

        Opening hours and a resource's hours already lack their leaves; None is a resource that works whenever the
        service point is open. Two queries, however many days, resources and calendars there are.
        """
        self.ensure_one()
        zone = self._get_zone()
        # a resource in another zone may start its day before ours
        around = (first_day - timedelta(days=1), last_day + timedelta(days=1))
        bounds = (day_span(around[0], zone)[0], day_span(around[1], zone)[1])
        # sudo: a technician may not read a colleague's leaves, yet the time they block is no secret
        self_sudo, resources_sudo = self.sudo(), resources.sudo()
        shifts = (self_sudo.calendar_id | resources_sudo.calendar_id)._get_shifts()
        leaves = self._read_leaves(resources_sudo, bounds)
        holidays = self._pick_leaves(leaves, self_sudo.calendar_id, self_sudo.company_id)
        opening = self._to_spans(shifts.get(self_sudo.calendar_id.id, []), around, zone, bounds)

        @cache
        def work(calendar, tz, company, away_id):
            """Return the spans of all who share calendar, zone, company and leaves: once, not once a person."""
            away = self._pick_leaves(leaves, calendar, company, away_id)
            if calendar:
                spans = self._to_spans(shifts[calendar.id], around, timing.zone(tz), bounds)
            else:
                spans = [bounds] if away else None
            return subtract(spans, away) if away else spans

        hours = {
            resource.id: work(
                resource.calendar_id,
                resource.tz,
                resource.company_id or self_sudo.company_id,
                resource.id if resource.id in leaves else False,
            )
            for resource in resources_sudo
        }
        return subtract(opening, holidays), holidays, hours

    @staticmethod
    def _to_spans(shifts, days, zone, bounds):
        """Return the spans of ``shifts`` (None: flexible, never closed) between two local days."""
        return [bounds] if shifts is None else working_spans(shifts, *days, zone)

    @api.model
    def _read_leaves(self, resources, bounds):
        """Return ``{resource id, or False: [(calendar id or False, company id or False, span)]}`` within two stamps.

        They are the leaves of ``resources`` and, under False, the public holidays; one query.
        """
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search_fetch(
                [
                    ("time_type", "=", "leave"),
                    ("resource_id", "in", [False, *resources.ids]),
                    ("date_from", "<", timing.to_field(bounds[1])),
                    ("date_to", ">", timing.to_field(bounds[0])),
                ],
                ["resource_id", "calendar_id", "company_id", "date_from", "date_to"],
            )
        )
        by_resource = {}
        for leave in leaves:
            span = (timing.to_stamp(leave.date_from), timing.to_stamp(leave.date_to))
            by_resource.setdefault(leave.resource_id.id, []).append((leave.calendar_id.id, leave.company_id.id, span))
        return by_resource

    @api.model
    def _pick_leaves(self, leaves, calendar, company, resource_id=False):
        """Return the spans of the ``leaves`` that concern one calendar, company and resource, as core does.

        :param leaves: what ``_read_leaves`` returns
        :param resource_id: whose own leaves count as well; False is nobody's
        """
        general = [
            span for of, at, span in leaves.get(False, []) if of in (False, calendar.id) and at in (False, company.id)
        ]
        own = leaves.get(resource_id, []) if resource_id else []
        return normalise([*general, *(span for of, _at, span in own if of in (False, calendar.id))])

    def _get_configuration_issues(self):
        """Return ``[(level, message)]``, level ``danger`` or ``warning``: what would overbook or never be offered."""
        self.ensure_one()
        issues = self._check_opening()
        for offer in self.offer_ids:
            issues += [
                (level, self.env._("Offer %(offer)s: %(issue)s", offer=offer.name, issue=message))
                for level, message in offer._get_own_issues()
            ]
        return issues

    def _check_opening(self):
        """Return the issues of the opening hours and of the windows that do not lie within them."""
        shifts = self.sudo().calendar_id._get_shifts().get(self.sudo().calendar_id.id, [])
        if shifts == []:
            return [("danger", self.env._("There are no opening hours, so nothing can be booked."))]
        if shifts is None:
            return []
        issues = []
        for window in self.window_ids:
            closed = [day for day in range(7) if not self._is_open(shifts, day, *window._get_minutes())]
            if len(closed) == 7:
                issues.append(
                    (
                        "danger",
                        self.env._(
                            "Window %(window)s lies outside the opening hours on every day: it is never offered.",
                            window=window.display_name,
                        ),
                    )
                )
            elif open_days := [day for day in closed if any(shift.weekday == day for shift in shifts)]:
                issues.append(("warning", self._describe_closed_window(window, open_days)))
        return issues

    def _describe_closed_window(self, window, weekdays):
        """Return the message about a window that is not offered on some days that the service point opens."""
        names = dict(self.env["resource.calendar.attendance"]._fields["dayofweek"]._description_selection(self.env))
        return self.env._(
            "Window %(window)s reaches outside the opening hours and is not offered on: %(days)s",
            window=window.display_name,
            days=format_list(self.env, [names[str(day)] for day in weekdays]),
        )

    @staticmethod
    def _is_open(shifts, weekday, start, stop):
        """Return whether the weekly ``shifts`` cover minutes ``[start, stop)`` of a weekday in some week."""
        for week in (0, 1):
            spans = normalise(
                (shift.start_minutes, shift.stop_minutes)
                for shift in shifts
                if shift.weekday == weekday and shift.week in (None, week)
            )
            if intersect(spans, [(start, stop)]) == [(start, stop)]:
                return True
        return False

    def _get_address_text(self):
        """Return the address in one line, "" without one."""
        self.ensure_one()
        lines = self.partner_id._display_address(without_company=True).split("\n") if self.partner_id else []
        return ", ".join(line.strip() for line in lines if line.strip())

    def _get_contact(self):
        """Return its own ``{"name", "phone", "email", "address"}`` for customers; "" is what it has none of."""
        self.ensure_one()
        point = self.sudo()  # sudo: customers are told how to reach it
        address = point.partner_id
        return {
            "name": point.name,
            "phone": address.phone or "",
            "email": address.email or "",
            "address": point._get_address_text(),
        }

    def action_open_calendar(self):
        """Open the opening hours."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "resource.calendar",
            "res_id": self.calendar_id.id,
            "views": [(False, "form")],
        }

    def action_open_holidays(self):
        """Open the public holidays that close this service point."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Public Holidays"),
            "res_model": "resource.calendar.leaves",
            "view_mode": "list,form",
            "domain": [("resource_id", "=", False), ("calendar_id", "in", [False, self.calendar_id.id])],
            "context": {"default_calendar_id": self.calendar_id.id, "default_company_id": self.company_id.id},
        }
