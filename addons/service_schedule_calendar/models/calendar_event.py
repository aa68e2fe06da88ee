from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS, Domain

QUIET = {
    "no_mail_to_attendees": True,
    "skip_attendee_notification": True,
    "dont_notify": True,
    "skip_contact_description": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "tracking_disable": True,
}
"""What keeps Odoo's calendar from telling anybody: our own messages tell of appointments."""
TIME_FIELDS = frozenset(("start", "stop", "start_date", "stop_date", "allday", "duration"))
AROUND = timedelta(days=2)
"""An event of a whole day is stored as a date: that day begins and ends up to a day beside that of UTC."""


class CalendarEvent(models.Model):
    """Meetings take away free times; the events of our own reservations move them.

    Nothing says in a context who writes an event. What counts is how things stand: an event that has the time of its
    reservation needs nothing, whoever wrote it; so our own writing, and what comes back of it from Google or Outlook,
    is never taken for a move.
    """

    _name = "calendar.event"
    _inherit = ["calendar.event", "service.hours.mixin"]
    _hours_fields = TIME_FIELDS | {"active", "show_as", "attendee_ids", "partner_ids"}

    service_reservation_id = fields.Many2one(
        "service.reservation",
        "Appointment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=NO_ACCESS,  # who could write it could move other people's appointments
        help="The reservation that this event shows; empty for whatever else is in the calendar.",
    )
    service_revision = fields.Integer(
        readonly=True, copy=False, groups=NO_ACCESS, help="The revision of the reservation that this event shows."
    )

    _service_busy_idx = models.Index(
        "(stop, start) WHERE active AND show_as = 'busy' AND service_reservation_id IS NULL"
    )
    _service_coming_idx = models.Index("(stop) WHERE active AND service_reservation_id IS NOT NULL")
    _service_reservation_uniq = models.UniqueIndex(
        "(service_reservation_id) WHERE active AND service_reservation_id IS NOT NULL",
        "An appointment has one event in the calendar.",
    )

    # ------------------------------------------------------------------
    # Meetings
    # ------------------------------------------------------------------

    def _review_promises(self):
        """Override of ``service_schedule``: only meetings of people who serve count, and those still to come."""
        # sudo: whoever changes a meeting need not read everything of it, nor whose promises it breaks
        events = self.sudo().filtered(
            lambda event: event.active and event.show_as == "busy" and not event.service_reservation_id
        )
        coming = events.filtered(lambda event: event.stop and event.stop + AROUND > fields.Datetime.now())
        if not coming._get_service_people():
            return None
        return super(CalendarEvent, coming)._review_promises()

    def _get_service_people(self):
        """Return the resources that are people who attend these events."""
        partners = self.attendee_ids.partner_id
        return self.env["resource.resource"].search(
            Domain("user_id.partner_id", "in", partners.ids) if partners else Domain.FALSE
        )

    def _get_promises_domain(self):
        """Override of ``service.hours.mixin``: what these people serve, from the first of these events to the last.

        That is more than what lies in them, in one condition: a meeting of every day for two years is one, too.
        """
        return Domain(
            [
                ("resource_id", "in", self._get_service_people().ids),
                ("start", "<", max(self.mapped("stop")) + AROUND),
                ("stop", ">", min(self.mapped("start")) - AROUND),
            ]
        )

    # ------------------------------------------------------------------
    # Events of reservations
    # ------------------------------------------------------------------

    def write(self, vals):
        """Override of ``calendar``: with the event of a reservation the reservation moves.

        :raise UserError: that cannot be, or the event is to go while the reservation stays. Who writes without rights
            of his own, as Google's and Outlook's synchronisation do, is not refused: the event is put back soon.
        """
        if "active" in vals and not vals["active"]:
            self._let_go()
        # sudo: nobody reads the link
        ours = self.sudo().filtered("service_reservation_id") if not TIME_FIELDS.isdisjoint(vals) else self.browse()
        before = {event: event._get_time() for event in ours}
        result = super().write(vals)
        for event, time in before.items():
            if event._get_time() != time:
                event.service_reservation_id._follow_event(event, is_refusable=not self.env.su)
        return result

    def unlink(self):
        """Override of ``calendar``: the event of a reservation that stays is not deleted, or is made again.

        :raise UserError: see ``write``
        """
        self._let_go()
        return super().unlink()

    def _get_time(self):
        """Return when it is, to compare."""
        self.ensure_one()
        return self.start, self.stop, self.allday

    def _let_go(self):
        """Have the events of reservations that stay made again when they are gone; users are refused to remove them."""
        # sudo: nobody reads the link
        kept = self.sudo().filtered(lambda event: event.active and event.service_reservation_id._wants_event(event))
        if not kept:
            return
        if not self.env.su:
            raise UserError(
                self.env._(
                    "This is an appointment with a customer, and stays in the calendar while it stands: %(events)s\n"
                    "Reschedule or cancel it in Scheduling. In your preferences you can choose that appointments do "
                    "not stand in your calendar.",
                    events=", ".join(self.browse(kept.ids).mapped("display_name")),  # others read "Busy"
                )
            )
        kept.service_reservation_id._sync_events_before_commit()

    def _take_away(self):
        """Delete the events of reservations that are not to stand in a calendar any more."""
        for event in self:
            own = event._as_its_user(event.user_id)
            own.filtered("active").unlink()
            left = own.exists()  # Google's synchronisation archives, it does not delete
            left.service_reservation_id = False
            left.flush_recordset()  # before its place is taken

    def _as_its_user(self, user):
        """Return these events as written by their user, without a word to anybody: as if he kept his calendar himself.

        So Google's and Outlook's synchronisation take it for his own change, and use his account.
        """
        # sudo: a user's calendar shows his appointments, whatever his rights are in it
        return self.with_user(user).sudo().with_context(lang=user.lang, **QUIET)
