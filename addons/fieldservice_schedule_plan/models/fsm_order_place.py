from dataclasses import replace
from datetime import UTC

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.fieldservice_schedule_dispatch.models.fsm_order import STEP
from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import day_span

from .batches import work_off

BATCH = 100
"""Visits that are given away in one transaction."""


class FsmOrder(models.Model):
    """Each visit gets a technician and a time that are really free, or says why it has none."""

    _inherit = "fsm.order"

    placed_on = fields.Date(readonly=True, copy=False, help="On which day (UTC) a technician was looked for last.")

    @api.model
    def _place_visits(self):
        """Look for technicians for all visits that have none, the soonest first: each once a day, in batches.

        A killed run goes on where it was.
        """
        today = fields.Datetime.now().date()
        waiting = (
            Domain("occurrence_date", "!=", False)
            & Domain("state", "=", "requested")
            & Domain([("person_id", "=", False), ("is_moved", "=", False)])
            & Domain("scheduled_date_start", ">", fields.Datetime.now())
            & (Domain("placed_on", "<", today) | Domain("placed_on", "=", False))
        )
        ids = self._search(waiting, order="scheduled_date_start, id").get_result_ids()
        work_off(self.browse(ids), BATCH, lambda visits: visits._place(), lambda: self.search_count(waiting))

    def _place(self):
        """Give these visits to whom they fit best on their days; what does not fit says why.

        The number of queries does not grow with the visits: see ``fsm.dispatch._insert``.
        """
        visits = self.with_context(is_planning=True)
        visits.placed_on = fields.Datetime.now().date()
        problems = self.env["fsm.dispatch"]._insert(visits)
        visits._note_placement({visit: problems.get(visit) for visit in visits})

    def action_place(self):
        """Look for technicians now, for one or many visits."""
        self.filtered(lambda visit: visit.state == "requested" and visit.scheduled_date_start)._place()

    def _read_preferred_persons(self):
        """Override of ``fieldservice_schedule_dispatch``: whom the customers prefer at these sites."""
        # sudo: whoever plans a job may know whom its customer prefers
        lines = self.env["service.preference.site"].sudo().search([("location_id", "in", self.location_id.ids)])
        wanted = {line.location_id.id: line._get_preferred_persons().ids for line in lines}
        return {**super()._read_preferred_persons(), **{job: wanted.get(job.location_id.id, ()) for job in self}}

    def _get_start_windows(self, horizon, span):
        """Override of ``fieldservice_schedule_dispatch``: a visit begins when its plan would like it to."""
        if not self.occurrence_date or not self.due_start:
            return super()._get_start_windows(horizon, span)
        due = horizon.seconds(self.due_start.replace(tzinfo=UTC))
        return ((due, due),)

    def _prepare_visit(self, place, horizon, span, previous, preferred):
        """Override of ``fieldservice_schedule_dispatch``: to begin later the same day is better than not at all.

        A plan that names its technician wants nobody else.
        """
        visit = super()._prepare_visit(place, horizon, span, previous, preferred)
        if not self.occurrence_date or not self.due_start:
            return visit
        due = timing.to_stamp(self.due_start)
        late = day_span(self._get_planned_day(), self._get_zone())[1] - STEP - due
        person = self.fsm_recurring_id.person_id
        return replace(visit, late=max(0, late), allowed=frozenset(person.ids) if person else None)
