import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..schedlib import covers, local_day
from ..sweeps import sweep
from .service_reservation import stamp_of

_logger = logging.getLogger(__name__)

TOUCHED = "service_schedule.touched"
REMINDED = "service_schedule.reminded"
REVIEWED = (False, "away", "busy", "closed", "place")
"""What a review may find, and take back. What else is wrong with a promise is not its business."""
SETTLING_MINUTES = 5


class ServiceReservation(models.Model):
    """Promises that cannot be kept as they were made, because hours, leaves or places changed under them.

    A change of hours is never refused. What it touches is reviewed before its transaction ends, all at once; a cron
    reviews the rest: what was booked while the change was being made, and holds that are confirmed later.
    """

    _inherit = "service.reservation"

    times_offered_at = fields.Datetime(
        "Times Offered", readonly=True, copy=False, help="When the customer was asked to choose another time."
    )

    # ------------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------------

    @api.model
    def _read_busy(self, resources, start, stop):
        """Return ``{resource id: spans}`` of what keeps resources busy apart from reservations. A hook: nothing here.

        It takes away free times, is checked again with each booking, and what is promised within it needs a new time.
        The constraint knows nothing of it: what is entered while somebody books is found by the review of promises.

        :param start: stamp, as ``stop``: at least what touches ``[start, stop)`` is returned
        """
        return {}

    def _find_trouble(self):
        """Return ``{reservation id: "away", "busy", "closed", "place" or False}``: what is wrong with each promise now.

        In a fixed number of queries for each service point, however many reservations, resources and days there are.
        """
        found = {}
        # sudo: whether a promise can be kept depends on leaves and resources that not everybody reads
        for point, reservations in self.sudo().grouped("point_id").items():
            zone = point._get_zone()
            first, last = stamp_of(min(reservations.mapped("start"))), stamp_of(max(reservations.mapped("stop")))
            opening, _holidays, hours = point._read_hours(
                reservations.resource_id, local_day(first, zone), local_day(last, zone)
            )
            busy = self._read_busy(reservations.resource_id, first, last)
            for reservation in reservations:
                resource = reservation.resource_id
                found[reservation.id] = reservation._judge(opening, hours[resource.id], busy.get(resource.id, []))
        return found

    def _judge(self, opening, hours, busy):
        """Return what is wrong with one promise, False when it can be kept.

        :param opening: spans in which the service point is open
        :param hours: spans in which the resource works, None is whenever the service point is open
        :param busy: spans in which the resource is busy with something else
        """
        resource, span = self.resource_id, (stamp_of(self.start), stamp_of(self.stop))
        has_place = resource.active and self.lane + self.lanes <= resource.lane_count
        if not has_place or resource not in self.offer_id.resource_ids:
            return "place"
        if self.trouble == "place" and self._get_wall_clock_values():
            return "place"  # the zone's rules changed, and at the promised time it is taken: only the zone's cron knows
        if not self.point_id.active or not covers(opening, *span):
            return "closed"
        if hours is not None and not covers(hours, *span):
            return "away"
        return "busy" if any(start < span[1] and stop > span[0] for start, stop in busy) else False

    @api.model
    def _get_reviewed_domain(self):
        """Return the domain of the promises that a review concerns: confirmed, still to come, not in other trouble."""
        now = fields.Datetime.now()
        coming = Domain("start", ">", now) & Domain("promised", ">", now)  # the second for its index: it follows
        return Domain("state", "=", "confirmed") & coming & Domain("trouble", "in", REVIEWED)

    def _review(self):
        """Set and clear the trouble of these reservations; return those that got into trouble now."""
        fresh = self.browse()
        for reservation_id, kind in self._find_trouble().items():
            reservation = self.browse(reservation_id)
            if kind != reservation.trouble:
                fresh |= reservation if kind and not reservation.trouble else self.browse()
                reservation._set_trouble(kind, "" if kind else self.env._("It can be kept again"))
        return fresh

    def write(self, vals):
        """Override of ``base`` to keep the to-do of the staff true when trouble comes, is mended, or ends."""
        before = {reservation: reservation.trouble for reservation in self} if "trouble" in vals else {}
        result = super().write(vals)
        changed = self.filtered(
            lambda reservation: reservation in before and before[reservation] != reservation.trouble
        )
        if changed:
            self._remind_before_commit(changed.point_id)
        return result

    def _remind_before_commit(self, points):
        """Have the to-dos of service points brought up to date before this transaction ends: once, whatever happens."""
        data = self.env.cr.precommit.data
        if REMINDED not in data:
            data[REMINDED] = set()
            self.env.cr.precommit.add(lambda: points.browse(data.pop(REMINDED, ())).exists()._remind_of_trouble())
        data[REMINDED] |= set(points.ids)

    # ------------------------------------------------------------------
    # When hours change
    # ------------------------------------------------------------------

    @api.model
    def _review_before_commit(self, domain):
        """Review the coming reservations of ``domain`` before this transaction ends: once, whatever touches them.

        A calendar is changed line by line; what counts is how it is in the end.
        """
        data = self.env.cr.precommit.data
        if TOUCHED not in data:
            data[TOUCHED] = []
            self.env.cr.precommit.add(self._review_touched)
        data[TOUCHED].append(list(domain))

    def _review_touched(self):
        """Review all that this transaction touched, and tell whoever did it what he has to mend."""
        # sudo: whoever may change hours need not see whose promises they break
        model = self.sudo().with_context(active_test=False).browse()
        touched = Domain.OR(map(Domain, self.env.cr.precommit.data.pop(TOUCHED, [])))
        fresh = model.search(touched & model._get_reviewed_domain())._review()
        model._review_again(touched)
        if fresh:
            self.env.user._bus_send(
                "service_schedule/trouble",
                {"message": self._get_trouble_text(len(fresh))},
            )

    @api.model
    def _review_again(self, touched):
        """Let the cron look again at what this transaction could not see: bookings in flight, holds still to be paid.

        :param touched: the domain of what the transaction touched
        """
        now = fields.Datetime.now()
        holds = self.search(touched & Domain([("state", "=", "held"), ("start", ">", now)]))
        moments = {now + timedelta(minutes=SETTLING_MINUTES), *holds.mapped("expires_at")} - {False}
        cron = self.env.ref("service_schedule.ir_cron_review_trouble", raise_if_not_found=False)
        if cron:
            cron._trigger(at=sorted(moments))

    @api.model
    def _cron_review_trouble(self):
        """Review all coming promises, service point by service point: hygiene, see the class.

        Where that fails, its promises are reviewed one by one: a bad one keeps no other from being told of.
        """
        points = self.env["service.point"].with_context(active_test=False).search([])
        _done, failed = sweep(points, self._review_point, _logger)
        if failed:
            coming = self.search(self._get_reviewed_domain() & Domain("point_id", "in", failed.ids))
            sweep(coming, lambda reservation: reservation._review(), _logger)
            sweep(failed, lambda point: point._remind_of_trouble(), _logger)

    @api.model
    def _review_point(self, point):
        """Review the coming promises of one service point."""
        fresh = self.search(self._get_reviewed_domain() & Domain("point_id", "=", point.id))._review()
        point._remind_of_trouble()  # also when nothing changed: a to-do whose promises have passed is done
        if fresh:
            _logger.info("%s: %s", point.name, self._get_trouble_text(len(fresh)))

    def _get_trouble_note(self, change):
        """Return what a change of kind ``trouble`` or ``reassigned`` means, for the notes of whatever was booked."""
        if change.kind == "reassigned":
            text = self.env._(
                "%(name)s instead of %(other)s",
                name=change.to_resource_id.name,
                other=change.from_resource_id.name,
            )
        elif self.trouble:
            text = dict(self._fields["trouble"]._description_selection(self.env))[self.trouble]
        else:
            return change.reason
        return f"{text}. {change.reason}" if change.reason else text

    @api.model
    def _get_trouble_text(self, count):
        """Return "3 reservations need a new time or person"."""
        if count == 1:
            return self.env._("1 reservation needs a new time or person")
        return self.env._("%(count)s reservations need a new time or person", count=count)
