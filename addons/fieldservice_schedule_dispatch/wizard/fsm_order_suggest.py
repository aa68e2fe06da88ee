from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.fieldservice_schedule.dispatchlib import Code

ACTION = "fieldservice_schedule_dispatch.fsm_order_suggest_action"
LONGEST = 31
"""Days that one question may look at."""
READING = timedelta(minutes=15)
"""How long somebody may think about an answer that begins at once; whoever sets off then comes that much later."""


class FsmOrderSuggest(models.TransientModel):
    """Who should do this job, and when? Each line says why; one click gives it to him.

    The answer tells of colleagues' work, so only those ask who give jobs away: dispatchers about everybody, managers
    about those whom they manage.
    """

    _name = "fsm.order.suggest"
    _description = "Who Should Do This Job"

    job_id = fields.Many2one("fsm.order", required=True, readonly=True, ondelete="cascade")
    location_id = fields.Many2one(related="job_id.location_id")
    first_day = fields.Date(
        "From", required=True, default=lambda self: self.env["fsm.dispatch"]._get_day(self.env.company)
    )
    day_count = fields.Integer("Days", required=True, default=3)
    line_ids = fields.One2many("fsm.order.suggest.line", "suggest_id", readonly=True)
    is_located = fields.Boolean(related="job_id.is_located")
    has_choice = fields.Boolean(compute="_compute_has_choice")
    notes = fields.Text(readonly=True)
    basis = fields.Char(readonly=True, help="How the job was when the question was answered.")

    @api.model
    def default_get(self, fields_list):
        """Override of ``base`` to begin on the day for which the job is planned or wanted, on its company's clock."""
        values = super().default_get(fields_list)
        job = self.env["fsm.order"].browse(values.get("job_id"))
        dispatch, company = self.env["fsm.dispatch"], job.company_id or self.env.company
        today, wanted = dispatch._get_day(company), job.scheduled_date_start or job.request_early
        values["first_day"] = max(today, dispatch._get_day(company, wanted)) if wanted else today
        return values

    @api.constrains("day_count")
    def _check_day_count(self):
        for wizard in self:
            if not 1 <= wizard.day_count <= LONGEST:
                raise ValidationError(self.env._("Look at 1 to %(days)s days.", days=LONGEST))

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base`` to look at once: Odoo lets nobody press a button on lines that are not saved."""
        wizards = super().create(vals_list)
        wizards._look()
        return wizards

    def action_look(self):
        """Look again, at the days that the dialog says now; return the dialog."""
        self._look()
        return self._get_dialog()

    def _get_dialog(self):
        """Return the action that opens this question."""
        return {**self.env["ir.actions.act_window"]._for_xml_id(ACTION), "res_id": self.id}

    def _look(self):
        """Write down who can do it, and who cannot.

        :raise AccessError: the job is not the user's to see, or he gives nobody jobs
        """
        self.job_id.check_access("read")
        for wizard in self.sudo():  # sudo: the answer tells of colleagues' time; _get_persons says of whose
            lines, notes = wizard._prepare_lines()
            wizard.line_ids.unlink()
            wizard.line_ids = [(0, 0, values) for values in lines]
            wizard.notes = "\n".join(notes) or False
            wizard.basis = wizard._get_basis()

    def _get_basis(self):
        """Return how the job is now, as far as the answer stands on it."""
        job = self.job_id
        where = job.location_id.id, job.sudo()._get_coordinates()
        return repr((job.state, job.person_id.id, job.scheduled_date_start, job.scheduled_duration, *where))

    def _check_fresh(self, start):
        """Raise when the answer is out of date: somebody changed the job meanwhile, or its time is long past.

        Whether the technician has the time still is for his reservations to say.

        :param datetime start: naive UTC
        """
        job = self.job_id
        if start < fields.Datetime.now() - READING:
            raise UserError(self.env._("The time of this answer has passed. Look again."))
        if self._get_basis() != self.basis:
            raise UserError(
                self.env._("%(job)s has been changed since you asked who should do it. Look again.", job=job.name)
            )

    @api.depends("line_ids")
    def _compute_has_choice(self):
        for wizard in self:
            wizard.has_choice = any(line.start for line in wizard.line_ids)

    def _get_persons(self):
        """Return about whom the user may ask.

        :raise AccessError: about nobody
        """
        everybody = self.env["fsm.dispatch"]._get_persons(self.job_id.company_id)
        if self.env.uid == SUPERUSER_ID or self.env.user.has_group("fieldservice.group_fsm_dispatcher"):
            return everybody
        own = self.env["fsm.person"]._get_own()._get_assignable()
        if not own:
            raise AccessError(self.env._("Only who gives jobs away may ask who should do them."))
        return everybody & own.with_env(everybody.env)

    def _prepare_lines(self):
        """Return ``(values of the lines, notes)``: who can, the best first, then who cannot."""
        persons = self._get_persons()
        if not (self.job_id and self.first_day and 1 <= self.day_count <= LONGEST):
            return [], ()
        dispatch = self.env["fsm.dispatch"]
        last = self.first_day + timedelta(days=self.day_count - 1)
        choices, refused, notes = dispatch._suggest(self.job_id, self.first_day, last, persons)
        lines = [
            {"person_id": choice.person.id, "start": choice.start, "why": dispatch._say_choice(self.job_id, choice)}
            for choice in choices
        ]
        told = {choice.person for choice in choices}
        # who can on another day is there already; who cannot on any is named once, with more than that he has a day off
        for one in sorted(refused, key=_is_day_off):
            if one.person not in told:
                told.add(one.person)
                lines.append({"person_id": one.person.id, "why": dispatch._say_reasons(one.reasons)})
        return [{**line, "sequence": number} for number, line in enumerate(lines)], notes


class FsmOrderSuggestLine(models.TransientModel):
    _name = "fsm.order.suggest.line"
    _description = "Who Can Do a Job"
    _order = "sequence, id"

    suggest_id = fields.Many2one("fsm.order.suggest", required=True, ondelete="cascade")
    sequence = fields.Integer()
    person_id = fields.Many2one("fsm.person", "Technician", readonly=True)
    start = fields.Datetime("Begins", readonly=True)
    why = fields.Char(readonly=True)

    def action_assign(self):
        """Give the job to this technician at this time; refused when somebody was quicker."""
        self.ensure_one()
        if not self.start:
            raise UserError(self.env._("%(name)s cannot do it: %(why)s.", name=self.person_id.name, why=self.why))
        self.suggest_id._check_fresh(self.start)
        self.suggest_id.job_id.write(
            {"person_id": self.person_id.id, "scheduled_date_start": self.start, "is_dispatched": True}
        )
        return {"type": "ir.actions.act_window_close"}


def _is_day_off(refused):
    """Return whether all that stands against somebody is that he does not work."""
    return all(reason.code == Code.OFF_SHIFT for reason in refused.reasons)
