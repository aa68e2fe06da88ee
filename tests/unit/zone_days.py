"""Every clock of the tz database that is turned in 2026 or 2027, its days around each turn watched by the minute.

The judge of ``test_every_zone``: it asks ``zoneinfo`` what a clock shows at each minute, never the code under test.
Zones that turn at the same instants by as much, and call their time the same, are one *clock*; it is watched once, and
the code under test is asked under each of its names.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo, available_timezones

from schedlib_cases import HOUR, MINUTE, utc

FIRST, LAST = utc(2026, 1, 1), utc(2028, 1, 1)
# No zone turns its clock twice within so short a time, so none goes unseen.
STRIDE = 12 * HOUR
# For clocks that are never turned but run a part of an hour beside the others.
STILL_DAYS = (date(2026, 2, 28), date(2026, 3, 1), date(2027, 12, 31))


@dataclass(frozen=True)
class Clock:
    """What the zones ``names`` have in common: when they turn, ``((stamp, minutes before, minutes after), ...)``."""

    turns: tuple
    names: tuple[str, ...]

    def __str__(self):
        return self.names[0]

    @property
    def zones(self):
        """The zone of each name."""
        return [ZoneInfo(name) for name in self.names]

    @cached_property
    def days(self):
        """The days before, on and after each turn as `Day`, ascending; some plain days of a clock without turns."""
        zone = ZoneInfo(self.names[0])
        some = set(STILL_DAYS if not self.turns else ())
        for turn, _before, _after in self.turns:
            seen = [_show(stamp, zone).date() for stamp in (turn - MINUTE, turn)]
            some.update(day + timedelta(days=away) for day in seen for away in (-1, 0, 1))
        return [watch(zone, day) for day in sorted(some)]


@dataclass(frozen=True)
class Day:
    """One local day as its clock showed it.

    ``shown`` is ``{minute of the day: [stamps]}``, ``offsets`` ``{stamp: minutes east of UTC}``; ``after`` the first
    stamp of the next day.
    """

    day: date
    after: int
    shown: dict = field(repr=False)
    offsets: dict = field(repr=False)

    def edge(self, minutes, closing=False):
        """Return the stamp at which something opens, or closes, at a minute of this day.

        The first showing opens and the last one closes; what is never shown happens when the clock jumps over it; 24:00
        is the next midnight.
        """
        if minutes == 1440:
            return self.after
        if minutes in self.shown:
            return self.shown[minutes][-1 if closing else 0]
        return min((stamps[0] for other, stamps in self.shown.items() if other > minutes), default=self.after)

    def opening(self, start, stop):
        """Return the span in which something is open that opens and closes at these minutes; [] when it has no time."""
        span = self.edge(start), self.edge(stop, closing=True)
        return [span] if span[0] < span[1] else []

    def window(self, start, stop):
        """Return the span of a window as a list; [] when one of its ends is never shown."""
        return self.opening(start, stop) if start in self.shown and (stop in self.shown or stop == 1440) else []

    def times(self, step):
        """Return the stamps at which the clock showed a multiple of ``step`` minutes, ascending."""
        return sorted(stamp for minutes in range(0, 1440, step) for stamp in self.shown.get(minutes, ()))

    def text(self, stamp, minutes):
        """Return the wall clock at a stamp that showed a minute of this day, with its offset, digit by digit."""
        sign, offset = "-" if self.offsets[stamp] < 0 else "+", abs(self.offsets[stamp])
        shown = f"{minutes // 60:02}:{minutes % 60:02}:00"
        return f"{self.day:%Y-%m-%d}T{shown}{sign}{offset // 60:02}:{offset % 60:02}"

    def texts(self, step):
        """Return ``{stamp: text}`` of ``times``."""
        return {
            stamp: self.text(stamp, minutes)
            for minutes in range(0, 1440, step)
            for stamp in self.shown.get(minutes, ())
        }


def _show(stamp, zone):
    return datetime.fromtimestamp(stamp, zone)


def watch(zone, day):
    """Return a `Day`: watch the clock each minute, as long as it is that day somewhere on earth and two hours more."""
    noon = utc(day.year, day.month, day.day, 12)
    shown, offsets, after = defaultdict(list), {}, None
    for stamp in range(noon - 28 * HOUR, noon + 28 * HOUR, MINUTE):
        face = _show(stamp, zone)
        if face.date() == day:
            assert after is None, f"{zone} shows a part of {day} again after it has ended"
            shown[face.hour * 60 + face.minute].append(stamp)
            offsets[stamp] = face.utcoffset() // timedelta(minutes=1)
        elif face.date() > day and after is None:
            after = stamp
    return Day(day, after, dict(shown), offsets)


def _turns(zone):
    """Return ``((stamp, minutes before, minutes after), ...)`` of a zone's clock."""

    def offset(stamp):
        return _show(stamp, zone).utcoffset()

    turns = []
    for early in range(FIRST, LAST, STRIDE):
        low, high = early, early + STRIDE
        if offset(low) == offset(high):
            continue
        while high - low > MINUTE:
            middle = (low + high) // 2 // MINUTE * MINUTE
            low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
        turns.append((high, offset(low) // timedelta(minutes=1), offset(high) // timedelta(minutes=1)))
    return tuple(turns)


def _clocks():
    """Return every `Clock` that is turned, or runs a part of an hour beside UTC, and UTC."""
    alike = defaultdict(list)
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        turns = _turns(zone)
        offset = _show(FIRST, zone).utcoffset() // timedelta(minutes=1)
        if turns or offset % 60 or name == "UTC":
            alike[turns, offset].append(name)
    return [Clock(turns, tuple(names)) for (turns, _offset), names in alike.items()]


CLOCKS = _clocks()
TURNED = [clock for clock in CLOCKS if clock.turns]
# where customers live: far west, far east, a half and three quarters of an hour beside the others
CUSTOMERS = [ZoneInfo(name) for name in ("Pacific/Pago_Pago", "Pacific/Kiritimati", "Asia/Kolkata", "Pacific/Chatham")]
assert datetime.fromtimestamp(FIRST, UTC).year == 2026
