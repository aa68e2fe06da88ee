from odoo import models
from odoo.exceptions import AccessError, ValidationError


class FsmOrder(models.Model):
    """Who may give a job to whom: a dispatcher to anybody, a manager to those whom he manages."""

    _inherit = "fsm.order"

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
