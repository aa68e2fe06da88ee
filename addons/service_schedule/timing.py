"""The addon's one crossing between Odoo's naive UTC fields and ``schedlib``'s stamps."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from odoo import fields
from odoo.tools import format_time
from odoo.tools.misc import babel_locale_parse, get_lang


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


def day_text(env, moment: datetime) -> str:
    """Return the local day of an aware moment as the language writes short days: "Tue, Oct 20", "mar. 20 oct."."""
    return format_skeleton("MMMEd", moment, locale=babel_locale_parse(get_lang(env).code))


def time_text(env, moment: datetime) -> str:
    """Return the local time of an aware moment as the user reads times: "3:00 PM".

    Where the clock shows it twice the zone's abbreviation tells which: "1:30 AM EDT".
    """
    text = format_time(env, moment.time(), time_format="short")
    is_twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    return f"{text} {moment.tzname()}" if is_twice else text
