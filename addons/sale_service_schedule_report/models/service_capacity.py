from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import day_span, days, intersect, local_day, normalise, subtract

from ..shares import minutes_by_day, split
from .service_reservation import DAY

PAST_DAYS = 365
COMING_DAYS = 60


class ServiceCapacity(models.Model):
    """How long a resource can be booked at a service point on one day: what utilisation is measured against.

    Zones, two-week calendars, leaves and public holidays are more than SQL can tell, so the answer is kept. Days that
    have passed stay as they were: a calendar that changes later does not rewrite history.
    """

    _name = "service.capacity"
    _description = "Available Hours"
    _order = "date desc, point_id, resource_id, id"
    _rec_name = "resource_id"

    resource_id = fields.Many2one("resource.resource", required=True, readonly=True, index=True, ondelete="cascade")
    point_id = fields.Many2one("service.point", "Service Point", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    date = fields.Date("Day", required=True, readonly=True, index=True, help="The service point's own day.")
    available_minutes = fields.Float(
        "Available (minutes)",
        required=True,
        readonly=True,
        help="Opening hours within which the resource works and is not in meetings, times its places. Time that "
        "several service points may book is divided among them, so that it counts once.",
    )
    available_hours = fields.Float(compute="_compute_available_hours")

    _day_uniq = models.UniqueIndex(
        "(point_id, date, resource_id)", "A resource has its available hours at a service point once a day."
    )

    @api.depends("available_minutes")
    def _compute_available_hours(self):
        for capacity in self:
            capacity.available_hours = capacity.available_minutes / 60

    # ------------------------------------------------------------------
    # Keeping it fresh
    # ------------------------------------------------------------------

    @api.model
    def _refresh(self, point, first_day=None, last_day=None, now=None):
        """Compute the available hours of one service point anew; write only what differs.

        The number of queries does not depend on days and resources. Callers hold the point's lock.

        :param date first_day: also days that have passed are computed again, from this one on; None leaves alone
            those that are known
        :param date last_day: up to this day, inclusive; None is as far ahead as is kept
        :param datetime now: aware UTC; None is this moment
        """
        point = point.sudo()  # sudo: what is available concerns all who may read the report; only that is written
        today = point._get_today(now)
        last_day = last_day or today + timedelta(days=COMING_DAYS)
        todo = days(first_day, last_day) if first_day else self._get_open_days(point, today, last_day)
        if not todo:
            return
        resources = point._get_bookable()
        former = self._read_former(point, resources, [day for day in todo if day < today])
        left = resources.browse(sorted({resource_id for resource_id, _day in former}))
        minutes = self._compute_minutes(point, resources | left, todo)
        rows = [
            (resource.id, day, value)
            for resource, values in minutes.items()
            for day, value in zip(todo, values, strict=True)
            if resource not in left or (resource.id, day) in former
        ]
        self._store(point, todo, rows)

    @api.model
    def _get_open_days(self, point, today, last_day):
        """Return the days that are to be computed: those to come, and the past ones that are not known yet."""
        earliest = today - timedelta(days=PAST_DAYS)
        known = {
            day
            for (day,) in self.env.execute_query(
                SQL(
                    "SELECT DISTINCT date FROM service_capacity WHERE point_id = %s AND date >= %s AND date < %s",
                    point.id,
                    earliest,
                    today,
                )
            )
        }
        if known:
            return [day for day in days(min(known), last_day) if day not in known]
        # sudo: the service point's first day is the same for all
        first = self.env["service.reservation"].sudo().search([("point_id", "=", point.id)], order="start, id", limit=1)
        begun = local_day(timing.to_stamp(first.start), point._get_zone()) if first else today
        return days(max(earliest, min(begun, today)), last_day)

    @api.model
    def _read_former(self, point, resources, past_days):
        """Return ``{(resource id, day)}`` of past reservations with what is on no offer of the point any more.

        What has left counts on the days on which it was booked: before and after nobody knows whether it was there.
        """
        if not past_days:
            return set()
        self.env["service.reservation"].flush_model(["point_id", "resource_id", "wall_start"])
        return set(
            self.env.execute_query(
                SQL(
                    "SELECT DISTINCT resource_id, %(day)s FROM service_reservation"
                    " WHERE point_id = %(point)s AND %(day)s = ANY(%(days)s)"
                    "   AND resource_id <> ALL(%(resources)s::int[])",
                    day=SQL(DAY),
                    point=point.id,
                    days=past_days,
                    resources=resources.ids,
                )
            )
        )

    @api.model
    def _compute_minutes(self, point, resources, todo):
        """Return ``{resource: [minutes of each day of todo]}``, ``todo`` ascending."""
        first_day, last_day = todo[0], todo[-1]
        zone = point._get_zone()
        opening, _holidays, hours = point._read_hours(resources, first_day, last_day)
        begin, end = day_span(first_day, zone)[0], day_span(last_day, zone)[1]
        # meetings and whatever else addons know of: nobody can be booked then
        busy = self.env["service.reservation"].sudo()._read_busy(resources, begin, end)
        sharers = {who: points - point for who, points in point._get_bookable_at(resources).items()}
        nobody = self.env["resource.resource"]
        openings = {
            other: other._read_hours(nobody, first_day, last_day)[0]
            for other in self.env["service.point"].sudo().union(*sharers.values())
        }
        known = {}
        minutes = {}
        for resource in resources:
            # all who work by the same hours get the same list from ``_read_hours``: compute once
            taken = tuple(normalise(busy.get(resource.id, ())))
            key = (id(hours[resource.id]), resource.lane_count, sharers[resource], taken)
            if key not in known:
                spans = subtract(self._work_within(opening, hours[resource.id]), list(taken))
                others = [self._work_within(openings[other], hours[resource.id]) for other in sharers[resource]]
                known[key] = minutes_by_day(split(spans, others), todo, zone, resource.lane_count)
            minutes[resource] = known[key]
        return minutes

    @staticmethod
    def _work_within(opening, hours):
        """Return the spans of ``opening`` within ``hours``; None is all of them."""
        return opening if hours is None else intersect(opening, hours)

    @api.model
    def _store(self, point, todo, rows):
        """Make the rows of ``todo`` be ``rows``, ``[(resource id, day, minutes)]``; equal ones are not touched."""
        self.env.execute_query(
            SQL(
                """WITH news AS (
                       SELECT * FROM unnest(%(resources)s::int[], %(dates)s::date[], %(minutes)s::float8[])
                           AS news(resource_id, date, minutes)
                   ), gone AS (
                       DELETE FROM service_capacity c
                        WHERE c.point_id = %(point)s AND c.date = ANY(%(days)s)
                          AND (c.resource_id, c.date) NOT IN (SELECT resource_id, date FROM news)
                   )
                   INSERT INTO service_capacity AS c (point_id, company_id, resource_id, date, available_minutes,
                                                      create_uid, create_date, write_uid, write_date)
                   SELECT %(point)s, %(company)s, news.*, %(user)s, %(now)s, %(user)s, %(now)s FROM news
                       ON CONFLICT (point_id, date, resource_id) DO UPDATE
                      SET available_minutes = EXCLUDED.available_minutes, company_id = EXCLUDED.company_id,
                          write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
                    WHERE c.available_minutes <> EXCLUDED.available_minutes OR c.company_id <> EXCLUDED.company_id
                RETURNING id""",
                point=point.id,
                company=point.company_id.id,
                days=todo,
                resources=[row[0] for row in rows],
                dates=[row[1] for row in rows],
                minutes=[row[2] for row in rows],
                user=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        self.invalidate_model()

    def action_refresh_all(self):
        """Bring the available hours of the user's service points up to date, however fresh they are."""
        self.check_access("read")
        self.env["service.point"].search([])._refresh_capacity()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
