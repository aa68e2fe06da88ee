from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.fieldservice_schedule_dispatch.models.fsm_order_lock import PLACE
from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local

OPEN = ("requested", "assigned")


class FsmOrder(models.Model):
    """A visit: a job that a plan asked for.

    Its key is the day that the plan's rules find. The day stays what it is when the visit is moved, so the plan never
    makes a second one; what the plan no longer asks for is put aside and, when it does again, taken up.
    """

    _inherit = "fsm.order"

    fsm_recurring_id = fields.Many2one(copy=False, index=True)
    occurrence_date = fields.Date(
        "Due Day",
        readonly=True,
        copy=False,
        help="The day on which the plan asks for this visit, whatever became of it.",
    )
    due_start = fields.Datetime("Wanted Start", readonly=True, copy=False, help="When the plan would like it to begin.")
    is_moved = fields.Boolean(
        "Moved by Hand",
        readonly=True,
        copy=False,
        help="A person chose its time or technician: a dispatcher, a manager, the customer. No plan changes them. What "
        "plans and dispatch decide themselves is not moved by hand.",
    )
    is_set_aside = fields.Boolean(
        readonly=True, copy=False, help="Cancelled by its plan, not by a person: the plan may take it up again."
    )
    customer_note = fields.Text(
        compute="_compute_customer_note",
        compute_sudo=True,
        help="What the customer wants whoever comes to know: on his page of service preferences.",
    )

    _occurrence_uniq = models.UniqueIndex(
        "(fsm_recurring_id, occurrence_date) WHERE occurrence_date IS NOT NULL",
        "This plan has a visit for that day already.",
    )

    @api.depends("partner_id.service_preference_ids.note")
    def _compute_customer_note(self):
        for job in self:
            job.customer_note = job.partner_id.service_preference_ids.note

    def write(self, vals):
        """Override to keep what people choose for a visit, and to let none but its plan take up what they cancel."""
        if self.env.context.get("is_planning"):
            return super().write(vals)
        chosen = self.filtered(lambda visit: visit._differs(vals)) if vals.keys() & PLACE else self.browse()
        if "stage_id" in vals:
            vals = {**vals, "is_set_aside": False}
        result = super().write(vals)
        chosen._keep_choice()
        return result

    def _keep_choice(self):
        """Override of ``fieldservice_schedule``: what a person chose for a visit, no plan changes any more."""
        result = super()._keep_choice()
        self.filtered(lambda visit: visit.occurrence_date and not visit.is_moved).is_moved = True
        return result

    def _format_start(self):
        """Return when the job begins, by the clock of its site: "Monday, November 23, 2026 at 9:00 AM"."""
        moment = local(timing.to_stamp(self.scheduled_date_start), self._get_zone())
        day = format_date(self.env, moment.date(), date_format="full")
        return self.env._("%(day)s at %(time)s", day=day, time=timing.time_text(self.env, moment))

    def _is_untouched(self):
        """Return whether the visit is still its plan's own: nobody began, moved, cancelled or finished it."""
        return self.state in OPEN and not self.is_moved and not self.date_start

    def _put_aside(self):
        """Cancel visits that their plans no longer ask for."""
        visits = self.with_context(is_planning=True)
        visits.action_cancel()
        visits.write({"is_set_aside": True})

    def _take_up(self):
        """Let visits that were put aside take place after all."""
        visits = self.with_context(is_planning=True)
        visits.action_reopen()
        visits.write({"is_set_aside": False})

    def _follow_plan(self, begin):
        """Take the start that their plans want now, unless somebody has chosen another.

        :param begin: naive UTC
        """
        visits = self.with_context(is_planning=True)
        visits.filtered(lambda visit: visit._is_untouched()).write({"scheduled_date_start": begin})
        visits.write({"due_start": begin})

    def _is_quiet(self, event):
        """Override of ``fieldservice_schedule``: what a plan does with its visits weeks ahead is told by reminders.

        But of a visit that is today or tomorrow people hear at once: the reminders of the day before may be out.
        """
        if super()._is_quiet(event):
            return True
        if not (self.env.context.get("is_planning") and self.occurrence_date and self.scheduled_date_start):
            return False
        zone = self._get_zone()
        tomorrow = local(timing.to_stamp(fields.Datetime.now()), zone).date() + timedelta(days=1)
        return local(timing.to_stamp(self.scheduled_date_start), zone).date() > tomorrow

    def _find_absences(self):
        """Override of ``fieldservice_schedule``: who comes on holidays all the same has no holidays.

        Once a technician is chosen, his own leaves and holidays count: only a manager may overbook them.
        """
        regardless = self.filtered(lambda visit: visit.fsm_recurring_id.holiday_rule == "keep" and not visit.person_id)
        return super(FsmOrder, self - regardless)._find_absences()
