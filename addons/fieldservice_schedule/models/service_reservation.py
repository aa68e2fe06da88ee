from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.service_schedule import timing

from .fsm_order_leaves import OPEN


class ServiceReservation(models.Model):
    """Reservations of technicians for jobs: what the rest of the suite does with a reservation reaches the job."""

    _inherit = "service.reservation"

    job_id = fields.Many2one("fsm.order", readonly=True, copy=False, ondelete="set null", index="btree_not_null")
    exception_reason = fields.Char(
        "Overbooked Because", readonly=True, copy=False, help="Why a manager had it taken although it was not free."
    )
    is_overbooked = fields.Boolean(
        compute="_compute_is_overbooked",
        store=True,
        help="The same person has something else at this time: a manager wanted it so.",
    )

    _job_uniq = models.UniqueIndex(
        "(job_id) WHERE state IN ('held', 'confirmed')", "A job has one time, and it has one already."
    )
    _overbooked_idx = models.Index("(resource_id) WHERE is_overbooked AND state IN ('held', 'confirmed')")

    @api.depends("job_id", "lane")
    def _compute_is_overbooked(self):
        """A person has one place; what lies on another is beside what he has: see ``service_reservation_place``."""
        for reservation in self:
            reservation.is_overbooked = bool(reservation.job_id) and reservation.lane > 0

    @api.depends("job_id.name", "is_overbooked")
    def _compute_display_name(self):
        """Override of ``service_schedule`` to name the job, and to say that it is overbooked."""
        result = super()._compute_display_name()
        for reservation in self.filtered("job_id"):
            name = f"{reservation.sudo().job_id.name}, {reservation._get_label()}"
            reservation.display_name = (
                self.env._("%(job)s (overbooked)", job=name) if reservation.is_overbooked else name
            )
        return result

    def _get_service_name(self):
        """Override of ``service_schedule``: customers know the job by its number."""
        job = self.sudo().job_id  # sudo: whose reservation it is may know what for
        return job.name or super()._get_service_name()

    # ------------------------------------------------------------------
    # What happens to a reservation happens to its job
    # ------------------------------------------------------------------

    def _announce(self, change):
        """Override of ``service_schedule`` to let the job follow."""
        result = super()._announce(change)
        job = self.sudo().job_id  # sudo: whoever may change the reservation changes the job with it
        if job:
            job._follow_reservation(self.sudo(), change.kind)
        return result

    def _check_choice(self, offer, start, window, resources, lanes, by_staff, now, ignore=None):
        """Override of ``service_schedule``: a job that moves lasts as long as it did, and starts when one likes.

        What was booked of another offer keeps that offer's rules.
        """
        job = ignore.sudo().job_id if ignore else self.env["fsm.order"]
        if not job or not offer.sudo().point_id.is_field_work:  # sudo: only asked what kind of offer it is
            return super()._check_choice(offer, start, window, resources, lanes, by_staff, now, ignore)
        begins = timing.to_field(start)
        values = self._prepare_job_time(job, begins, begins + (ignore.stop - ignore.start))
        who = resources if resources is not None else ignore.sudo().resource_id
        return values, [(resource.id, 0) for resource in who]

    def _filter_not_begun(self):
        """Override of ``service_schedule``: jobs know whether work has begun."""
        begun = self.sudo().filtered(lambda one: one.job_id.state == "in_progress")  # sudo: only asked
        return super()._filter_not_begun() - begun.with_env(self.env)

    def _no_show(self, *, by_staff=True, now=None):
        """Override of ``service_schedule``: where somebody is at work the customer was there.

        :raise UserError: names the jobs
        """
        begun = self.filtered("job_id") - self._filter_not_begun()
        if begun:
            names = ", ".join(begun.sudo().job_id.mapped("name"))  # sudo: whoever says so may know which
            raise UserError(self.env._("Work on these jobs has begun: %(jobs)s", jobs=names))
        return super()._no_show(by_staff=by_staff, now=now)

    def _record_arrival(self):
        """Override of ``service_schedule``: a job that was given another time meanwhile is not done twice.

        :raise UserError: names the jobs
        """
        # sudo: whoever receives the customer need not plan jobs
        planned = self.sudo().filtered(lambda one: one.state == "no_show" and one.job_id.reservation_id)
        gone = self.sudo().filtered(lambda one: one.state == "no_show" and one.job_id.state not in (False, *OPEN))
        if planned or gone:
            raise UserError(
                self.env._(
                    "These jobs have been planned anew or ended meanwhile: %(jobs)s",
                    jobs=", ".join((planned | gone).job_id.mapped("name")),
                )
            )
        return super()._record_arrival()

    # ------------------------------------------------------------------
    # Who may move it
    # ------------------------------------------------------------------

    def _reschedule(self, choice, *, by_staff=False, **options):
        """Override of ``service_schedule``: a technician who plans no jobs does not plan them by this door either.

        :raise AccessError: he does not
        """
        if by_staff:
            self._check_may_place_job()
        return super()._reschedule(choice, by_staff=by_staff, **options)

    def _reassign(self, *args, **options):
        """Override of ``service_schedule``: as ``_reschedule``.

        :raise AccessError: the user does not say who does this job
        """
        self._check_may_place_job()
        return super()._reassign(*args, **options)

    def _check_may_place_job(self):
        """Raise when the user is one of the field staff and does not say who does this job, and when.

        Who keeps a shop's appointments, or sells, keeps those of technicians with them. A hook.

        :raise AccessError: names the job
        """
        user, job = self.env.user, self.sudo().job_id  # sudo: only asked whose it is
        is_field_staff = user.has_group("fieldservice.group_fsm_user_own")
        if job and is_field_staff and not user.has_group("service_schedule.group_manager"):
            job.with_env(self.env)._check_may_place()

    # ------------------------------------------------------------------
    # Promises that cannot be kept
    # ------------------------------------------------------------------

    def _find_trouble(self):
        """Override of ``service_schedule``: jobs have no opening hours, and overtime is no trouble; leaves are."""
        of_jobs = self.filtered("job_id")
        found = super(ServiceReservation, self - of_jobs)._find_trouble()
        # sudo: whether a promise can be kept depends on leaves that not everybody reads
        jobs = of_jobs.sudo().job_id
        absences, busy = jobs._find_absences(), jobs._find_busy()
        for reservation in of_jobs:
            if not reservation.sudo().resource_id.active:
                found[reservation.id] = "place"
            elif reservation.exception_reason:
                found[reservation.id] = False
            elif reservation.sudo().job_id in absences:
                found[reservation.id] = "away"
            else:
                found[reservation.id] = "busy" if reservation.sudo().job_id in busy else False
        return found

    def action_open_job(self):
        """Open the job that this time is for."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "fsm.order",
            "res_id": self.job_id.id,
            "views": [(False, "form")],
        }
