from odoo import api, fields, models

PRIORITY_HOURS = {
    "0": "fsm_order_request_late_lowest",
    "1": "fsm_order_request_late_low",
    "2": "fsm_order_request_late_medium",
    "3": "fsm_order_request_late_high",
}


class FsmOrder(models.Model):
    """A job: work on a customer's equipment at his site.

    Every door (form, drag, import, RPC) ends in ``create`` and ``write`` below, which call what the other files bring:
    the planned time in ``fsm_order_times``, who may assign in ``fsm_order_assign``, the steps of the work in
    ``fsm_order_state``, leaves in ``fsm_order_leaves``, the reserved time in ``fsm_order_reservation``, and what others
    hear of it in ``fsm_order_announce``.
    """

    _inherit = "fsm.order"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        related="location_id.owner_id.commercial_partner_id",
        store=True,
        index=True,
    )
    equipment_id = fields.Many2one(
        "fsm.equipment",
        "Unit",
        compute="_compute_equipment_id",
        store=True,
        readonly=False,
        inverse="_inverse_equipment_id",
        index="btree_not_null",
        help="The vehicle or tank that the job is about; the first of its equipment.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary(copy=False, help="What the customer pays for it.")
    state = fields.Selection(related="stage_id.code", store=True, index=True)
    # a copy is another job: it has neither the time nor the past of this one
    scheduled_date_start = fields.Datetime(copy=False, tracking=True, index=True)
    scheduled_date_end = fields.Datetime(copy=False)
    person_id = fields.Many2one(tracking=True)
    date_start = fields.Datetime(copy=False, tracking=True)
    date_end = fields.Datetime(copy=False, tracking=True)
    duration = fields.Float(store=True, aggregator="avg")

    @api.depends("equipment_ids")
    def _compute_equipment_id(self):
        for job in self:
            if job.equipment_id not in job.equipment_ids or not job.equipment_id:
                job.equipment_id = job.equipment_ids[:1]

    def _inverse_equipment_id(self):
        """Have the unit among the job's equipment."""
        for job in self.filtered(lambda job: job.equipment_id and job.equipment_id not in job.equipment_ids):
            job.equipment_ids |= job.equipment_id

    def _calc_request_late(self, vals):
        """Override of ``fieldservice`` to promise a latest time also when nobody names a priority, and in UTC."""
        early = fields.Datetime.to_datetime(vals.get("request_early")) or fields.Datetime.now()
        company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
        hours = company[PRIORITY_HOURS[vals.get("priority") or "0"]]
        vals["request_late"] = fields.Datetime.add(early, hours=hours)
        return vals

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``fieldservice``: see the class. Callers keep their values."""
        jobs = super().create([self._complete_new_values(vals) for vals in vals_list])
        if jobs.person_id:
            jobs._check_may_assign(jobs.person_id)
        jobs._check_absences()
        jobs._settle_time()
        jobs._announce_changes({})
        return jobs

    def write(self, vals):  # pylint: disable=method-required-super
        """Override of ``fieldservice``: see the class. Callers keep their values."""
        before = self._get_standings() if self._takes_time(vals) else None
        result = self._write_plainly(vals)
        if before is not None:
            self._check_absences()
            self._settle_time()
            self._announce_changes(before)
        return result

    def _plan_many(self, plan, overbooking=""):
        """Give many jobs a technician and a time at once: all of them or none, two may change places.

        This is how programs plan. What people choose comes by ``write``, or is told to ``_keep_choice``.

        :param plan: ``{job: (technician, start as naive UTC, hours)}``; an empty technician takes the job from his own,
            and False is no time any more
        :param str overbooking: why they may take time that is not free, see ``fsm_order_overbook``; "" is not
        :raise TimeTaken, ValidationError: they name all that cannot be
        """
        jobs = self.union(*plan)
        before = jobs._get_standings()
        # together who gets the same: each write asks the database what depends on it
        for person, own in jobs.grouped(lambda job: plan[job][0]).items():
            own._write_plainly({"person_id": person.id})
        for (start, hours), own in jobs.grouped(lambda job: plan[job][1:]).items():
            own._write_plainly({"scheduled_date_start": start, "scheduled_duration": hours})
        if not overbooking:
            jobs._check_absences()
        jobs._settle_time(overbooking)
        jobs._announce_changes(before)

    def _keep_choice(self):
        """Hear that a person chose the technician or the time of these jobs, by another way than ``write``. A hook."""

    def _write_plainly(self, vals):
        """Write ``vals`` with the planned time and the state that follow from it, job by job; no time is taken yet."""
        before = {job: job.state for job in self} if "stage_id" in vals else {}
        self._check_change(vals)
        for group, values in self._split_by_times(vals):
            for jobs, stage in group._split_by_technician(vals):
                # fieldservice refuses its completed stage to all but its own button; our steps say who may get there
                allowed = jobs.with_context(bypass_order_completed_stage=True)
                super(FsmOrder, allowed).write({**values, **stage})  # pylint: disable=super-method-mismatch
        if before:
            self._record_work(before)
        return True

    @api.model
    def _complete_new_values(self, vals):
        """Return the values of a new job with its planned time, in the state that it begins in."""
        values = {**vals, **self._complete_new_times(vals)}
        # forms send the stage that new jobs have: it says nothing about this one
        stage = self.env["fsm.stage"].browse(vals.get("stage_id") or ())
        if vals.get("person_id") and stage.code in (False, "requested"):
            company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            values["stage_id"] = self._get_stage("assigned", company).id
        return values

    def _check_change(self, vals):
        """Raise what forbids this change to the user or to the state of the jobs."""
        if "person_id" in vals:
            people = self.env["fsm.person"].browse(vals["person_id"] or ())
            self.filtered(lambda job: job.person_id != people)._check_may_assign(people)
        self._find_moved(vals)._check_may_place()
        if vals.get("stage_id"):
            self._check_step(self.env["fsm.stage"].browse(vals["stage_id"]), vals)
