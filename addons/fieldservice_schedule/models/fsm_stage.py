from odoo import api, fields, models
from odoo.exceptions import ValidationError

STATES = [
    ("requested", "Requested"),
    ("assigned", "Assigned"),
    ("in_progress", "In Progress"),
    ("completed", "Completed"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
SEEDED = {
    "fieldservice.fsm_stage_new": "requested",
    "fieldservice.fsm_stage_completed": "completed",
    "fieldservice.fsm_stage_cancelled": "cancelled",
}
"""The stages that fieldservice brings, and whose XML ids its code refers to."""
MISSING = {"assigned": 20, "in_progress": 40, "closed": 90}
"""The states that it has no stage for, and the sequence that each stage would like to have."""


class FsmStage(models.Model):
    _inherit = "fsm.stage"

    code = fields.Selection(
        STATES,
        "State of the Job",
        compute="_compute_code",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="What a job in this stage is, whatever the stage is called. Several stages may mean the same state.",
    )

    @api.depends("stage_type", "sequence", "is_closed")
    def _compute_code(self):
        """Say what a stage stands for that nobody has told: the same as the stage before it, as far as it may."""
        stages = self.with_context(active_test=False)
        coded = stages.search_fetch([("stage_type", "=", "order"), ("code", "!=", False)], ["code", "sequence"])
        known = [(stage.sequence, stage.code) for stage in coded - self]
        seeded = {ref.id: code for name, code in SEEDED.items() if (ref := self.env.ref(name, False))}
        known += [(stage.sequence, seeded[stage._origin.id]) for stage in self if stage._origin.id in seeded]
        for stage in self:
            if stage.stage_type != "order":
                stage.code = False
            elif not stage.code:
                stage.code = seeded.get(stage._origin.id) or stage._guess_code(sorted(known))

    @api.constrains("stage_type", "code")
    def _check_code(self):
        mute = self.filtered(lambda stage: stage.stage_type == "order" and not stage.code)
        if mute:
            raise ValidationError(
                self.env._("Say which state of a job it stands for: %(stages)s", stages=", ".join(mute.mapped("name")))
            )

    def _guess_code(self, known):
        """Return the code of the last of the ``known`` stages, ``(sequence, code)``, that is not after this one."""
        before = [code for sequence, code in known if sequence <= self.sequence]
        code = before[-1] if before else "requested"
        if self.is_closed:
            return code if code in ("closed", "cancelled") else "completed"
        return code if code in ("requested", "assigned", "in_progress") else "in_progress"

    @api.model
    def _create_missing(self):
        """Create a stage for each state that has none: for the data file, once, when this addon is installed.

        fieldservice refuses two stages with the same sequence, so each takes the next that is free.
        """
        stages = self.with_context(active_test=False).search([("stage_type", "=", "order")])
        used, missing = set(stages.mapped("sequence")), set(MISSING) - set(stages.mapped("code"))
        names = dict(self._fields["code"].selection)
        for code in sorted(missing, key=MISSING.get):
            sequence = next(number for number in range(MISSING[code], 10**6) if number not in used)
            used.add(sequence)
            stage = self.create(
                {
                    "name": names[code],
                    "code": code,
                    "sequence": sequence,
                    "stage_type": "order",
                    "is_closed": code == "closed",
                    "is_default": True,
                    "company_id": False,
                    "team_ids": self.env.ref("fieldservice.fsm_stage_new").team_ids.ids,
                }
            )
            self.env["ir.model.data"]._update_xmlids(
                [{"xml_id": f"fieldservice_schedule.fsm_stage_{code}", "record": stage, "noupdate": True}]
            )
