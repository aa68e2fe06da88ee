from datetime import date, timedelta
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.fieldservice_schedule.dispatchlib import travel_matrix
from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import day_span, days, local_day

BACK, AHEAD = 1, 6
"""Days before and after today that the page lets one step to."""
LEFT_DAYS = 7
"""For how many days a job that nobody finished is shown below today's."""


class FsmPerson(models.Model):
    """A technician's day, as his phone shows it. Query counts do not grow with his jobs."""

    _inherit = "fsm.person"

    @api.model
    def _find_field_technician(self, technician_id=None):
        """Return the technician whose day the user may see: himself, those whom he manages, all as a dispatcher.

        :param technician_id: None is himself; a dispatcher who is no technician gets an empty record
        :raise UserError: he may not
        """
        own, people = self._get_own(), self._get_own()._get_field_people()
        if technician_id is None:
            if not own and not people:
                raise UserError(
                    self.env._("You are no technician yet. A manager makes you one: Users, Make Technician.")
                )
            return own.sudo(False)
        if technician_id not in people.ids:
            raise UserError(self.env._("You may not see this technician's day."))
        return self.browse(technician_id)

    def _get_field_people(self):
        """Return whose days this technician may see, as superuser; a dispatcher those of his companies."""
        if self.env.user.has_group("fieldservice.group_fsm_dispatcher"):
            return self.sudo().search([("company_id", "in", [*self.env.companies.ids, False])])
        own = self.sudo()
        return own | own.managed_ids if own.is_manager else own

    def _get_field_day(self, day=None):
        """Return a day with all that is to be shown of it.

        :param str day: ISO date on the technician's clock; what is none, or further away, is today
        """
        zone = timing.zone(self._get_field_tz())
        now = timing.to_stamp(fields.Datetime.now())
        today = local_day(now, zone)
        strip = days(today - timedelta(BACK), today + timedelta(AHEAD))
        shown = _read_day(day)
        shown = shown if shown in strip else today
        jobs = self._search_field_jobs(strip[0] - timedelta(LEFT_DAYS), strip[-1], zone)
        by_day = {job: local_day(timing.to_stamp(job.scheduled_date_start), zone) for job in jobs}
        stops = jobs.filtered(lambda job: by_day[job] == shown)
        left = jobs.filtered(lambda job: by_day[job] < today and job.state in ("assigned", "in_progress"))
        left = (left - stops) if shown == today else left.browse()
        return {
            "now": f"{timing.to_field(now).isoformat()}Z",
            "today": today.isoformat(),
            "day": shown.isoformat(),
            "tz": zone.key,
            "technician": {"id": self.id, "name": self.name or ""},
            "is_own": self == self._get_own().sudo(False),
            "people": self._get_field_choice(),
            "days": [{"day": one.isoformat(), "count": sum(by_day[job] == one for job in jobs)} for one in strip],
            "stops": self._add_driving(stops, stops._get_day_values()),
            "left": left._get_day_values(),
        }

    def _search_field_jobs(self, first, last, zone):
        """Return the technician's jobs on local days, both included, by their planned time, as the user sees them."""
        span = (day_span(first, zone)[0], day_span(last, zone)[1])
        return self.env["fsm.order"].search(
            [
                ("person_id", "in", self.ids),
                ("scheduled_date_start", ">=", timing.to_field(span[0])),
                ("scheduled_date_start", "<", timing.to_field(span[1])),
            ],
            order="scheduled_date_start, id",
        )

    def _get_field_tz(self):
        """Return the zone of the technician's clock."""
        # sudo: a colleague's clock may be known to whoever sees his day
        return self.sudo().resource_id.tz or self.sudo().tz or self.env.user.tz

    def _get_field_choice(self):
        """Return ``[{"id", "name"}]`` of the technicians among whom the user may choose; [] when there is no choice."""
        people = self._get_own()._get_field_people()
        if people == self._get_own():
            return []
        return [{"id": person.id, "name": person.name} for person in people.sorted("name")]

    def _add_driving(self, jobs, values):
        """Return the ``values`` of a day's jobs with ``driving``: minutes from the stop before, None when unknown."""
        places = [(self.start_latitude, self.start_longitude), *(job._get_coordinates() or (0, 0) for job in jobs)]
        roads = (jobs.company_id[:1] or self.env.company).sudo()._get_dispatch_roads()
        # only from each to the next: a whole matrix of thirty stops is not asked for
        for stop, (before, here) in zip(values, pairwise(places), strict=True):
            located = any(before) and any(here)
            stop["driving"] = round(travel_matrix([before, here], roads)[0][1] / 60) if located else None
        return values

    def action_open_day(self):
        """Return the action that opens the technician's day as he sees it on his phone."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/field?technician={self.id}", "target": "new"}


def _read_day(text):
    """Return the date of an ISO text, None of what is none."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None
