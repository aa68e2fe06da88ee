from datetime import UTC, timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from odoo.addons.service_schedule import timing

from .fsm_day_do import _text

REASONS = [
    ("absent", "Customer was not there"),
    ("unreachable", "Could not get to it"),
    ("part", "A part is missing"),
    ("other", "Something else"),
]


class FsmOrder(models.Model):
    """What a technician could not do goes back to dispatch, with the reason.

    A customer who is not there is a no-show, as for any other reservation: the job is cancelled, and the time is free.
    All else is wanted still: the job is requested again, without technician.
    """

    _inherit = "fsm.order"

    return_reason = fields.Selection(REASONS, "Sent Back Because", copy=False, readonly=True, tracking=True)
    return_note = fields.Text(copy=False, readonly=True)
    return_person_id = fields.Many2one("fsm.person", "Sent Back By", copy=False, readonly=True, ondelete="set null")
    return_date = fields.Datetime("Sent Back At", copy=False, readonly=True)

    _returned_idx = models.Index("(return_date) WHERE return_reason IS NOT NULL")

    def _field_return(self, values, at):
        """Send the job back to dispatch. ``values``: ``reason``, one of ``REASONS``, and a ``note``."""
        reason, note = values.get("reason"), _text(values, "note")
        if reason not in dict(REASONS):
            raise UserError(self.env._("Say why it could not be done."))
        if reason == "other" and not note:
            raise UserError(self.env._("Say in a few words why it could not be done."))
        self._check_field_state("assigned", "in_progress")
        self._give_back(reason, note, at)

    def _give_back(self, reason, note, at):
        """Give the technician's time back, and tell dispatch why."""
        job_sudo = self.sudo()  # sudo: technicians assign nobody, but may say that they cannot do what is theirs
        person = job_sudo.person_id
        if reason == "absent":
            job_sudo._record_absent_customer(at)
        else:
            job_sudo._update_state("assigned")
            job_sudo.person_id = False
        job_sudo.write(
            {
                "return_reason": reason,
                "return_note": note,
                "return_person_id": person.id,
                "return_date": at,
                "date_start": False,
            }
        )
        job_sudo._post_return(person)

    def _record_absent_customer(self, at):
        """Mark the customer as a no-show, after the grace that he has; the job follows its reservation.

        :raise UserError: it is too early to say so
        """
        reservation = self.reservation_id
        waited = self.scheduled_date_start + timedelta(minutes=reservation.grace_minutes or 0)
        if at < waited:
            raise UserError(
                self.env._(
                    "Please wait until %(time)s: so long the customer may be late.",
                    time=timing.time_text(self.env, waited.replace(tzinfo=UTC).astimezone(self._get_zone())),
                )
            )
        if reservation:
            reservation._no_show()
        self._update_state("cancelled")

    def _post_return(self, person):
        """Tell those who follow the job."""
        label = dict(self._fields["return_reason"]._description_selection(self.env))[self.return_reason]
        body = self.env._("%(name)s could not do it: %(reason)s", name=person.name, reason=label)
        self.message_post(
            body=plaintext2html("\n".join(filter(None, (body, self.return_note)))), subtype_xmlid="mail.mt_comment"
        )

    def _get_field_return(self):
        """Return why this job could not be done, None when nobody says so."""
        if not self.return_reason:
            return None
        labels = dict(self._fields["return_reason"]._description_selection(self.env))
        return {"reason": labels[self.return_reason], "note": self.return_note or ""}
