from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import fields, models

CHANGES = ("order_scheduled", "order_rescheduled", "order_reassigned", "order_cancelled", "needs_new_time")
UPDATES = (*CHANGES, "order_update", "order_completed")
"""What is an ``order_update`` to programs: they read the order's state, not our words for it."""


class SaleOrder(models.Model):
    """What programs are told, on the bus and as webhooks: the payloads of the API."""

    _inherit = "sale.order"

    service_revision = fields.Integer(
        "Revision", readonly=True, copy=False, help="Rises with everything that programs are told of the order."
    )

    def _announce(self, event, change=None):
        """Override of ``sale_service_schedule`` to tell programs: the staff's, the customer's, and endpoints."""
        result = super()._announce(event, change)
        if event == "new_order":
            self._push("new_order", self._prepare_new_order_payload())
        elif event == "order_ready":
            self._push("pickup_ready", self._prepare_ready_payload())
        elif event == "reservation_held_expired":
            self._push(event, self._prepare_hold_payload())
        elif event in UPDATES:
            self._push("order_update", self._prepare_update_payload())
        return result

    def _announce_change(self, change):
        """Override of ``sale_service_schedule``: who did not come, or came after all, is a change of state as well."""
        result = super()._announce_change(change)
        if change.kind in ("no_show", "arrived"):
            self._push("order_update", self._prepare_update_payload())
        return result

    def _push(self, kind, payload):
        """Publish a payload after this transaction: to the customer or to the staff, and to endpoints.

        :param str kind: "new_order" is for the staff of the service point, all else for the customer
        """
        order = self.sudo()  # sudo: customers cause what programs are told
        order.service_revision += 1
        listener = order.service_point_id if kind == "new_order" else order.partner_id
        listener._bus_send("sale_service_schedule_notification/push", payload)
        self.env["service.webhook.endpoint"]._publish(
            kind, order.company_id, payload, record=order, revision=order.service_revision
        )

    # ------------------------------------------------------------------
    # Payloads
    # ------------------------------------------------------------------

    def _prepare_new_order_payload(self):
        """Return the payload for the staff; times ISO 8601 with the service point's offset, money as text."""
        order = self.sudo()  # sudo: as in _push
        lines = order.order_line.filtered(lambda line: not line.display_type)
        return {
            "type": "new_order",
            "order_id": order.id,
            "customer_name": order.partner_id.name,
            "order_type": order.order_type,
            "scheduled_pickup_time": order._get_push_time(order.scheduled_start),
            "total_amount": order._get_push_amount(),
            "item_count": int(sum(lines.mapped("product_uom_qty"))),
            "has_chitty": order._has_written_list(),
        }

    def _prepare_state_payload(self, kind):
        """Return what all payloads about the state of an order have."""
        order = self.sudo()  # sudo: as in _push
        return {
            "type": kind,
            "order_id": order.id,
            "shop_id": order.service_point_id.id,
            "status": order._get_push_status(),
            "estimated_preparation_minutes": order.prep_minutes,
        }

    def _prepare_update_payload(self):
        """Return the payload for the customer of any change."""
        order = self.sudo()  # sudo: as in _push
        return {
            **self._prepare_state_payload("order_update"),
            "total_amount": order._get_push_amount(),
            "updated_at": order._get_push_time(fields.Datetime.now()),
        }

    def _prepare_ready_payload(self):
        """Return the payload for the customer whose order is ready."""
        message = self.with_context(lang=self.sudo().partner_id.lang).env._("Your order is ready for pickup!")
        return {**self._prepare_state_payload("pickup_ready"), "message": message}

    def _prepare_hold_payload(self):
        """Return the payload of a hold that ended: whose it was, and which time others may take now."""
        order = self.sudo()  # sudo: as in _push
        return {
            "type": "reservation_held_expired",
            "order_id": order.id,
            "shop_id": order.service_point_id.id,
            "status": order._get_push_status(),
            "scheduled_pickup_time": order._get_push_time(order.reservation_id.start),
            "updated_at": order._get_push_time(fields.Datetime.now()),
        }

    def _get_push_status(self):
        """Return the state as the API names it; what is only held is pending."""
        return "cancelled" if self.state == "cancel" else self.fulfilment_state or "pending"

    def _get_push_time(self, moment):
        """Return a naive UTC moment as ISO 8601 text with the service point's offset, None when there is none."""
        zone = ZoneInfo(self.service_point_id.tz or "UTC")
        return moment.replace(tzinfo=UTC, microsecond=0).astimezone(zone).isoformat() if moment else None

    def _get_push_amount(self):
        """Return the total as a decimal text."""
        return f"{self.amount_total:.{self.currency_id.decimal_places}f}"

    def _has_written_list(self):
        """Return whether the customer has attached a list of his own: a photo or a PDF."""
        files = self.env["ir.attachment"].search([("res_model", "=", "sale.order"), ("res_id", "=", self.id)])
        return any((file.mimetype or "").startswith(("image/", "application/pdf")) for file in files)
