from odoo import models

from .. import timing
from ..exceptions import NotBookable
from ..schedlib import Reason, local_day, pick, reasons
from .service_reservation import stamp_of


class ServiceReservation(models.Model):
    """What the staff do about promises that cannot be kept: another person or place, or another time."""

    _inherit = "service.reservation"

    def _reassign(self, resources=None, *, reason="", now=None):
        """Keep the time and let somebody or something else serve it, under the usual rules and constraint.

        A place that no longer exists may become another place of the same resource. Who paid too late gets his time
        after all.

        :param resources: only these; None is any of the offer's
        :param datetime now: aware UTC; None is this moment
        :raise NotBookable: nobody else can, with the reasons; or it is not confirmed
        :raise TimeTaken: somebody else was first
        """
        self.ensure_one()
        if self.trouble == "late":
            self._confirm(now=now)
            return
        offer, self_sudo = self.offer_id, self.sudo()
        if self.state != "confirmed":
            offer._raise_not_booked([Reason.WRONG_STATE])
        before = self._get_place()
        concerned = offer._get_candidates(resources) | self_sudo.resource_id
        with self._taking_time(concerned, [stamp_of(self.start)], offer):
            places = self._find_other_places(resources, now)
            values = {name: self[name] for name in ("start", "stop", "blocked_start", "blocked_stop", "lanes")}
            # sudo: staff have no rights to write reservations; the rules have been checked
            self._claim({**values, "trouble": False, "revision": self.revision + 1}, places, self_sudo.write, now)
        self._record("reassigned", before, reason)

    def _find_other_places(self, resources, now):
        """Return the ``(resource id, lane)`` that could serve this time instead, best first.

        The grid of the offer does not matter: the promise was made, also if it would not be made today.

        :raise NotBookable: there is none
        """
        offer, point = self.offer_id, self.point_id
        zone, policy = point._get_zone(), offer._get_policy(by_staff=True)
        start, stop, key = stamp_of(self.start), stamp_of(self.stop), self.window_id.id or None
        opening, holidays, supplies = offer._read_supplies(
            local_day(start, zone), local_day(stop, zone), resources, self, now
        )
        own = self.sudo().resource_id.id  # sudo: only compared
        others = [supply for supply in supplies if supply.id != own or self.trouble == "place"]
        if not others:
            raise NotBookable(self.env._("Nobody and nothing else is set up to do it."), [Reason.NO_RESOURCE])
        moment = now or timing.utc_now()
        codes = reasons(start, stop, key, opening, others, policy, moment, zone, width=self.lanes, leaves=holidays)
        if codes:
            offer._raise_not_booked(codes)
        return pick(start, stop, key, offer._order_supplies(others, start), policy, self.lanes)

    def _offer_times(self):
        """Ask the customers of these reservations to choose another time; nothing else changes until they do.

        :return: those who can be asked: they have an address
        """
        asked = self.filtered("partner_id.email")
        asked._send_customer_mail("service_schedule.mail_template_offer_times")
        # sudo: staff may ask the customer whatever they may read of him
        asked.sudo().times_offered_at = timing.utc_now().replace(tzinfo=None)
        return asked

    def _send_customer_mail(self, template):
        """Send each customer of these reservations a message. A hook: addons with an outbox tell them by it.

        :param str template: XML id of the ``mail.template``
        """
        # sudo: whoever may do what is told of may tell it
        template_sudo = self.env.ref(template).sudo()
        for reservation in self:
            template_sudo.send_mail(reservation.id, email_layout_xmlid="mail.mail_notification_light")

    def _get_choose_url(self):
        """Return where the customer chooses another time himself, "" when he has to call. A hook: nothing here."""
        self.ensure_one()
        return ""

    def _get_nearest_labels(self, now=None):
        """Return the nearest times that this reservation could have, as the customer reads them."""
        self.ensure_one()
        offer = self.offer_id
        slots = offer.get_nearest(stamp_of(self.start), stamp_of(self.stop), lanes=self.lanes, now=now, ignore=self)
        windows = offer.point_id.window_ids.grouped("id")
        zone = offer.point_id._get_zone()
        return [self._format_label(zone, slot.start, windows.get(slot.key)) for slot in slots]

    def _cancel_for_shop(self, reason=""):
        """Cancel because the shop cannot keep its promise. A hook: addons that know what was paid give it all back."""
        self._cancel(by_staff=True, reason=reason)
        self._tell_cancelled()

    def _tell_cancelled(self):
        """Tell the customers that the shop has cancelled. A hook: addons that know what was ordered tell more."""
        self.filtered("partner_id.email")._send_customer_mail("service_schedule.mail_template_cancelled")

    def _get_cancel_reason(self):
        """Return why it was cancelled, as the customer reads it."""
        return self.sudo().change_ids.filtered(lambda change: change.kind == "cancelled")[:1].reason or ""
