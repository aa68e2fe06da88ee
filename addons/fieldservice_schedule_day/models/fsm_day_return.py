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

    A customer who is not there is a no-show, as for any other reservation. Whatever the reason, the work is wanted
    still: the job is requested again, without technician and time, and it is announced as ``failed``.
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
        if not isinstance(reason, str) or reason not in dict(REASONS):
            raise UserError(self.env._("Say why it could not be done."))
        if reason == "other" and not note:
            raise UserError(self.env._("Say in a few words why it could not be done."))
        self._check_field_state("assigned", "in_progress")
        self._give_back(reason, note, at)

    def _give_back(self, reason, note, at):
        """Give the technician's time back, and tell dispatch why."""
        job_sudo = self.sudo()  # sudo: technicians assign nobody, but may say that they cannot do what is theirs
        person = job_sudo.person_id
        said = {"return_reason": reason, "return_note": note, "return_person_id": person.id, "return_date": at}
        if reason == "absent":
            job_sudo._check_waited(at)
        job_sudo._update_state("assigned")  # what was begun is not: nobody is a no-show where somebody is at work
        job_sudo.write({**said, "date_start": False})
        if reason == "absent" and job_sudo.reservation_id:
            job_sudo.reservation_id._no_show()
        else:
            failure = ": ".join(filter(None, (job_sudo._get_reason_label(), note)))
            # in one step, so that it is announced as what it is
            job_sudo.write({"failure_reason": failure, "person_id": False, "scheduled_date_start": False})
        job_sudo._post_return(person)

    def _check_waited(self, at):
        """Raise when it is too early to say that the customer is not there.

        :raise UserError: says until when he may be late
        """
        if not self.scheduled_date_start:
            return
        waited = self.scheduled_date_start + timedelta(minutes=self.reservation_id.grace_minutes or 0)
        if at < waited:
            zone = timing.zone(self.person_id._get_field_tz())  # the phone shows that clock
            time = timing.time_text(self.env, waited.replace(tzinfo=UTC).astimezone(zone))
            raise UserError(self.env._("Please wait until %(time)s: so long the customer may be late.", time=time))

    def _get_reason_label(self):
        """Return why it was sent back, as the reader's language says it."""
        return dict(self._fields["return_reason"]._description_selection(self.env))[self.return_reason]

    def _forget_failure(self):
        """Override of ``fieldservice_schedule``: what is tried again is not sent back; the chatter says that it was."""
        result = super()._forget_failure()
        nothing = {"return_reason": False, "return_note": False, "return_person_id": False, "return_date": False}
        self.filtered("return_reason").write(nothing)
        return result

    def _get_failure_text(self):
        """Override of ``fieldservice_schedule``: customers are told the reason, and none of what colleagues wrote."""
        if not self.return_reason or not self.failure_reason:
            return super()._get_failure_text()
        return {
            "absent": self.env._("Nobody was there"),
            "unreachable": self.env._("We could not get to it"),
            "part": self.env._("A part was missing"),
        }.get(self.return_reason, "")

    def _post_return(self, person):
        """Tell those who follow the job; of a no-show its reservation has told already, all but what was typed."""
        if self.return_reason == "absent" and not self.return_note:
            return
        body = self.env._("%(name)s could not do it: %(reason)s", name=person.name, reason=self._get_reason_label())
        self.message_post(
            body=plaintext2html("\n".join(filter(None, (body, self.return_note)))), subtype_xmlid="mail.mt_comment"
        )

    def _get_field_return(self):
        """Return why this job could not be done, None when nobody says so."""
        if not self.return_reason:
            return None
        return {"reason": self._get_reason_label(), "note": self.return_note or ""}
