from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

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
            return self.sudo().search(self._get_company_domain(self.env.companies))
        own = self.sudo()
        return own | own.managed_ids if own.is_manager else own

    def _get_field_day(self, day=None, job_id=None):
        """Return a day with all that is to be shown of it.

        :param str day: ISO date on the technician's clock; what is none, or further away, is today
        :param int job_id: a job that is to be shown, on whatever day it is; ``day`` when that is further away
        """
        zone = timing.zone(self._get_field_tz())
        now = timing.to_stamp(fields.Datetime.now())
        today = local_day(now, zone)
        strip = days(today - timedelta(BACK), today + timedelta(AHEAD))
        jobs = self._search_field_jobs(strip[0] - timedelta(LEFT_DAYS), strip[-1], zone)
        by_day = {job: local_day(timing.to_stamp(job.scheduled_date_start), zone) for job in jobs}
        left = jobs.filtered(lambda job: by_day[job] < today and job.state in ("assigned", "in_progress"))
        named = (jobs - left).filtered(lambda job: job.id == job_id)
        shown = by_day.get(named, _read_day(day))
        shown = shown if shown in strip else today
        stops = jobs.filtered(lambda job: by_day[job] == shown)
        planned = [by_day[job] for job in jobs if job.state != "cancelled"]
        left = (left - stops) if shown == today else left.browse()
        return {
            "now": f"{timing.to_field(now).isoformat()}Z",
            "today": today.isoformat(),
            "day": shown.isoformat(),
            "tz": zone.key,
            "technician": {"id": self.id, "name": self.name or ""},
            "is_own": self == self._get_own().sudo(False),
            "people": self._get_field_choice(),
            "days": [{"day": one.isoformat(), "count": planned.count(one)} for one in strip],
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
        """Return the ``values`` of a day's jobs with ``driving``: minutes from the stop before, None when unknown.

        As dispatch reckons it (``fsm.travel._get_ways``: what a service of roads has told, else the straight line, and
        rounded up), but from where the technician really comes: what he has done already, too, which takes no time
        any more and which ``_get_driving`` of dispatch therefore leaves out.
        """
        home = (self.start_latitude, self.start_longitude)
        origins, here = {}, home if any(home) else None
        for job in jobs.filtered(lambda job: job.state != "cancelled"):
            origins[job.id], here = here, job._get_coordinates()
        minutes = {}
        for company, own in jobs.grouped("company_id").items():
            minutes.update(self._read_driving(company, own, origins))
        return [{**stop, "driving": minutes.get(stop["id"])} for stop in values]

    def _read_driving(self, company, jobs, origins):
        """Return ``{job id: minutes}`` of the ways that are known.

        :param origins: ``{job id: coordinates from where one comes, or None}``
        """
        pairs = {job.id: (origins.get(job.id), job._get_coordinates()) for job in jobs}
        pairs = {job_id: pair for job_id, pair in pairs.items() if all(pair)}
        places = list(dict.fromkeys(place for pair in pairs.values() for place in pair))
        # sudo: how a company's people drive may be known to all of them
        matrix = self.env["fsm.travel"]._get_ways(company.sudo(), places).matrix if places else []
        rows = {place: row for row, place in enumerate(places)}
        seconds = {job_id: matrix[rows[start]][rows[stop]] for job_id, (start, stop) in pairs.items()}
        return {job_id: -(-way // 60) for job_id, way in seconds.items() if way is not None}

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
