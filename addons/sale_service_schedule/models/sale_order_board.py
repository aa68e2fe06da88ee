from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local

from .sale_order import OPEN_STATES

MOST_ORDERS = 300


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    @api.readonly
    def get_due_board(self, point_id=False):
        """Return the due-today board: the open orders of today and of earlier days, and the walk-ins.

        :param point_id: one service point; False is all that the user may see
        :return: ``{"now", "points": [{"id", "name", "today"}], "orders": [order], "more": int}``,
            orders by promised time, those of earlier days first; times are ISO 8601 in UTC. Of more than 300 orders
            the rest is counted in ``more``. See ``_get_board_values`` for an order.
        """
        # an archived point takes no orders, but those that it has want to be served
        points = self.env["service.point"].with_context(active_test=False).search([])
        shown = points.filtered(lambda point: point.id == point_id) or points
        domain = self._get_board_domain(shown)
        orders = self.search_fetch(domain, self._get_board_fields(), order="scheduled_start, id", limit=MOST_ORDERS)
        more = self.search_count(domain) - len(orders) if len(orders) == MOST_ORDERS else 0
        now = fields.Datetime.now()
        bounds = {point: point._get_day_bounds(point._get_today()) for point in shown}
        return {
            "now": to_iso(now),
            "points": [
                {"id": point.id, "name": point.name, "today": point._get_today().isoformat()}
                for point in points
                if point.active or point in orders.service_point_id
            ],
            "orders": [order._get_board_values(now, bounds[order.service_point_id][0]) for order in orders],
            "more": more,
        }

    @api.model
    def _get_board_domain(self, points):
        """Return the domain of the open orders of today, of earlier days, and without a time."""
        return Domain("fulfilment_state", "in", OPEN_STATES) & Domain.OR(
            Domain("service_point_id", "=", point.id)
            & (
                (Domain("scheduled_start", "=", False) & Domain("needs_new_time", "=", False))
                | Domain("scheduled_start", "<", point._get_day_bounds(point._get_today())[1])
            )
            for point in points
        )

    @api.model
    def _get_board_fields(self):
        """Return the fields that the board reads."""
        return [
            "name",
            "partner_id",
            "service_point_id",
            "fulfilment_state",
            "scheduled_start",
            "scheduled_stop",
            "promised_time",
            "order_notes",
            "window_id",
            "reschedule_count",
            "date_order",
            "order_line",
        ]

    def _get_board_values(self, now, today_start):
        """Return one order of the board.

        :param datetime now: naive UTC
        :param datetime today_start: naive UTC; the service point's day began then
        :return: ``id, name, customer, point_id, state, bucket (overdue|due_soon|scheduled|walk_in), is_earlier,
            promised (ISO, UTC), time (label), items [{quantity, name}], note, reschedule_chain``
        """
        self.ensure_one()
        is_scheduled = bool(self.scheduled_start)
        return {
            "id": self.id,
            "name": self.name,
            "customer": self.partner_id.display_name,
            "point_id": self.service_point_id.id,
            "state": self.fulfilment_state,
            "bucket": self._get_due_bucket(now) if is_scheduled else "walk_in",
            "is_earlier": (self.scheduled_start or self.date_order) < today_start,
            "promised": to_iso(self.promised_time or self.date_order),
            "time": self._get_board_time(today_start),
            "items": self._get_board_items(),
            "note": self.order_notes or "",
            "reschedule_chain": self.reschedule_chain if self.reschedule_count else "",
        }

    def _get_board_time(self, today_start):
        """Return when it is promised: "10:00 AM", "Morning (08:00-12:00)"; with the date when not of today."""
        zone = self.service_point_id._get_zone()
        moment = local(timing.to_stamp(self.scheduled_start or self.date_order), zone)
        if self.window_id:
            text = self.window_id._format_promise(moment, local(timing.to_stamp(self.scheduled_stop), zone))
        else:
            text = timing.time_text(self.env, moment)
        if (self.scheduled_start or self.date_order) >= today_start:
            return text
        return f"{self.env['service.reservation']._format_short(moment)}, {text}"

    def _get_board_items(self):
        """Return what is to be done: ``[{"quantity", "name"}]``."""
        return [
            {"quantity": line.product_uom_qty, "name": line._get_board_name()}
            for line in self.order_line
            if not line.display_type
        ]

    def reschedule_from_calendar(self, start, keep_time):
        """Move the order to where it was dropped in the calendar.

        :param str start: naive UTC as the web client sends it
        :param bool keep_time: dropped on a day (month view): its window or time of day stays; else it takes the window
            or the time at which it was dropped
        :raise NotBookable, TimeTaken, UserError: as ``_schedule``
        """
        self.ensure_one()
        self.check_access("write")
        self._check_may_schedule()
        choice = self._get_dropped_choice(fields.Datetime.to_datetime(start), keep_time)
        self._schedule(choice, by_staff=True)

    def _get_dropped_choice(self, start, keep_time):
        """Return the choice that a drop at ``start`` (naive UTC) means."""
        zone = self.service_point_id._get_zone()
        moment = local(timing.to_stamp(start), zone)
        offer = self.service_offer_id
        window = self.window_id
        if window and not keep_time:
            minutes = moment.hour * 60 + moment.minute
            windows = offer._get_windows().filtered(
                lambda window: window._get_minutes()[0] <= minutes < window._get_minutes()[1]
            )
            window = self.window_id if self.window_id in windows else windows[:1]
        if window:
            return f"window:{window.id}:{moment.date().isoformat()}"
        if keep_time and self.scheduled_start:
            was = local(timing.to_stamp(self.scheduled_start), zone)
            moment = moment.replace(hour=was.hour, minute=was.minute)
        minutes = (moment.hour * 60 + moment.minute) // offer.step_minutes * offer.step_minutes
        moment = moment.replace(hour=minutes // 60, minute=minutes % 60, second=0)
        return f"time:{moment.isoformat()}"


def to_iso(value):
    """Return a naive UTC field value as ISO 8601 with its offset."""
    return f"{value.isoformat()}+00:00"
