"""Records of orders as answers. Only reading, in batch: what is asked of one order is prefetched for all."""

from ..schemas.common import to_local

COLORS = {"overdue": "#dc3545", "due_soon": "#fd7e14", "scheduled": "#198754"}
CLOSED = "#6c757d"


def present(order):
    """Return the values of ``schemas.order.Order``."""
    tz = order.service_point_id.tz
    # no `filtered`: what it returns is read order by order, what the loop goes through for all orders at once
    lines = [line for line in order.order_line if not line.display_type]
    return {
        "id": order.id,
        "order_number": order.name,
        "status": order._get_push_status(),
        "order_type": order.order_type,
        "is_scheduled": order.is_scheduled,
        "scheduled_date": to_local(order.scheduled_start, tz),
        "scheduled_end": to_local(order.scheduled_stop, tz),
        "time_slot": order.window_id.code or None,
        "original_scheduled_date": to_local(order.original_time, tz),
        "reschedule_count": order.reschedule_count,
        "is_overdue": order.is_overdue,
        "estimated_preparation_minutes": order.prep_minutes,
        "shop_id": order.service_point_id.id,
        "customer": {"id": order.partner_id.id, "name": order.partner_id.display_name},
        "items": [present_item(line) for line in lines],
        "total_amount": order._get_push_amount(),
        "currency": order.currency_id.name,
        "item_count": int(sum(line.product_uom_qty for line in lines)),
        "order_notes": order.order_notes or "",
        "confirmation": order._get_confirmation_text(),
        "portal_url": f"{order.get_base_url()}{order.access_url}",
        "revision": order.service_revision,
        "created_at": to_local(order.create_date, tz),
        "updated_at": to_local(order.write_date, tz),
    }


def present_item(line):
    """Return the values of ``schemas.order.Item``."""
    digits = line.currency_id.decimal_places
    return {
        "product_id": line.product_id.id or None,
        "equipment_id": line._get_api_equipment_id(),
        "name": line._get_board_name(),
        "quantity": line.product_uom_qty,
        "unit_price": f"{line.price_unit:.{digits}f}",
        "total": f"{line.price_total:.{digits}f}",
    }


def present_detail(order):
    """Return the values of ``schemas.order.OrderDetail``."""
    tz = order.service_point_id.tz
    # sudo: who may see the order may see how it was moved
    moves = order.sudo().reservation_id.change_ids.filtered(lambda change: change.kind == "rescheduled").sorted("id")
    history = [
        {
            "from": to_local(move.from_start, tz),
            "to": to_local(move.to_start, tz),
            "by": move.user_id.name,
            "reason": move.reason or "",
            "at": to_local(move.create_date, tz),
        }
        for move in moves
    ]
    return {**present(order), "history": history}


def present_due(order):
    """Return the values of ``schemas.order.DueOrder``."""
    return {**present(order), "bucket": order.due_bucket or None}


def present_event(order):
    """Return the values of ``schemas.order.CalendarEvent``."""
    tz = order.service_point_id.tz
    page = order.access_url if order.env.user.share else f"/odoo/sale.order/{order.id}"
    return {
        "id": order.id,
        "title": f"{order.name} - {order.partner_id.display_name}",
        "start": to_local(order.scheduled_start, tz),
        "end": to_local(order.scheduled_stop, tz),
        "url": f"{order.get_base_url()}{page}",
        "color": COLORS.get(order.due_bucket, CLOSED),
    }
