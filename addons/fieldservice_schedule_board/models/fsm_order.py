from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_list

from odoo.addons.service_schedule import timing

from .fsm_board import MOST_WAITING

MOVABLE = ("requested", "assigned")
"""States in which a job may be planned anew: what is under way or done stays where it is."""


class FsmOrder(models.Model):
    """A job as the dispatch board, the maps and the calendar show it."""

    _inherit = "fsm.order"

    person_name = fields.Char(
        "Technician's Name", compute="_compute_person_name", help="Who has it, or that nobody has."
    )
    skill_names = fields.Char("Skills Wanted", compute="_compute_skill_names")

    @api.depends("person_id")
    @api.depends_context("lang")
    def _compute_person_name(self):
        for job in self:
            # sudo: whoever sees a job may know who has it
            job.person_name = job.sudo().person_id.name or self.env._("Unassigned")

    @api.depends("skill_ids")
    @api.depends_context("lang")
    def _compute_skill_names(self):
        for job in self:
            names = job.sudo().skill_ids.mapped("name")  # sudo: what a job asks for may be known to who sees it
            job.skill_names = format_list(self.env, names) if names else ""

    @api.model
    def _search_on_board(self, domain, days):
        """Return the jobs with a time within the `Days` of a board that are not cancelled, by their time."""
        return self.search(
            Domain(domain)
            & Domain("state", "!=", "cancelled")
            & Domain("scheduled_date_start", "<", timing.to_field(days.end))
            & Domain("scheduled_date_end", ">", timing.to_field(days.begin)),
            order="scheduled_date_start, id",
        )

    @api.model
    def _search_waiting(self, domain):
        """Return ``(jobs, how many there are)`` that nobody has: the urgent first, then by the time asked for."""
        wanted = Domain(domain) & Domain("person_id", "=", False) & Domain("state", "=", "requested")
        jobs = self.search(wanted, order="priority desc, scheduled_date_start, request_early, id", limit=MOST_WAITING)
        return jobs, self.search_count(wanted) if len(jobs) == MOST_WAITING else len(jobs)

    def _get_board_values(self, driving=None):
        """Return what the board and the maps show of these jobs: JSON dicts, in their order.

        Other addons add to them. Queries do not grow with the jobs.

        :param driving: what ``_get_driving`` returns, when it has been read already
        """
        placeable = self._filter_placeable()
        locks = self._get_board_locks()
        driving = self._get_driving() if driving is None else driving
        labels = {name: dict(self._fields[name]._description_selection(self.env)) for name in ("state", "priority")}
        return [job._prepare_board_values(placeable, locks, driving, labels) for job in self]

    def _prepare_board_values(self, placeable, locks, driving, labels):
        """Return what the board shows of a job; see ``_get_board_values`` and the methods it calls."""
        job = self.sudo()  # sudo: whoever sees a job may know whose it is, where, and for which unit
        lock, way = locks.get(self, ""), driving.get(self.id)
        is_own = self in placeable
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "state_label": labels["state"].get(self.state, ""),
            "priority": self.priority or "0",
            "priority_label": labels["priority"].get(self.priority, ""),
            "person_id": self.person_id.id,
            "person": job.person_id.name or "",
            "start": fields.Datetime.to_string(self.scheduled_date_start) if self.scheduled_date_start else False,
            "stop": fields.Datetime.to_string(self.scheduled_date_end) if self.scheduled_date_end else False,
            "hours": self.scheduled_duration or 1.0,
            "early": fields.Datetime.to_string(self.request_early) if self.request_early else False,
            "customer": job.partner_id.name or job.location_id.name,
            "site": job.location_id.name,
            "unit": job.equipment_id.display_name or "",
            "skills": job.skill_ids.mapped("name"),
            "is_overbooked": self.is_overbooked,
            "exception": self.exception_reason or "",
            "lock": lock,
            "is_locked": self.is_locked,
            "may_overbook": self.may_overbook and self.state in MOVABLE,
            "may_move": self.state in MOVABLE and not lock and is_own,
            "driving": way.minutes if way else None,
            "previous": way.previous.sudo().name if way and way.previous else "",
            "may_place": is_own,
            "conflicts": [],
        }

    def _get_board_locks(self):
        """Return ``{job: sentence}`` of the jobs that must stay where they are, and why."""
        return {
            job: self.env._("%(job)s is locked: unlock it to move it.", job=job.name)
            for job in self
            if job.is_locked and job.state in MOVABLE
        }
