from datetime import UTC

from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from odoo.addons.service_schedule import timing

OPEN = ("requested", "assigned", "in_progress")


class FsmOrder(models.Model):
    """Leaves and public holidays: those of the technician, over the whole time of the job."""

    _inherit = "fsm.order"

    def check_day(self):
        """Override of ``fieldservice``, which looks at anybody's leaves within the job: see ``_check_absences``.

        It is asked once for all jobs of a change, when their times are complete, and may be overbooked.
        """

    def _check_absences(self):
        """Raise when somebody is away while a job of his is planned.

        :raise ValidationError: lists them all
        """
        moving = self.filtered(lambda job: job.state in OPEN and job.scheduled_date_start and not job._has_its_time())
        moving._refuse_absences()

    def _refuse_absences(self):
        """Raise when somebody is away at the time of one of these jobs.

        :raise ValidationError: lists them all
        """
        lines = [job._describe_absence(leave) for job, leave in self._find_absences().items()]
        lines += [job._describe_busy(*span) for job, span in self._find_busy().items()]
        if lines:
            raise ValidationError("\n".join(lines))

    def _find_busy(self):
        """Return ``{job: (start, stop)}``, naive UTC, of the jobs while their technician is busy, not with our work.

        Such as meetings, as far as an addon knows them: see ``_read_busy`` of ``service.reservation``.
        """
        timed = self.filtered(lambda job: job.person_id and job.scheduled_date_start and job.scheduled_date_end).sudo()
        if not timed:
            return {}
        spans = {job: tuple(map(timing.to_stamp, (job.scheduled_date_start, job.scheduled_date_end))) for job in timed}
        busy = self.env["service.reservation"]._read_busy(
            timed.person_id.resource_id,
            min(start for start, _stop in spans.values()),
            max(stop for _start, stop in spans.values()),
        )
        found = {}
        for job, (start, stop) in spans.items():
            over = [span for span in busy.get(job.person_id.resource_id.id, ()) if span[0] < stop and span[1] > start]
            if over:
                found[job.with_env(self.env)] = tuple(map(timing.to_field, over[0]))
        return found

    def _describe_busy(self, start, stop):
        """Return "FO012: Maria is busy with something else from … to …"."""
        return self.env._(
            "%(job)s: %(who)s is busy with something else from %(start)s to %(stop)s.",
            job=self.name,
            who=self.sudo().person_id.name,  # sudo: named to whoever plans his work
            start=self._format_moment(start),
            stop=self._format_moment(stop),
        )

    def _find_absences(self):
        """Return ``{job: leave}`` of the jobs during which their technician is away, or their company has a holiday.

        The first leave of each, as superuser. One query, however many jobs, technicians and leaves there are.
        """
        timed = self.filtered(lambda job: job.scheduled_date_start and job.scheduled_date_end).sudo()
        if not timed:
            return {}
        leaves = timed._search_leaves()
        found = {}
        for job in timed:
            leave = leaves.filtered(lambda leave, job=job: job._is_away(leave))[:1]
            if leave:
                found[job.with_env(self.env)] = leave
        return found

    def _search_leaves(self):
        """Return the leaves that could concern one of these jobs, in the order of time."""
        return self.env["resource.calendar.leaves"].search_fetch(
            [
                ("time_type", "=", "leave"),
                ("resource_id", "in", [False, *self.person_id.resource_id.ids]),
                ("date_from", "<", max(self.mapped("scheduled_date_end"))),
                ("date_to", ">", min(self.mapped("scheduled_date_start"))),
            ],
            ["name", "resource_id", "calendar_id", "company_id", "date_from", "date_to"],
            order="date_from, id",
        )

    def _is_away(self, leave):
        """Return whether a leave concerns this job's technician (or, without one, its company) at its time."""
        if leave.date_from >= self.scheduled_date_end or leave.date_to <= self.scheduled_date_start:
            return False
        resource = self.person_id.resource_id
        if leave.resource_id and leave.resource_id != resource:
            return False
        calendar = resource.calendar_id if resource else self.company_id.resource_calendar_id
        of_company = leave.resource_id or leave.company_id in (self.company_id, leave.company_id.browse())
        return bool(of_company) and leave.calendar_id in (calendar, calendar.browse())

    def _describe_absence(self, leave):
        """Return "FO012: Maria is away from … to … (Dentist)"."""
        values = {
            "job": self.name,
            "start": self._format_moment(leave.date_from),
            "stop": self._format_moment(leave.date_to),
            "name": leave.name or self.env._("leave"),
        }
        if leave.resource_id:
            who = self.sudo().person_id.name  # sudo: named to whoever plans his work
            return self.env._("%(job)s: %(who)s is away from %(start)s to %(stop)s (%(name)s).", who=who, **values)
        return self.env._("%(job)s: %(name)s is a public holiday, from %(start)s to %(stop)s.", **values)

    def _format_moment(self, moment, with_day=True):
        """Return a naive UTC moment as the user reads it, in his own zone: "Oct 19, 2026 9:00 AM", or the time only."""
        local = self._to_reader(moment)
        time = timing.time_text(self.env, local)
        if not with_day:
            return time
        return f"{format_date(self.env, local.date())} {time}"

    def _to_reader(self, moment):
        """Return a naive UTC moment as an aware one on the user's own clock."""
        return moment.replace(tzinfo=UTC).astimezone(timing.zone(str(self.env.tz)))
