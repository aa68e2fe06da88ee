from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

LONGEST = 31
"""Days that one plan may have."""
MOST_SECONDS = 600
KEPT_DAYS = 90
"""Days after which old plans are forgotten, applied or not."""
DISPATCHER = "fieldservice.group_fsm_dispatcher"
STATES = [
    ("draft", "New"),
    ("waiting", "Being Computed"),
    ("ready", "Ready to Apply"),
    ("applied", "Applied"),
    ("stale", "Out of Date"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]


class FsmPlan(models.Model):
    """Who does what on these days: asked for by a dispatcher, computed in the background, looked at, then applied.

    The files beside this one: ``_problem`` which jobs and rules, ``_run`` the job in the background, ``_lost`` what
    becomes of a plan whose job ended without a word, ``_show`` what it found, ``_print`` what it was computed from,
    ``_apply`` what one click does.
    """

    _name = "fsm.plan"
    _description = "Plan of Days"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    kind = fields.Selection(
        [("plan", "Plan days"), ("replan", "Re-plan what is planned")], required=True, default="plan", readonly=True
    )
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False, tracking=True, index=True
    )
    date_from = fields.Date("From", required=True, default=lambda self: self._default_day())
    date_to = fields.Date("To", required=True, default=lambda self: self._default_day())
    team_id = fields.Many2one("fsm.team", "Jobs of Team", help="Left empty, the jobs of all teams.")
    person_ids = fields.Many2many(
        "fsm.person",
        string="Technicians",
        help="Left empty, all of the company.",
        domain="[('company_id', 'in', (company_id, False))]",
    )
    job_ids = fields.Many2many(
        "fsm.order", string="Only These Jobs", help="Left empty, all that fit what is said here."
    )
    with_unassigned = fields.Boolean("Jobs Nobody Has", default=True)
    with_assigned = fields.Boolean(
        "Jobs Somebody Has",
        help="They may change hands or time, unless they are locked, promised, under way or past.",
    )
    time_rule = fields.Selection(
        [("keep", "Stay"), ("near", "Move a Little"), ("free", "Move as Wished")],
        "Times of Planned Jobs",
        required=True,
        default="near",
        help="Move as wished: within the times that the customer asked for.",
    )
    shift_minutes = fields.Integer("At Most (Minutes)", default=60)
    seconds = fields.Integer(default=lambda self: self.env.company.dispatch_plan_seconds, copy=False)
    iterations = fields.Integer(default=lambda self: self.env.company.dispatch_plan_iterations, copy=False)
    computed_at = fields.Datetime(readonly=True, copy=False)
    applied_at = fields.Datetime(readonly=True, copy=False)
    applied_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    problem_text = fields.Text("What Is Wrong", readonly=True, copy=False)
    notes = fields.Text(readonly=True, copy=False)
    line_ids = fields.One2many("fsm.plan.line", "plan_id", readonly=True)
    candidate_count = fields.Integer("Jobs to Plan", compute="_compute_candidate_count")

    _days_check = models.Constraint(
        f"CHECK (date_to >= date_from AND date_to < date_from + {LONGEST})",
        f"Plan 1 to {LONGEST} days, in their order.",
    )
    _budget_check = models.Constraint(
        f"CHECK (seconds BETWEEN 1 AND {MOST_SECONDS} AND COALESCE(iterations, 0) >= 0 AND shift_minutes >= 0)",
        f"A plan takes 1 to {MOST_SECONDS} seconds.",
    )

    @api.model
    def _default_day(self):
        """Return tomorrow for a plan, today for what is planned anew, on the company's clock."""
        today = self.env["fsm.dispatch"]._get_day(self.env.company)
        return today if self.env.context.get("default_kind") == "replan" else today + timedelta(days=1)

    @api.depends("date_from", "date_to", "kind")
    def _compute_name(self):
        for plan in self:
            days = [format_date(self.env, day) for day in (plan.date_from, plan.date_to) if day]
            plan.name = " \N{EN DASH} ".join(dict.fromkeys(days))

    @api.depends(
        "company_id", "date_from", "date_to", "team_id", "person_ids", "job_ids", "with_unassigned", "with_assigned"
    )
    def _compute_candidate_count(self):
        for plan in self:
            plan.candidate_count = len(plan._find_jobs()) if plan.date_from and plan.date_to else 0

    @api.constrains("person_ids", "company_id")
    def _check_company_of_persons(self):
        for plan in self:
            # sudo: who cannot be seen is to be named all the same
            chosen = plan.sudo().with_context(active_test=False).person_ids
            strangers = chosen - chosen.search(
                Domain("id", "in", chosen.ids) & chosen._get_company_domain(plan.company_id)
            )
            if strangers:
                raise ValidationError(
                    self.env._("They work for another company: %(names)s", names=", ".join(strangers.mapped("name")))
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: how long a plan may take is the managers' to say."""
        if not self._may_set_budget():
            vals_list = [{key: value for key, value in vals.items() if key not in BUDGET} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Override of ``base``: how long a plan may take is the managers' to say."""
        if not BUDGET.isdisjoint(vals) and not self._may_set_budget():
            raise AccessError(self.env._("Only field service managers say how long a plan may take."))
        return super().write(vals)

    def _may_set_budget(self):
        return self.env.su or self.env.user.has_group("fieldservice.group_fsm_manager")

    def _check_may_plan(self):
        """Raise unless the user plans other people's days.

        :raise AccessError: he does not
        """
        if not (self.env.su or self.env.user.has_group(DISPATCHER)):
            raise AccessError(self.env._("Only dispatchers and managers plan days."))

    # ------------------------------------------------------------------
    # What a dispatcher does with it
    # ------------------------------------------------------------------

    def action_start(self):
        """Have it computed in the background, and show how far it is."""
        self.ensure_one()
        self._check_may_plan()
        if self.state != "draft":
            raise UserError(self.env._("This plan has been computed already: plan again instead."))
        if not self.candidate_count:
            raise UserError(self.env._("There is no job to plan on these days. Look at more days, or at other jobs."))
        self.state = "waiting"
        self._enqueue()
        return self._open()

    def action_again(self):
        """Plan the same once more, from what is so now; what is still being computed is given up."""
        self.ensure_one()
        if self.state == "waiting":
            self.action_cancel()
        again = self.copy()
        return again.action_start()

    def action_stop(self):
        """Be content with the best that was found so far."""
        self._stop("keep")

    def action_cancel(self):
        """Give it up, computed or not."""
        self.filtered(lambda plan: plan.state in ("draft", "waiting", "ready", "stale")).write({"state": "cancelled"})
        self._stop("drop")

    def action_open_lines(self):
        """Show the lines as a list."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "fieldservice_schedule_dispatch_plan.fsm_plan_line_action"
        )
        return {**action, "domain": [("plan_id", "=", self.id)]}

    def _open(self):
        """Return the action that shows this plan."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "fsm.plan",
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "main",
        }

    @api.autovacuum
    def _gc_old_plans(self):
        """Forget old plans: what they applied is with the jobs."""
        self.search([("create_date", "<", fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS))]).unlink()


BUDGET = frozenset(("seconds", "iterations"))
"""What only managers say."""
