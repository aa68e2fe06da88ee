from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class FsmOrder(models.Model):
    """A manager's exception: a job that takes time which is not free, or on which its technician is away.

    It is said wherever the job is shown, and kept with who did it and why. See ``service_reservation_place`` for how
    the time of two jobs can be reserved at once.
    """

    _inherit = "fsm.order"

    exception_reason = fields.Char("Exception", related="reservation_id.exception_reason")
    may_overbook = fields.Boolean(compute="_compute_may_overbook")

    @api.depends("person_id")
    @api.depends_context("uid")
    def _compute_may_overbook(self):
        is_field_manager = self.env.user.has_group("fieldservice.group_fsm_manager")
        own = self.env["fsm.person"]._get_own()
        managed = own._get_assignable() if own.is_manager else own.browse()
        for job in self:
            job.may_overbook = self.env.su or is_field_manager or bool(job.person_id and job.person_id in managed)

    def _overbook(self, person, start, hours, reason):
        """Give this job a technician and a time, whatever else he has then.

        :param person: the ``fsm.person``
        :param datetime start: naive UTC
        :param float hours: how long
        :param str reason: why, kept for ever
        :raise AccessError: only managers of the technician, and field service managers, may
        """
        self.ensure_one()
        self._check_may_overbook(person)
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: whoever meets the overlap will want to know."))
        self._plan_many({self: (person, start, hours)}, overbooking=reason.strip())
        self._keep_choice()
        if self.exception_reason:
            self._tell_exception()

    def _check_may_overbook(self, person):
        """Raise unless the user may overbook a technician."""
        own = self.env["fsm.person"]._get_own()
        is_managed = own.is_manager and person.sudo() in own._get_assignable()
        if not (self.env.su or is_managed or self.env.user.has_group("fieldservice.group_fsm_manager")):
            raise AccessError(self.env._("Only a manager of %(name)s may overbook his time.", name=person.name))

    def _tell_exception(self):
        """Write the exception down at this job, and at the others that have the same time."""
        # sudo: the others may be jobs that this manager does not see; they shall know of it all the same
        reservation = self.sudo().reservation_id
        self.message_post(
            body=self.env._(
                "Overbooked by %(who)s: %(reason)s", who=self.env.user.name, reason=reservation.exception_reason
            )
        )
        for other in reservation._find_overlapping().job_id:
            other.message_post(
                body=self.env._(
                    "%(who)s gave %(name)s another job at the same time, %(job)s: %(reason)s",
                    who=self.env.user.name,
                    name=other.person_id.name,
                    job=self.name,
                    reason=reservation.exception_reason,
                )
            )
