"""Service points, offers and reservations as answers."""

from odoo.tools import format_duration

from ..schemas.common import to_local


def present_shop(point):
    """Return the values of ``schemas.time.Shop``."""
    contact = point._get_contact()
    return {
        "id": point.id,
        "name": point.name,
        "timezone": point.tz,
        "address": contact["address"],
        "phone": contact["phone"],
        "windows": [
            {
                "code": window.code,
                "name": window.name,
                "start": _clock(window.hour_from),
                "end": _clock(window.hour_to),
            }
            for window in point.window_ids
        ],
    }


def _clock(hours):
    """Return hours of a day as a clock shows them: "08:00"."""
    return format_duration(hours).zfill(5)


def present_offer(offer, prices):
    """Return the values of ``schemas.time.Offer``.

    :param prices: ``{product id: (amount, currency)}`` of what is sold to the user
    """
    products = offer.product_tmpl_ids.product_variant_ids.filtered(lambda product: product.id in prices)
    return {
        "id": offer.id,
        "name": offer.name,
        "shop_id": offer.point_id.id,
        "duration_minutes": offer.duration_minutes,
        "step_minutes": offer.step_minutes,
        "lead_minutes": offer.lead_minutes,
        "horizon_days": offer.horizon_days,
        "cutoff_minutes": offer.cutoff_minutes,
        "hold_minutes": offer.hold_minutes,
        "allows_windows": offer.allow_windows,
        "allows_times": offer.allow_times,
        "payment": offer.payment,
        "resources": [{"id": one.id, "name": one.name} for one in offer._get_api_resources()],
        "products": [
            {
                "id": product.id,
                "name": product.with_context(display_default_code=False).display_name,
                "price": f"{prices[product.id][0]:.{prices[product.id][1].decimal_places}f}",
                "currency": prices[product.id][1].name,
            }
            for product in products
        ],
    }


def present_reservation(reservation):
    """Return the values of ``schemas.time.Reservation``; the record is one as superuser."""
    tz = reservation.tz
    chosen = reservation.resource_id in reservation.offer_id._get_api_resources()
    is_staff = not reservation.env.user.share
    return {
        "id": reservation.public_id,
        "status": reservation.state,
        "offer_id": reservation.offer_id.id,
        "shop_id": reservation.point_id.id,
        "order_id": reservation.order_ids[:1].id or None,
        "start": to_local(reservation.start, tz),
        "end": to_local(reservation.stop, tz),
        "time_slot": reservation.window_id.code or None,
        "resource_id": reservation.resource_id.id if is_staff or chosen else None,
        "expires_at": to_local(reservation.expires_at, tz),
        "reschedule_count": reservation.reschedule_count,
        "needs_new_time": bool(reservation.trouble),
        "revision": reservation.revision,
    }
