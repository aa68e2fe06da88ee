from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sale_service_schedule.models.sale_order import OPEN_STATES
from odoo.addons.service_notification.clock import at_hour, find_zone

DIGESTS = {"due_tomorrow_digest": ("tomorrow_digest_hour", 1), "due_today_digest": ("today_digest_hour", 0)}
"""The event of each digest: the field with its hour, and how many days after it the orders are due."""
LIST = "sale_service_schedule_notification.mail_digest_list"
LATEST = timedelta(hours=4)
"""A digest that could not be sent by then is of no use any more."""


class ServicePoint(models.Model):
    """The digests of the staff: what is due tomorrow, and what today. Each once a day, at an hour of the point's."""

    _name = "service.point"
    _inherit = ["service.point", "service.notification.mixin"]

    tomorrow_digest_hour = fields.Float(
        "List of Tomorrow", default=14.0, required=True, help="When the staff are told what is due tomorrow."
    )
    today_digest_hour = fields.Float(
        "List of Today", default=7.0, required=True, help="When the staff are told what is due today."
    )

    _digest_hours = models.Constraint(
        "CHECK (tomorrow_digest_hour >= 0 AND tomorrow_digest_hour < 24 AND today_digest_hour >= 0 "
        "AND today_digest_hour < 24)",
        "The hours of the lists are between 0:00 and 23:59.",
    )

    @api.model
    def _cron_digests(self):
        """Queue the digests that are due, and come back when the next one is."""
        now = fields.Datetime.now()
        points = self.search([])
        coming = [now + timedelta(days=1)]
        for event, (field, _days) in DIGESTS.items():
            due = {}
            for point in points:
                today = point._get_today()
                moment = point._get_digest_moment(field, today)
                if moment <= now < moment + LATEST:
                    due.setdefault(today, self.browse())
                    due[today] |= point
                coming.append(moment if moment > now else point._get_digest_moment(field, today + timedelta(days=1)))
            for day, mine in due.items():
                moments = dict.fromkeys(mine.ids, (now, now + LATEST))
                mine._notify(event, audiences=("staff",), occasion=day.isoformat(), moments=moments)
        self.env.ref("sale_service_schedule_notification.ir_cron_digests")._trigger(at=min(coming))

    def _get_digest_moment(self, field, day):
        """Return when the digest of a day of the point is due, naive UTC."""
        return at_hour(day, self[field], find_zone(self.tz))

    def _get_digest_orders(self, days):
        """Return the orders that are due on the day after so many days, by their time."""
        self.ensure_one()
        day = self._get_today() + timedelta(days=days)
        domain = self._get_domain_of_day(day) & Domain("fulfilment_state", "in", OPEN_STATES)
        return self.env["sale.order"].search(domain, order="scheduled_start, id")

    def _get_digest_title(self, days):
        """Return the subject of a digest: "3 Orders Due Tomorrow"."""
        count = len(self._get_digest_orders(days))
        if days:
            return self.env._("1 Order Due Tomorrow") if count == 1 else self.env._("%s Orders Due Tomorrow", count)
        return self.env._("1 Order Due Today") if count == 1 else self.env._("%s Orders Due Today", count)

    def _render_digest(self, days):
        """Return the list of a digest, HTML."""
        return self.env["ir.qweb"]._render(LIST, {"orders": self._get_digest_orders(days)}, minimal_qcontext=True)

    # ------------------------------------------------------------------
    # What the notifications ask
    # ------------------------------------------------------------------

    def _get_notification_recipients(self, event, audience):
        """Override: its staff."""
        if audience == "staff":
            return {point_id: users.partner_id for point_id, users in self._get_staff().items()}
        return super()._get_notification_recipients(event, audience)

    def _get_staff(self):
        """Return ``{point id: users}``: the staff list, or all technicians of the company where there is none."""
        technicians = self.env["res.users"]
        if not all(point.user_ids for point in self):
            technicians = self.env.ref("service_schedule.group_technician").all_user_ids
            technicians = technicians.filtered(lambda user: user.active and not user._is_superuser())
        return {
            point.id: point.user_ids
            or technicians.filtered(lambda user, company=point.company_id: company in user.company_ids)
            for point in self
        }

    def _get_notification_zone(self):
        """Override: its own."""
        return {point.id: point.tz for point in self}

    def _get_notification_staff_url(self):
        """Override: the calendar, which has today as well as tomorrow."""
        return dict.fromkeys(self.ids, "/odoo/service-calendar")

    def _get_notification_contact(self):
        """Override: its own."""
        return {point.id: point._get_contact() for point in self}

    def _is_notification_stale(self, messages):
        """Override: a list without orders is none, and one of another day is of no use."""
        found = super()._is_notification_stale(messages)
        points = {point.id: point for point in self}
        digests = messages.filtered(lambda message: message.event_id.code in DIGESTS and not found.get(message.id))
        for (point_id, event, day), mine in digests.grouped(
            lambda message: (message.res_id, message.event_id.code, message.occasion)
        ).items():
            reason = points[point_id]._get_stale_digest_reason(day, DIGESTS[event][1])
            found.update(dict.fromkeys(mine.ids, reason))
        return found

    def _get_stale_digest_reason(self, day, days):
        """Return why the digest of a day is not sent, "" when it is.

        :param str day: the point's own, on which it was queued
        """
        if day != self._get_today().isoformat():
            return self.env._("It is of another day")
        return "" if self._get_digest_orders(days) else self.env._("Nothing is due")
