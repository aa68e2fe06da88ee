"""The addon's one crossing between Odoo's naive UTC fields and ``schedlib``'s stamps."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from odoo import fields


def to_stamp(value: datetime) -> int:
    """Return the seconds since the epoch of a naive UTC field value."""
    return int(value.replace(tzinfo=UTC).timestamp())


def to_field(stamp: int) -> datetime:
    """Return the naive UTC field value of a stamp."""
    return datetime.fromtimestamp(stamp, UTC).replace(tzinfo=None)


def utc_now() -> datetime:
    """Return now as an aware UTC instant; tests freeze it through ``fields.Datetime``."""
    return fields.Datetime.now().replace(tzinfo=UTC)


def zone(name: str) -> ZoneInfo:
    """Return the zone of a ``tz`` field; an empty one is UTC."""
    return ZoneInfo(name or "UTC")
