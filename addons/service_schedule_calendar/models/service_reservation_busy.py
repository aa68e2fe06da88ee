from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import day_span, normalise

TWO_DAYS = 2 * 86400
"""An event of a whole day is stored as a date: the day of one zone begins and ends up to a day beside that of UTC."""


class ServiceReservation(models.Model):
    """What is in the calendars of the staff takes away free times."""

    _inherit = "service.reservation"

    @api.model
    def _read_busy(self, resources, start, stop):
        """Override of ``service_schedule``: add the meetings of the people among the resources.

        That is what they have not declined, shown as busy; not the events of our own reservations. One query, however
        many people and meetings there are; only times are read, whatever may be known of the meetings.
        """
        busy = super()._read_busy(resources, start, stop)
        # sudo: that somebody is busy is no secret, and nothing more is read
        people = resources.sudo().filtered("user_id")
        if not people:
            return busy
        zones = {person.id: timing.zone(person.tz) for person in people}
        meetings = defaultdict(list)
        for resource_id, is_allday, starts, stops in self._read_meetings(people, start - TWO_DAYS, stop + TWO_DAYS):
            spans = zip(starts, stops, strict=True)
            if is_allday:
                spans = (_day_spans(first, last, zones[resource_id]) for first, last in spans)
            meetings[resource_id] += spans
        return {**busy, **{key: normalise([*busy.get(key, []), *spans]) for key, spans in meetings.items()}}

    @api.model
    def _read_meetings(self, people, start, stop):
        """Return ``[(resource id, is all-day, starts, stops)]`` in stamps; of whole days their dates at midnight UTC.

        The database groups the rows into arrays: ten thousand meetings cost two rows a person. What it reads grows with
        the meetings of that time, not with the history: ``OFFSET 0`` keeps its planner from reading all attendees.
        """
        self.env["calendar.event"].flush_model()
        self.env["calendar.attendee"].flush_model(["event_id", "partner_id", "state"])
        people.flush_model(["user_id"])
        return self.env.execute_query(
            SQL(
                """SELECT p.id, m.allday IS TRUE,
                          array_agg(date_part('epoch', CASE WHEN m.allday THEN m.start::date ELSE m.start END)::bigint),
                          array_agg(date_part('epoch', CASE WHEN m.allday THEN m.stop::date ELSE m.stop END)::bigint)
                     FROM (SELECT e.allday, e.start, e.stop, a.partner_id
                             FROM calendar_event e
                            CROSS JOIN LATERAL (SELECT partner_id FROM calendar_attendee
                                                 WHERE event_id = e.id AND state IS DISTINCT FROM 'declined'
                                                OFFSET 0) AS a
                            WHERE e.active AND e.show_as = 'busy' AND e.service_reservation_id IS NULL
                              AND e.stop > %s AND e.start < %s
                           OFFSET 0) AS m
                     JOIN (SELECT r.id, u.partner_id FROM resource_resource r JOIN res_users u ON u.id = r.user_id
                            WHERE r.id IN %s) AS p ON p.partner_id = m.partner_id
                    GROUP BY 1, 2""",
                timing.to_field(start),
                timing.to_field(stop),
                tuple(people.ids),
            )
        )


def _day_spans(first, last, zone):
    """Return the span from the beginning of one date until the end of another, stamps of midnight UTC, in a zone."""
    return day_span(timing.to_field(first).date(), zone)[0], day_span(timing.to_field(last).date(), zone)[1]
