from odoo import fields, models
from odoo.exceptions import AccessError

PLACE = frozenset(("person_id", "scheduled_date_start", "scheduled_date_end", "scheduled_duration"))
"""What a plan decides about a job."""
BOUNDS = ("is_locked", "is_time_promised", "is_dispatched")
"""What bounds the plans."""
OPEN = ("requested", "assigned", "in_progress")


class FsmOrder(models.Model):
    """What people decide by hand stands: no plan changes it.

    A job that dispatch had given away, and that somebody then changes by hand, is locked by that. Whoever wants plans
    to move it again unlocks it.
    """

    _inherit = "fsm.order"

    is_locked = fields.Boolean(
        "Locked",
        copy=False,
        tracking=True,
        help="Plans change neither its technician nor its time. Changing by hand what a plan had decided locks a job.",
    )
    is_time_promised = fields.Boolean(
        "Time Is Promised", copy=False, help="The customer counts on this time: plans may change who comes, not when."
    )
    is_dispatched = fields.Boolean(
        readonly=True, copy=False, help="Its technician and time were found by dispatch, and nobody changed them since."
    )

    def write(self, vals):
        """Override of ``fieldservice_schedule`` to lock what is changed by hand after dispatch had placed it.

        What bounds the plans is for whoever gives the jobs away to say. Saying again what is so already is no change.
        """
        bounds = {name: bool(vals[name]) for name in BOUNDS if name in vals}
        self.filtered(lambda job: any(job[name] != value for name, value in bounds.items()))._check_may_lock()
        overridden = self._find_overridden(vals)
        result = super().write(vals)
        if overridden:
            overridden.write({"is_dispatched": False, "is_locked": True})
        return result

    def _find_overridden(self, vals):
        """Return the jobs whose place dispatch had found and this change gives away by hand.

        Not those that lose their technician: they wait for another. Nor what follows from something else, such as a
        customer who moves his appointment: that is done by the superuser.
        """
        if self.env.su or PLACE.isdisjoint(vals) or not vals.keys().isdisjoint(("is_dispatched", "is_locked")):
            return self.browse()
        if "person_id" in vals and not vals["person_id"]:
            return self.browse()
        return self.filtered(lambda job: job.is_dispatched and job.state in OPEN and job._differs(vals))

    def _differs(self, vals):
        """Return whether the job's place is another one after writing ``vals``."""
        return any(
            self._fields[name].convert_to_write(self[name], self)
            != self._fields[name].convert_to_write(self._fields[name].convert_to_cache(vals[name], self), self)
            for name in PLACE & vals.keys()
        )

    def action_lock(self):
        """Let no plan change these jobs."""
        self._check_may_lock()
        self.write({"is_locked": True})

    def action_unlock(self):
        """Let plans change these jobs again."""
        self._check_may_lock()
        self.write({"is_locked": False})

    def _check_may_lock(self):
        """Raise unless the user may give away these jobs.

        :raise AccessError: he may not
        """
        strangers = self - self._filter_placeable()
        if strangers:
            raise AccessError(
                self.env._(
                    "Only who gives jobs away may lock and unlock them, or promise their times: %(jobs)s",
                    jobs=", ".join(strangers.mapped("name")),
                )
            )
