import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.service_schedule.sweeps import sweep

_logger = logging.getLogger(__name__)

SYNCING = "service_schedule_calendar.syncing"
SEEN = frozenset(
    ("booked", "confirmed", "rescheduled", "resized", "reassigned", "cancelled", "no_show", "arrived", "zone")
)
"""The kinds of change after which a calendar may be out of step."""


class ServiceReservation(models.Model):
    """Confirmed reservations stand in the calendars of those who serve them.

    A scheduled action compares what should stand there with what does, and mends the difference: whatever made it,
    a booking, a move, another person, a preference, an event that somebody deleted. It is woken with each change, so a
    fault in a calendar, or a slow Google, keeps nobody from booking, and what failed is done at the next run.
    """

    _inherit = "service.reservation"

    def _announce(self, change):
        """Override of ``service_schedule`` to bring the calendars of the people concerned in step."""
        result = super()._announce(change)
        if change.kind in SEEN and (change.from_resource_id | change.to_resource_id).user_id:
            self._sync_events_before_commit()
        return result

    @api.model
    def _sync_events_before_commit(self):
        """Wake the scheduled action when this transaction has ended: once for all that changes together."""
        data = self.env.cr.precommit.data
        if SYNCING not in data:
            data[SYNCING] = True
            self.env.cr.precommit.add(self._wake_sync)

    @api.model
    def _wake_sync(self):
        """Have the scheduled action run soon."""
        self.env.cr.precommit.data.pop(SYNCING, None)
        cron = self.env.ref("service_schedule_calendar.ir_cron_sync_events", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # sudo: whoever changes a time may have the calendars follow

    @api.model
    def _cron_sync_events(self):
        """Bring the events of all reservations in step that are not, each in a transaction of its own."""
        sweep(self.browse(self._find_out_of_step()), lambda reservation: reservation._sync_event(), _logger)

    @api.model
    def _find_out_of_step(self):
        """Return the ids of the reservations whose event is missing, not as it should be, or not wanted, in one query.

        What is over stays as it stands: it was so.
        """
        now = fields.Datetime.now()
        self.flush_model()
        for model in ("calendar.event", "resource.resource", "res.users"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """WITH wanted AS (
                    SELECT r.id, r.start, r.stop, coalesce(r.revision, 0) AS revision, u.id AS user_id
                      FROM service_reservation r
                      JOIN resource_resource p ON p.id = r.resource_id
                      JOIN res_users u ON u.id = p.user_id AND u.active AND u.has_service_events
                     WHERE r.state = 'confirmed' AND r.stop > %(now)s)
                SELECT w.id FROM wanted w
                  LEFT JOIN calendar_event e ON e.service_reservation_id = w.id AND e.active
                 WHERE e.id IS NULL OR (e.user_id, e.start, e.stop, e.allday IS TRUE, coalesce(e.service_revision, 0))
                       IS DISTINCT FROM (w.user_id, w.start, w.stop, FALSE, w.revision)
                 UNION
                SELECT e.service_reservation_id FROM calendar_event e
                  JOIN service_reservation r ON r.id = e.service_reservation_id AND r.state <> 'done'
                 WHERE e.active AND e.stop > %(now)s AND e.service_reservation_id NOT IN (SELECT id FROM wanted)
                 ORDER BY 1""",
                now=now,
            )
        )
        return [row[0] for row in rows]

    def _sync_event(self):
        """Make, change or take away the event of one reservation; True: it is as it should be then."""
        self.ensure_one()
        user = self._get_event_user()
        # sudo: a scheduled action, for whom it concerns
        events = self.env["calendar.event"].sudo().with_context(active_test=False)
        events = events.search([("service_reservation_id", "=", self.id)])
        event = events.filtered(lambda event: user and event.active and event.user_id == user)
        (events - event)._take_away()
        if not user:
            return True
        own = event._as_its_user(user)
        values = self.with_context(lang=user.lang)._prepare_event_values()
        if event:
            own.write({name: value for name, value in values.items() if event[name] != value})
        else:
            own.create({**values, **self._prepare_new_event_values(user)})
        return True

    def _get_event_user(self):
        """Return the user in whose calendar this reservation is to stand now, empty for nobody's."""
        self.ensure_one()
        user = self.sudo().resource_id.user_id  # sudo: whose appointment it is, is no secret to it
        is_coming = self.state == "confirmed" and self.stop > fields.Datetime.now()
        return user if is_coming and user.active and user.has_service_events else user.browse()

    def _wants_event(self, event):
        """Return whether this event is the one in which a reservation is to be seen; False for no reservation."""
        return bool(self) and self._get_event_user() == event.user_id

    def _prepare_event_values(self):
        """Return the values of the event that follow the reservation, in the language of the context."""
        url = f"{self.get_base_url()}/odoo/service.reservation/{self.id}"
        text = Markup('<p>%s</p><p><a href="%s">%s</a></p>')
        return {
            "name": self._get_event_name(),
            "location": self._get_event_place(),
            "description": text % (self._get_label(), url, self.env._("Open the appointment")),
            "start": self.start,
            "stop": self.stop,
            "allday": False,
            "service_revision": self.revision,
        }

    def _prepare_new_event_values(self, user):
        """Return the values of a new event that its user may change: private, for customers are nobody's business."""
        return {
            "service_reservation_id": self.id,
            "user_id": user.id,
            "partner_ids": [Command.set(user.partner_id.ids)],
            "privacy": "private",
            "show_as": "busy",
            "alarm_ids": [Command.clear()],
        }

    def _get_event_name(self):
        """Return "Oil change · Dana Weber"."""
        return " · ".join(filter(None, (self._get_service_name(), self.partner_id.name)))

    def _get_event_place(self):
        """Return where it is: the address of a meeting, or of the shop. Never empty: else Google makes a meeting."""
        shop = self.point_id
        return self.meeting_url or ", ".join(filter(None, (shop.name, shop._get_address_text())))
