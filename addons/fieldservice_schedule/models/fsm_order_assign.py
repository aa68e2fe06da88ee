from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class FsmOrder(models.Model):
    """Who says who does a job, and when: a dispatcher, a manager of his people, who may assign of himself.

    Everybody else does his jobs as they are planned. Programs that follow from something else do so as superuser.
    """

    _inherit = "fsm.order"

    may_place = fields.Boolean(compute="_compute_may_place", help="May the user say who does it, and when?")

    @api.depends("person_id")
    @api.depends_context("uid")
    def _compute_may_place(self):
        # in a form whoever has it counts, not who is being chosen: what turns read-only there is not saved
        saved = self._origin._filter_placeable()
        mine = saved | self.filtered(lambda job: not job._origin)._filter_placeable()
        for job in self:
            job.may_place = (job._origin or job) in mine

    def _filter_placeable(self):
        """Return those of these jobs of which the user may say who does them, and when."""
        if self.env.su or self.env.user.has_group("fieldservice.group_fsm_dispatcher"):
            return self
        mine = self.env["fsm.person"]._get_own()._get_assignable()
        return self.filtered(lambda job: mine and job.sudo().person_id._origin <= mine)

    def _check_may_place(self):
        """Raise when the user may not say when these jobs are done.

        :raise AccessError: names them
        """
        strangers = self - self._filter_placeable()
        if strangers:
            raise AccessError(
                self.env._(
                    "When these jobs are done is for a dispatcher to say, or for a manager of their technician: "
                    "%(jobs)s. Ask for another time.",
                    jobs=", ".join(strangers.mapped("name")),
                )
            )

    def _check_may_assign(self, people):
        """Raise when the user may not give these jobs to ``people``, or take them away from those who have them.

        :raise AccessError: names those whom he may not assign
        :raise ValidationError: a technician works for another company
        """
        if not self:
            return
        self._check_company_of(people)
        if self.env.su or self.env.user.has_group("fieldservice.group_fsm_dispatcher"):
            return
        concerned = people | self.filtered(lambda job: job.person_id not in people).person_id
        strangers = concerned.sudo() - self.env["fsm.person"]._get_own()._get_assignable()
        if strangers:
            raise AccessError(
                self.env._(
                    "You cannot give jobs to %(names)s, nor take them away. A dispatcher can.",
                    names=", ".join(strangers.mapped("name")),
                )
            )

    def _check_company_of(self, people):
        """Raise when one of the people works for another company than one of the jobs."""
        for person in people.sudo():
            strangers = self.filtered(
                lambda job, company=person.company_id: company not in (job.company_id, company.browse())
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(name)s works for %(company)s; these jobs are another company's: %(jobs)s",
                        name=person.name,
                        company=person.company_id.name,
                        jobs=", ".join(strangers.mapped("name")),
                    )
                )
