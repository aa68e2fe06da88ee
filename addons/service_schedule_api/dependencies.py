"""What the routes ask for: the environment of who calls, pages, preconditions; and what they tell the trail."""

import base64
import binascii
import json
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Query
from fastapi.security import HTTPBearer

from odoo.api import Environment
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.fastapi.context import odoo_env_ctx
from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.schedlib import Reason

from .problems import Problem
from .queries import check_parameters
from .schemas.common import to_local, to_naive

MOST, DEFAULT = 200, 50

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="key",
    description="A key of the API: staff make them in their preferences, customers on their security page.",
)
"""Documents that a key is needed; the dispatcher has checked it before a route is run."""
GUARDS = [Depends(bearer), Depends(check_parameters)]
"""What every router asks for."""


def _get_env() -> Environment:
    return odoo_env_ctx.get()


Env = Annotated[Environment, Depends(_get_env)]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description='Do it only if this is still its revision: `"7"`.', examples=['"7"']),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Sent again within 24 hours with the same body, the first answer is given again.",
        max_length=255,
    ),
]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
Cursor = Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")]


def get_etag(revision):
    """Return the header of a revision."""
    return {"ETag": f'"{revision}"'}


def check_match(if_match, revision):
    """Raise 412 when ``If-Match`` names other revisions."""
    if if_match is None or if_match.strip() == "*":
        return
    if f'"{revision}"' not in [tag.strip() for tag in if_match.split(",")]:
        raise Problem(412, headers=get_etag(revision))


def note(record, change):
    """Tell the trail what was changed: a record, and what in few words."""
    call = request.dispatcher.call
    call.record, call.change = (record._name, record.id), change


def require(record):
    """Return the record, or raise 404 when there is none."""
    if not record:
        raise Problem(404)
    return record


def require_staff(env):
    """Raise 403 for customers."""
    if env.user.share:
        raise Problem(403)


# ----------------------------------------------------------------------
# Pages
# ----------------------------------------------------------------------


def read_page(find, domain, limit, cursor, field="id", is_descending=False):
    """Return ``(records, cursor of the next page or None)``; by what stands in the rows, so inserts move nothing.

    :param find: a model's ``search``, or what takes the same
    :param str field: that it is sorted by, then by id; a stored one with an index
    """
    if cursor:
        domain &= _get_rest_domain(field, *_read_cursor(cursor, field), "<" if is_descending else ">")
    direction = " DESC" if is_descending else ""
    order = f"id{direction}" if field == "id" else f"{field}{direction}, id{direction}"
    found = find(domain, order=order, limit=limit + 1)
    records = found[:limit]
    last = records[-1:].with_prefetch(records.ids)  # else it is read alone, before all the others
    return records, _make_cursor(last, field) if len(found) > limit else None


def _get_rest_domain(field, value, id_, operator):
    """Return the domain of what comes after a row. What looks redundant lets the database use its index."""
    if field == "id":
        return Domain("id", operator, id_)
    after = Domain(field, operator, value) | Domain("id", operator, id_)
    return Domain(field, f"{operator}=", value) & after


def _make_cursor(record, field):
    value = None if field == "id" else record[field].isoformat()
    return base64.urlsafe_b64encode(json.dumps([value, record.id]).encode()).decode().rstrip("=")


def _read_cursor(cursor, field):
    """Return ``(value, id)`` of a cursor; 400 for what is none of this list."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        value, id_ = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if type(id_) is not int or not 0 < id_ < 2**31 or (value is None) != (field == "id"):
            raise ValueError(cursor)
        return value and datetime.fromisoformat(value).replace(tzinfo=None), id_
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise Problem(400, errors=[("query.cursor", "none of this list")]) from error


# ----------------------------------------------------------------------
# Times
# ----------------------------------------------------------------------


def get_bound(points, value, operator):
    """Return the domain of one end of a span; a day counts as a whole, on the calendar of each service point.

    :param value: a date, or a moment with an offset
    :param str operator: ">=" for the first day or moment; "<=" or "<" for the last
    """
    if isinstance(value, datetime):
        return Domain("scheduled_start", operator, to_naive(value))
    return points._get_api_day_domain(**{"first" if operator == ">=" else "last": value})


def read_choice(offer, moment, day, code):
    """Return the choice (see ``service.offer.parse_choice``) of a moment, or of a day and a window's code."""
    if moment is not None:
        return f"time:{moment.isoformat()}"
    if day is None:
        return ""
    window = offer._get_windows().filtered(lambda window: window.code == code)
    if not window:
        detail = offer.env._("There is no such window here.")
        raise Problem(422, detail, errors=[("body.time_slot", detail)])
    return f"window:{window.id}:{day.isoformat()}"


@contextmanager
def offering_others(offer, choice, lanes=1):
    """Answer 409 with the nearest free times when the body does not get the time of ``choice``.

    All that it did is undone: in its own snapshot the lost time still looks free.
    """
    try:
        yield
        offer.env.flush_all()
    except NotBookable as lost:
        if Reason.FULL not in lost.reasons:
            raise
        offer.env.cr.rollback()
        start, _window = offer.parse_choice(choice)
        slots = offer.get_nearest(start, lanes=lanes, by_staff=not offer.env.user.share)
        errors = [("reason", reason.value) for reason in lost.reasons]
        alternatives = [
            {**times, "start": times["start"].isoformat(), "end": times["end"].isoformat()}
            for times in (describe_slot(offer, slot) for slot in slots)
        ]
        raise Problem(409, str(lost), errors=errors, alternatives=alternatives) from lost


def describe_slot(offer, slot):
    """Return ``{"start", "end", "time_slot"}`` of a ``schedlib.Slot``, in the service point's zone."""
    windows = {window.id: window.code for window in offer.point_id.window_ids}
    return {
        "start": to_local(timing.to_field(slot.start), offer.point_id.tz),
        "end": to_local(timing.to_field(slot.stop), offer.point_id.tz),
        "time_slot": windows.get(slot.key),
    }
