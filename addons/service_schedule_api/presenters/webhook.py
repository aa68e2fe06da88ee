"""Webhook endpoints and deliveries as answers."""

from ..schemas.common import to_local


def present(endpoint):
    """Return the values of ``schemas.webhook.Webhook``."""
    return {
        "id": endpoint.id,
        "name": endpoint.name,
        "url": endpoint.url,
        "events": [] if endpoint.is_all_events else endpoint.event_ids.mapped("code"),
        "shop_ids": endpoint.point_ids.ids,
        "state": endpoint.state,
        "old_secret_until": to_local(endpoint.old_secret_until, "UTC"),
    }


def present_delivery(delivery):
    """Return the values of ``schemas.webhook.Delivery``; moments in UTC, it belongs to no shop."""
    return {
        "id": delivery.id,
        "webhook_id": delivery.message_id,
        "event": delivery.event_code,
        "state": delivery.state,
        "tries": delivery.tries,
        "last_status": delivery.last_status or None,
        "next_attempt_at": to_local(delivery.next_attempt_at, "UTC"),
        "delivered_at": to_local(delivery.delivered_at, "UTC"),
    }
