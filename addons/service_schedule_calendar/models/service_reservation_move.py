from odoo import models
from odoo.exceptions import UserError

from odoo.addons.service_schedule.exceptions import NotBookable, TimeTaken
from odoo.addons.service_schedule.models.service_offer_choice import NEAREST
from odoo.addons.service_schedule.schedlib import local_day, wall_text
from odoo.addons.service_schedule.timing import to_stamp


class ServiceReservation(models.Model):
    """Reservations that are moved by moving their event: in Odoo's calendar, or in Google's or Outlook's."""

    _inherit = "service.reservation"

    def _follow_event(self, event, *, is_refusable):
        """Reschedule this reservation to the time that its event was moved to.

        :param bool is_refusable: raise when that cannot be; else the event is put back soon, and its user told why
        :raise UserError: it cannot be
        """
        self.ensure_one()
        if (event.start, event.stop, event.allday) == (self.start, self.stop, False):
            return
        try:
            with self.env.cr.savepoint():
                self._move_to_event(event)
        except UserError as refusal:
            if is_refusable:
                raise
            self._tell_refusal(event, str(refusal))
        # The words follow, and so does the end: how long it takes is the offer's to say. At once for whoever looks at
        # it; a synchronisation is left to finish first, then the scheduled action writes what it is to send back.
        if is_refusable:
            self._sync_event()
        else:
            self._sync_events_before_commit()

    def _move_to_event(self, event):
        """Reschedule to the time of the event as its writer may, with the same person.

        :raise UserError: also when it was moved elsewhere before the event showed it
        """
        # not as superuser, whoever writes: the rights of the staff decide
        mine = self.with_user(self.env.user)
        self._check_event_move(event, mine)
        try:
            mine._reschedule(
                self._get_event_choice(event),
                resources=self.resource_id,
                by_staff=True,
                reason=self.env._("Moved in the calendar"),
            )
        except TimeTaken:
            raise  # says what is still free
        except NotBookable as refusal:
            nearest = self._get_nearest_to_event(event)
            raise NotBookable(mine._add_free_times(str(refusal), self.offer_id, nearest), refusal.reasons) from None

    def _get_nearest_to_event(self, event):
        """Return the free slots of the same person that are nearest to where the event was moved, but where it was."""
        own, wanted = to_stamp(self.start), to_stamp(event.start)
        slots = self.offer_id.get_nearest(
            wanted,
            resources=self.resource_id,
            lanes=self.lanes,
            by_staff=True,
            ignore=self,
            count=NEAREST + 1,
        )
        return [slot for slot in slots if slot.start != own][:NEAREST]

    def _check_event_move(self, event, mine):
        """Raise when the event may not move the reservation; whether its new time is free is asked later.

        :param mine: this reservation with the rights of whoever moves it
        """
        if not mine.has_access("read"):
            raise UserError(self.env._("Only the staff of its service point can move this appointment."))
        if self.state != "confirmed" or event.service_revision != self.revision:
            raise UserError(
                self.env._(
                    "This appointment has just been changed, and the calendar follows in a moment. It is %(time)s now.",
                    time=self._get_label(),
                )
            )
        if event.allday or event.start == self.start:
            raise UserError(self.env._("How long an appointment takes is set by what was booked."))
        if not mine._filter_not_begun():
            raise UserError(self.env._("Work on this appointment has begun: it cannot be moved any more."))

    def _get_event_choice(self, event):
        """Return the choice, as ``service.offer.parse_choice`` reads it, that the start of the event means.

        Who has a window gets the window that begins then, if there is one.
        """
        offer, zone, start = self.offer_id, self.point_id._get_zone(), to_stamp(event.start)
        day = local_day(start, zone)
        for window in offer._get_windows() if self.window_id else ():
            if start in offer._get_choice_grid(day, window, offer._get_policy()).starts:
                return f"window:{window.id}:{day.isoformat()}"
        return f"time:{wall_text(start, zone)}"

    def _tell_refusal(self, event, reason):
        """Tell the user of an event that his appointment stays where it was."""
        reservation = self.with_context(lang=event.user_id.lang)
        text = reservation.env._(
            "Your appointment %(name)s stays: %(time)s. It could not be moved in your calendar: %(reason)s",
            name=event.name,
            time=reservation._get_label(),
            reason=reason,
        )
        event.message_notify(
            partner_ids=event.user_id.partner_id.ids,
            subject=reservation.env._("%(name)s could not be moved", name=event.name),
            body=text,
        )
