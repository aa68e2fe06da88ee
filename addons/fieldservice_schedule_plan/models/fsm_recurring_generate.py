import logging
from datetime import timedelta

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local_day

from .batches import work_off
from .fsm_recurring import LONGEST_SHIFT

_logger = logging.getLogger(__name__)
ONE_DAY = timedelta(days=1)
BATCH = 100
"""Plans whose visits are made in one transaction."""


class FsmRecurring(models.Model):
    """Plans make their visits, up to their horizon: each day once, whoever asks and however often."""

    _inherit = "fsm.recurring"

    generated_on = fields.Date(
        readonly=True, copy=False, index=True, help="On which day (UTC) its visits were made last."
    )

    def _generate_soon(self):
        """Have the visits made by the scheduled action, at once but not here; of no plans there is nothing to do."""
        if not self:
            return
        self.generated_on = False
        self.env.ref("fieldservice_recurring.recurring_orders_cron").sudo()._trigger()

    @api.model
    def _cron_scheduled_task(self):
        """Override of ``fieldservice_recurring`` to find technicians for the visits."""
        result = super()._cron_scheduled_task()
        self.env["fsm.order"]._place_visits()
        return result

    @api.model
    def _cron_generate_orders(self):
        """Override of ``fieldservice_recurring``: in batches, each kept; a killed run goes on."""
        today = fields.Date.context_today(self.with_context(tz="UTC"))
        waiting = Domain("state", "=", "progress") & (
            Domain("generated_on", "<", today) | Domain("generated_on", "=", False)
        )
        ids = self._search(waiting, order="id").get_result_ids()
        work_off(self.browse(ids), BATCH, lambda plans: plans._fill_horizon(today), lambda: self.search_count(waiting))

    def _fill_horizon(self, today):
        """Make the visits of these plans, and keep on which day that was done."""
        self._generate_orders()
        self.generated_on = today

    def _generate_orders(self):
        """Override of ``fieldservice_recurring``: bring the visits of these plans in line with what the plans ask for.

        Missing ones are made, those put aside are taken up when they are due again, those that nobody touched follow
        their plan to another time, and those no longer due are put aside. A plan whose visits cannot be made says why
        in ``problem``, and stops no other.

        :return: the new visits
        """
        try:
            with self.env.cr.savepoint():
                visits = self._reconcile()
                self.filtered("problem").problem = False
                return visits
        except OperationalError:
            raise  # somebody else's transaction: the whole is tried again
        except Exception as error:  # noqa: BLE001 - whatever it is, it concerns one plan, which tells it
            if len(self) <= 1:
                if not _is_made_meanwhile(error):
                    self._note_problem(error)
                return self.env["fsm.order"]
        self.env.invalidate_all()
        visits = self.env["fsm.order"]
        for plan in self:
            visits |= plan._generate_orders()
        return visits

    def _note_problem(self, error):
        """Keep why the visits of this plan could not be made, where its dispatcher sees it."""
        _logger.warning("no visits for plan %s", self.id, exc_info=error)
        self.env.invalidate_all()
        self.problem = str(error)[:500] or type(error).__name__

    def _reconcile(self):
        """Do what ``_generate_orders`` says, for all these plans at once."""
        now = fields.Datetime.now()
        due = self._get_all_due(timing.to_stamp(now))
        known = self._read_visits(now)
        stages = {company: self.env["fsm.order"]._get_stage("requested", company) for company in self.company_id}
        values, again, gone, late = [], self.env["fsm.order"], self.env["fsm.order"], {}
        for plan in self:
            visits = known.get(plan.id, {})
            missing = [(day, begin) for day, begin in due[plan].items() if day not in visits]
            values += [
                {"stage_id": stages[plan.company_id].id, **plan._prepare_visit_values(day, begin)}
                for day, begin in plan._limit(missing)
            ]
            for day, visit in visits.items():
                begin = due[plan].get(day)
                if begin is None:
                    # what was due before is past, not unwanted
                    gone |= visit if visit.due_start > now and visit._is_untouched() else visit.browse()
                    continue
                again |= visit if visit.is_set_aside else visit.browse()
                if visit.due_start != begin:
                    late.setdefault(begin, []).append(visit.id)
        gone._put_aside()
        again._take_up()
        for begin, ids in late.items():
            self.env["fsm.order"].browse(ids)._follow_plan(begin)
        return self.env["fsm.order"].with_context(is_planning=True).create(values).with_env(self.env)

    def _get_all_due(self, now):
        """Return ``{plan: {due day: naive UTC start}}`` of the visits to come, from the stamp ``now`` on."""
        first = local_day(now, timing.zone("UTC")) - LONGEST_SHIFT - ONE_DAY
        last = max((plan._get_horizon(now) for plan in self), default=first) + LONGEST_SHIFT + ONE_DAY
        closed = self.company_id._get_closed_days(first, last)
        return {
            plan: {day: timing.to_field(begin) for day, begin in plan._get_due(now, closed[plan.company_id.id]).items()}
            for plan in self
        }

    def _read_visits(self, now):
        """Return ``{plan id: {due day: visit}}`` of what has not begun, or is due from today on."""
        today = now.date() - LONGEST_SHIFT - ONE_DAY
        visits = self.env["fsm.order"].search_fetch(
            [("fsm_recurring_id", "in", self.ids), ("occurrence_date", ">=", today)],
            ["fsm_recurring_id", "occurrence_date", "due_start", "state", "is_moved", "is_set_aside", "date_start"],
        )
        known = {}
        for visit in visits:
            known.setdefault(visit.fsm_recurring_id.id, {})[visit.occurrence_date] = visit
        return known

    def _limit(self, missing):
        """Return as many of the missing visits as the plan's limit leaves."""
        if not self.max_orders:
            return missing
        return missing[: max(0, self.max_orders - self.fsm_order_count)]

    def _prepare_visit_values(self, day, begin):
        """Return the values of a visit.

        :param day: the day that the rules found
        :param begin: naive UTC, when it should begin
        """
        template = self.fsm_order_template_id
        return {
            **self._prepare_order_values(begin),
            "name": f"{self.name}/{day}",
            "person_id": False,  # who comes is chosen when all visits are known, see fsm_order_place
            "occurrence_date": day,
            "due_start": begin,
            "type": template.type_id.id,
            "team_id": (template.team_id or self.team_id).id,
        }


def _is_made_meanwhile(error):
    """Return whether the visits are there: somebody else has made them since this transaction began to read."""
    return isinstance(error, UniqueViolation) and error.diag.constraint_name == "fsm_order_occurrence_uniq"
