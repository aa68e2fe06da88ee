from dataclasses import replace
from datetime import date

from odoo import api, fields, models

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.schedlib import Reason, local_day, notice, offered, stamp

FREE, FULL = "free", "full"


class ServiceOffer(models.Model):
    _inherit = "service.offer"

    has_waitlist = fields.Boolean(
        "Waitlist", default=True, help="Customers may wait for days and windows that are full."
    )
    waitlist_minutes = fields.Integer(
        "Offered For (minutes)",
        default=60,
        required=True,
        help="How long freed time is kept for the first in line, before the next is asked. It ends when the notice "
        "begins that the offer demands.",
    )
    waiting_count = fields.Integer("Waiting", compute="_compute_waiting_count")

    _waitlist_bounds = models.Constraint(
        "CHECK (waitlist_minutes BETWEEN 1 AND 10080)", "Freed time is offered for between 1 minute and 7 days."
    )

    def _compute_waiting_count(self):
        counts = dict(
            self.env["service.waitlist.entry"]._read_group(
                [("offer_id", "in", self.ids), ("state", "in", ("waiting", "offered"))], ["offer_id"], ["__count"]
            )
        )
        for offer in self:
            offer.waiting_count = counts.get(offer, 0)

    @api.private
    def get_fullness(self, first_day, last_day, *, resources=None, lanes=1, now=None):
        """Return what customers could book on local days, inclusive, and what is full: for what they may wait.

        :return: ``{date: {None: "free" or "full", window id: "free" or "full"}}``. None is the whole day: free when any
            time or window of it is. Days and windows that would not be offered even if nobody had booked are left out.
        """
        self.ensure_one()
        now = now or timing.utc_now()
        zone = self.point_id._get_zone()
        policy = self._get_policy()
        span = notice(policy, now, zone)
        first_day = max(first_day, local_day(span[0], zone))
        last_day = min(last_day, local_day(span[1] - 1, zone))
        if first_day > last_day:
            return {}
        opening, _holidays, supplies = self._read_supplies(first_day, last_day, resources, None, now)
        unclaimed = [replace(supply, claims=[]) for supply in supplies]
        fullness = {}
        for grid in self._get_grids(first_day, last_day, policy):
            for found, of in ((FULL, unclaimed), (FREE, supplies)):
                for slot in offered(grid, opening, of, policy, *span, lanes):
                    of_day = fullness.setdefault(local_day(slot.start, zone), {})
                    for key in {None, grid.key}:
                        of_day[key] = FREE if found == FREE else of_day.get(key, FULL)
        return fullness

    def _check_may_wait(self, day: date, window, resource, lanes, now=None):
        """Raise ``NotBookable`` unless customers may wait for this: it is offered, and full.

        :param day: in the service point's zone
        :param window: ``service.window``, empty for any time of the day
        :param resource: ``resource.resource``, empty for anyone
        """
        self.ensure_one()
        self_sudo = self.sudo()  # sudo: customers may not read offers, yet wait for them
        if not (self_sudo.active and self_sudo.is_published and self_sudo.has_waitlist):
            self._raise_not_booked([Reason.NOT_OFFERED])
        if resource and not (self_sudo.choose_resource and resource in self_sudo._get_candidates()):
            self._raise_not_booked([Reason.NOT_OFFERED])
        fullness = self_sudo.get_fullness(day, day, resources=resource or None, lanes=lanes, now=now)
        found = fullness.get(day, {}).get(window.id or None)
        if found == FREE:
            raise NotBookable(self.env._("There is free time: you need not wait, book it."))
        if found != FULL:
            raise NotBookable(self.env._("There is nothing to wait for: it is not offered then."), [Reason.NOT_OFFERED])

    def _get_offer_end(self, start, now=None):
        """Return until when (stamp) freed time that starts at a stamp is kept for the first in line.

        It ends when the notice begins in which customers could not book it any more.
        """
        moment = stamp(now or timing.utc_now())
        return min(moment + self.waitlist_minutes * 60, start - self.lead_minutes * 60)

    def action_open_waitlist(self):
        """Open who waits for this offer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "service_schedule_waitlist.service_waitlist_entry_action"
        )
        return {**action, "domain": [("offer_id", "=", self.id)], "context": {"search_default_in_line": 1}}
