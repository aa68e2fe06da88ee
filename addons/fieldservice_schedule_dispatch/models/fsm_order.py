from datetime import UTC

from odoo import fields, models

from odoo.addons.fieldservice_schedule.dispatchlib import Visit
from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local_day

STEP = 5 * 60
"""Seconds between two times at which work may begin, as long as what stands already has such times, too."""


class FsmOrder(models.Model):
    """A job as dispatch sees it: where, how long, when, who may and who should."""

    _inherit = "fsm.order"

    is_located = fields.Boolean(compute="_compute_is_located")

    def _compute_is_located(self):
        """Say whether one knows where the job is: 0, 0 is an address that nobody has located yet."""
        for job in self:
            job.is_located = job._get_coordinates() is not None

    def action_suggest(self):
        """Ask who should do this job, and when; return the dialog with the answer."""
        self.ensure_one()
        asked = self.env["fsm.order.suggest"].with_context(default_job_id=self.id)
        return asked.create({})._get_dialog()

    def _get_coordinates(self):
        """Return ``(latitude, longitude)`` of the job's site, None when nobody has located it."""
        site = self.sudo().location_id  # sudo: where a job is may be known to whoever plans it
        place = (site.partner_latitude, site.partner_longitude)
        return place if any(place) else None

    def _get_zone(self):
        """Return the ``ZoneInfo`` of the clock on the job's site."""
        site = self.sudo().location_id
        return timing.zone(site.tz or site.owner_id.tz or self.company_id.partner_id.tz)

    def _get_planned_day(self):
        """Return the local day of the site on which the job is planned."""
        return local_day(timing.to_stamp(self.scheduled_date_start), self._get_zone())

    def _read_preferred_persons(self):
        """Return ``{job: ids of the technicians}`` whom the customers would like to come; a job without is missing."""
        return {}

    def _read_previous_persons(self):
        """Return ``{job id: technician ids}`` of who was at these sites, or worked on these units. Two queries."""
        rows = (
            self.env["fsm.order"]
            .sudo()
            ._read_group(
                [
                    ("location_id", "in", self.location_id.ids),
                    ("state", "in", ("completed", "closed")),
                    ("person_id", "!=", False),
                ],
                ["location_id"],
                ["person_id:array_agg"],
            )
        )
        there = {site.id: frozenset(persons) for site, persons in rows}
        knowing, nobody = self._read_knowing_persons(), frozenset()
        return {job.id: there.get(job.location_id.id, nobody) | knowing.get(job.id, nobody) for job in self}

    def _read_knowing_persons(self):
        """Return ``{job id: technician ids}`` of who did work on the jobs' units before; a job without is missing."""
        if not self.equipment_id:
            return {}
        rows = (
            self.env["fsm.order"]
            .sudo()  # sudo: who knows a unit may be known to whoever plans work on it
            ._read_group(
                [
                    ("equipment_id", "in", self.equipment_id.ids),
                    ("state", "in", ("completed", "closed")),
                    ("person_id", "!=", False),
                ],
                ["equipment_id"],
                ["person_id:array_agg"],
            )
        )
        knowing = {unit.id: frozenset(persons) for unit, persons in rows}
        return {job.id: knowing[job.equipment_id.id] for job in self if job.equipment_id.id in knowing}

    def _get_start_windows(self, horizon, span):
        """Return the spans, in seconds of the horizon, in which the work may begin: as it was requested.

        :param span: of the days that are planned, from now on; without a request the work may begin at any time of them
        """
        bounds = [self.request_early, self.request_late]
        opens, closes = (horizon.seconds(moment.replace(tzinfo=UTC)) if moment else None for moment in bounds)
        if closes is not None and closes < span[0]:  # overdue: whenever somebody can
            opens = closes = None
        first = max(span[0], opens if opens is not None else span[0])
        last = min(span[1], closes if closes is not None else span[1])
        # what is requested for days that are not planned is not wanted on these
        return ((first, last),) if first <= last else ((span[0] - 1, span[0] - 1),)

    def _prepare_visit(self, place, horizon, span, previous, preferred):
        """Return the job as a ``dispatchlib.Visit``.

        :param int place: its row of the travel matrix
        :param previous: what ``_read_previous_persons`` returns
        :param preferred: what ``_read_preferred_persons`` returns
        """
        self.ensure_one()
        duration = -(-round((self.scheduled_duration or 1) * 3600) // STEP) * STEP
        return Visit(
            id=self.id,
            place=place,
            duration=duration,
            load=duration,
            windows=self._get_start_windows(horizon, span),
            skills=frozenset(self.skill_ids.ids),
            preferred=frozenset(preferred.get(self, ())),
            previous=previous.get(self.id, frozenset()),
            priority=int(self.priority or 0),
            territory=self.territory_id.id or None,
        )

    def _log_placing(self):
        """Write down whom and what time the jobs were given, in one query."""
        self._message_log_batch(
            {
                job.id: self.env._(
                    "Given to %(name)s, %(time)s",
                    name=job.person_id.name,
                    time=job._format_moment(job.scheduled_date_start),
                )
                for job in self
            }
        )
