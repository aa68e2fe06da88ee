from odoo import api, fields, models

from odoo.addons.service_schedule.exceptions import TimeTaken
from odoo.addons.service_schedule.models.service_reservation import CLAIMING

from .fsm_order_leaves import OPEN

TIME = frozenset(("person_id", "scheduled_date_start", "scheduled_duration", "scheduled_date_end", "stage_id"))
"""What decides whether a job takes time, whose and which."""


class FsmOrder(models.Model):
    """The reservation is the time: an open job with a technician and a time holds his, and no other job has it.

    ``_settle_time`` brings the reservations in line with the jobs; ``service.reservation._announce`` brings a job in
    line with a reservation that was moved. Either finds nothing to do when they agree, so neither calls the other for
    ever, and both happen in one transaction.
    """

    _inherit = "fsm.order"

    reservation_ids = fields.One2many("service.reservation", "job_id", "Reservations", readonly=True)
    reservation_id = fields.Many2one(
        "service.reservation",
        compute="_compute_reservation",
        store=True,
        index="btree_not_null",
        copy=False,
        groups="service_schedule.group_technician",
        help="The time that its technician keeps free for it.",
    )
    is_overbooked = fields.Boolean(
        compute="_compute_reservation",
        store=True,
        help="Its technician has something else at the same time: a manager wanted it so.",
    )
    trouble = fields.Selection(
        lambda self: self.env["service.reservation"]._fields["trouble"].selection,
        compute="_compute_reservation",
        store=True,
        index="btree_not_null",
        help="Why it needs a new time or person.",
    )

    # not by way of ``reservation_id``: then each change of any shop's reservation would look for jobs
    @api.depends("reservation_ids.state", "reservation_ids.is_overbooked", "reservation_ids.trouble")
    def _compute_reservation(self):
        for job in self:
            reservation = job.reservation_ids.filtered(lambda reservation: reservation.state in CLAIMING)[:1]
            job.reservation_id = reservation
            job.is_overbooked = reservation.is_overbooked
            job.trouble = reservation.trouble

    @api.model
    def _takes_time(self, vals):
        """Return whether writing ``vals`` may change which time a job takes."""
        return not TIME.isdisjoint(vals)

    def _wants_time(self):
        """Return whether this job takes somebody's time: it is open, and has a technician and a planned time."""
        self.ensure_one()
        return bool(self.state in OPEN and self.person_id and self.scheduled_date_start and self.scheduled_date_end)

    def _get_wanted_place(self):
        """Return ``(resource, start, stop)`` that this job needs."""
        # sudo: whoever plans a technician's work need not read his resource
        resource = self.sudo().person_id.resource_id
        return resource, self.scheduled_date_start, self.scheduled_date_end

    def _has_its_time(self):
        """Return whether the reservation of this job is the time that it needs."""
        reservation = self.sudo().reservation_id
        place = (reservation.resource_id, reservation.start, reservation.stop)
        return bool(reservation) and self._wants_time() and place == self.sudo()._get_wanted_place()

    def _settle_time(self, overbooking=""):
        """Bring the reservations in line with these jobs: taken, moved or given back, all of them or none.

        :param str overbooking: why time may be taken that is not free; "" is never
        :raise TimeTaken: lists whose time is not free, and what for
        """
        jobs = self.sudo()  # sudo: the time follows from the job; nobody has rights to write reservations
        wanting = jobs.filtered(lambda job: job._wants_time())
        ending = (jobs - wanting).filtered("reservation_id")
        moving = wanting.filtered(lambda job: not job._has_its_time())
        if moving or ending:
            moving.person_id._create_missing_resources()
            moving._forget_failure()
            moving.filtered("placement_problem").placement_problem = False
            jobs.env["service.reservation"]._settle_jobs(moving, ending, overbooking)

    def _adopt_times(self):
        """Reserve the time of jobs that were planned before this addon was there; where two overlap, the first has it.

        For the installation: what it cannot reserve is left without a technician, and says so.
        """
        for job in self.sorted(lambda job: (job.scheduled_date_start or fields.Datetime.now(), job.id)):
            try:
                with self.env.cr.savepoint():
                    job._settle_time()
            except TimeTaken as refused:
                job._lose_technician(str(refused))

    def _lose_technician(self, reason):
        """Take a job from its technician, who has no time for it, and say why."""
        name = self.person_id.name
        self._plan_many({self: (self.person_id.browse(), self.scheduled_date_start, self.scheduled_duration)})
        self.message_post(body=self.env._("Taken from %(name)s: %(reason)s", name=name, reason=reason))

    def unlink(self):
        """Override of ``base`` to give the time back first."""
        reservations = self.sudo().reservation_id  # sudo: as in ``_settle_time``
        reservations.job_id = False
        reservations._cancel(by_staff=True, reason=self.env._("The job was deleted"))
        return super().unlink()

    def _follow_reservation(self, reservation, kind):
        """Bring this job in line with its reservation, which somebody else has changed.

        :param str kind: of the ``service.reservation.change``
        """
        self.ensure_one()
        is_open = self._wants_time() and not self.reservation_id
        if kind == "no_show":
            self.filtered(lambda job: is_open)._plan_anew(reservation)
        elif kind in ("cancelled", "released", "expired"):
            self.filtered(lambda job: is_open)._update_state("cancelled")
        elif reservation.state in CLAIMING and not self._has_its_time():
            reservation.exception_reason = False
            person, length = self._find_person(reservation.resource_id), reservation.stop - reservation.start
            self._plan_many({self: (person, reservation.start, length.total_seconds() / 3600)})
            if kind != "zone":  # that nobody chose: it is listed as a trouble
                self._keep_choice()
                self._refuse_absences()

    def _plan_anew(self, missed):
        """Have a job planned again whose customer was not there: the work is still wanted, and its reason is kept.

        :param missed: the reservation that is a no-show, as superuser
        """
        for job in self:
            person = job.person_id.name
            job.failure_reason = self.env._("The customer was not there")
            job._plan_many({job: (job.person_id.browse(), False, job.scheduled_duration)})
            job._update_state("requested")
            job.message_post(
                body=self.env._(
                    "The customer was not there for %(name)s on %(time)s. Find another time.",
                    name=person,
                    time=missed._get_label(),
                )
            )

    def _get_row_to_move(self):
        """Return the reservation that is moved when this job takes a time, empty when it takes a new one. A hook."""
        return self.reservation_id

    @api.model
    def _find_person(self, resource):
        """Return the technician who has a resource."""
        return self.env["fsm.person"].with_context(active_test=False).search([("resource_id", "=", resource.id)])
