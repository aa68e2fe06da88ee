"""How a moment is written where it must be beyond doubt."""

from odoo.tools import format_date, format_time

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local


def format_moment(env, value, tz):
    """Return a naive UTC field value on the wall clock of ``tz``, with the zone's name and its offset then.

    In the user's language: "November 21, 2026 at 09:36:41 AM (America/New_York, UTC-05:00)".
    """
    moment = local(timing.to_stamp(value), timing.zone(tz))
    return env._(
        "%(date)s at %(time)s (%(zone)s, UTC%(offset)s)",
        date=format_date(env, moment.date(), date_format="long"),
        time=format_time(env, moment.time(), time_format="medium"),
        zone=tz,
        offset=moment.isoformat()[-6:],
    )
