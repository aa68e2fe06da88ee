import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import timing
from ..schedlib import Reason, covers, stamp
from ..sweeps import sweep
from .service_reservation import stamp_of

_logger = logging.getLogger(__name__)

LONGEST_GRACE_DAYS = 30


class ServiceReservation(models.Model):
    """What becomes of a reservation: no-shows, and promises that the shop cannot keep."""

    _inherit = "service.reservation"

    trouble = fields.Selection(
        [
            ("late", "Paid after its time was gone"),
            ("away", "Person or place does not work then"),
            ("busy", "Person is busy with something else then"),
            ("closed", "Service point is closed then"),
            ("place", "The place no longer exists"),
        ],
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Why it needs a new time or person.",
    )
    _no_show_idx = models.Index("(partner_id) WHERE state = 'no_show'")

    meeting_url = fields.Char(compute="_compute_meeting_url")
    may_be_no_show = fields.Boolean(compute="_compute_may_be_no_show")

    @api.depends("state", "start")
    def _compute_may_be_no_show(self):
        """Say whether the customer can be called a no-show: a view's own "now" is not in UTC, as times are."""
        now = fields.Datetime.now()
        for reservation in self:
            reservation.may_be_no_show = reservation.state == "confirmed" and reservation.start <= now

    @api.depends("offer_id.kind_id.meeting_url", "public_id")
    def _compute_meeting_url(self):
        for reservation in self:
            # sudo: whoever may read the reservation may know where it takes place
            reservation.meeting_url = reservation.sudo().offer_id.kind_id._get_meeting_url(reservation)

    # ------------------------------------------------------------------
    # No-shows
    # ------------------------------------------------------------------

    def _no_show(self, *, by_staff=True, now=None):
        """Mark that the customers did not come.

        :raise UserError: names those whose time has not come yet
        """
        moment = stamp(now or timing.utc_now())
        early = self.filtered(lambda reservation: stamp_of(reservation.start) > moment)
        if early:
            raise UserError(
                self.env._(
                    "Nobody can be a no-show before the time has come: %(reservations)s",
                    reservations=", ".join(early.mapped("display_name")),
                )
            )
        for reservation in self.filtered(lambda reservation: reservation.state != "no_show"):
            if reservation.state != "confirmed":
                reservation.offer_id._raise_not_booked([Reason.WRONG_STATE], reservation._get_label())
            reservation._give_up("no_show", "" if by_staff else self.env._("Did not come in time"))

    def _record_arrival(self):
        """Take a no-show back: the customer came after all.

        :raise NotBookable, TimeTaken: the place has gone to somebody else meanwhile
        """
        for reservation in self.filtered(lambda reservation: reservation.state == "no_show"):
            before = reservation._get_place()
            self_sudo = reservation.sudo()  # sudo: staff who may see the appointment receive the customer
            names = ("start", "stop", "blocked_start", "blocked_stop", "lanes")
            place = {name: self_sudo[name] for name in names}
            values = {**place, "state": "confirmed", "revision": reservation.revision + 1}
            with self._taking_time(self_sudo.resource_id, [stamp_of(reservation.start)], reservation.offer_id):
                self_sudo._claim(values, [(self_sudo.resource_id.id, self_sudo.lane)], self_sudo.write)
            reservation._record("arrived", before, "")

    @api.model
    def _cron_no_shows(self):
        """Mark those who have not come within the grace, where the offer wants it."""
        sweep(self._find_late(), lambda reservation: reservation._try_no_show(), _logger)

    def _try_no_show(self):
        """Mark one that did not come; False when somebody else deals with it at this moment."""
        self.ensure_one()
        if not self.try_lock_for_update() or self.state != "confirmed":
            return False
        self._no_show(by_staff=False)
        return True

    @api.model
    def _find_late(self):
        """Return confirmed reservations of offers with automatic no-shows whose grace is over and work not begun."""
        now = fields.Datetime.now()
        late = self.search(self._get_late_domain(now), order="promised, id").filtered(
            lambda reservation: reservation.promised + timedelta(minutes=reservation.grace_minutes) <= now
        )
        return late._filter_not_begun()

    @api.model
    def _get_late_domain(self, now):
        """Return the domain of those that may be late at ``now``, naive UTC; of older ones the staff knows better."""
        return (
            Domain("state", "=", "confirmed")
            & Domain("offer_id.auto_no_show", "=", True)
            & Domain("promised", "<=", now)
            & Domain("promised", ">", now - timedelta(days=LONGEST_GRACE_DAYS))
        )

    def _filter_not_begun(self):
        """Return the reservations on which no work has begun. A hook: addons that know the work say so."""
        return self

    def _get_begin_obstacles(self):
        """Return the sentences why work on this reservation may not begin; [] when it may. A hook: nothing here."""
        self.ensure_one()
        return []

    def _get_customer_links(self):
        """Return ``[(label, url)]`` of what else the customer may do about it, for his pages.

        A hook: nothing here. Each address opens without a log-in.
        """
        self.ensure_one()
        return []

    def _is_end_told(self):
        """Return whether its customer is told of the end of this hold already. A hook: addons that offer times do."""
        self.ensure_one()
        return False

    def _get_pending_tasks(self):
        """Return ``[(sentence, label, address)]`` of what the customer has still to do before it, for messages.

        A hook: nothing here. The sentence says what and until when, the label names the link; each address opens
        without a log-in.
        """
        self.ensure_one()
        return []

    def _get_pending_notes(self):
        """Return what the customer has still to do before it, each a few words and a short address, for text messages.

        A hook: nothing here.
        """
        self.ensure_one()
        return []

    # ------------------------------------------------------------------
    # Promises that cannot be kept
    # ------------------------------------------------------------------

    def _set_trouble(self, kind, reason=""):
        """Mark that it needs a new time or person, or with an empty ``kind`` that it does not any more."""
        for reservation in self.filtered(lambda reservation: (reservation.trouble or False) != (kind or False)):
            reservation.sudo().trouble = kind  # sudo: set by what happened to the shop, whoever caused it
            reservation._record("trouble", reservation._get_place(), reason)

    # ------------------------------------------------------------------
    # Questions and buttons
    # ------------------------------------------------------------------

    @api.model
    def is_available(self, resource, start, stop):
        """Return whether a resource works and has a place free during ``[start, stop)``.

        Only of what serves a service point of the user's companies: all else is not available to him. What the others
        have booked of a shared resource counts, or it would be booked twice.

        :param resource: one ``resource.resource``, or its id
        :param start: naive UTC or aware datetime, as ``stop``
        """
        self.check_access("read")
        # sudo: whoever reads reservations may know when a colleague is free
        resource = self.env["resource.resource"].sudo().browse(int(resource)).exists()
        start, stop = _stamp(start), _stamp(stop)
        points = resource.offer_ids.point_id.filtered(lambda point: point.company_id in self.env.companies)
        if start >= stop or not resource.active:
            return False
        if not any(self._is_at_work(resource, point, start, stop) for point in points):
            return False
        claims = self.sudo()._read_claims(resource, start, stop)
        busy = {
            lane for _start, _stop, first, lanes in claims.get(resource.id, []) for lane in range(first, first + lanes)
        }
        return len(busy & set(range(resource.lane_count))) < resource.lane_count

    @api.model
    def _is_at_work(self, resource, point, start, stop):
        """Return whether a resource works at a service point during ``[start, stop)``, stamps."""
        day = timedelta(days=1)
        first, last = (timing.to_field(start) - day).date(), (timing.to_field(stop) + day).date()
        opening, _holidays, hours = point._read_hours(resource, first, last)
        return covers(opening if hours[resource.id] is None else hours[resource.id], start, stop)

    def action_no_show(self):
        """Mark as no-show, for the button."""
        self.check_access("read")
        self._no_show()

    def action_arrived(self):
        """Take a no-show back, for the button."""
        self.check_access("read")
        self._record_arrival()


def _stamp(moment):
    """Return the stamp of a naive UTC or an aware datetime, or of its text."""
    moment = fields.Datetime.to_datetime(moment) if isinstance(moment, str) else moment
    return stamp(moment) if moment.tzinfo else timing.to_stamp(moment)
