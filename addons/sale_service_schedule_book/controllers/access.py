"""Whose hold it is: the browser session that made it, its customer's user, or who has the link with the token."""

import re
from urllib.parse import urlencode

from odoo.http import STORED_SESSION_BYTES, request
from odoo.tools import hmac

SESSION_KEY = "service_bookings"
REMEMBERED = 20


def remember(reservation):
    """Let this browser session see the pages of a hold that it made."""
    known = [public_id for public_id in get_remembered() if public_id != reservation.public_id]
    request.session[SESSION_KEY] = [*known, reservation.public_id][-REMEMBERED:]


def get_remembered():
    """Return the public ids of the holds that this session made."""
    return request.session.get(SESSION_KEY, [])


def get_session_key():
    """Return what names this session in the database, where its own id has no business."""
    sid = request.session.sid[:STORED_SESSION_BYTES]  # the rest changes every few hours
    return hmac(request.env(su=True), "service.reservation.session", sid)


def find_booking(public_id, token=""):
    """Return the reservation whose pages may be seen, as superuser in the user's name; empty for anybody else's."""
    reservations = request.env["service.reservation"]
    if not re.fullmatch("[0-9a-f-]{36}", public_id or ""):
        return reservations.sudo()
    return reservations._find_booking(public_id, get_remembered(), token)


def get_address(hold, token="", step=""):
    """Return the address of a page of the wizard, with the token that opened it."""
    path = f"/book/{hold.public_id}{f'/{step}' if step else ''}"
    return f"{path}?{urlencode({'token': token})}" if token else path
