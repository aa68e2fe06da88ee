"""The edge between clocks on walls and the engine's seconds."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .model import Span

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Horizon:
    """Seconds since ``anchor``, an aware datetime: elapsed time, so a day of 23 or 25 hours has just that many.

    :raise ValueError: ``anchor`` is naive

    >>> from zoneinfo import ZoneInfo
    >>> york = ZoneInfo("America/New_York")
    >>> spring = Horizon(datetime(2026, 3, 8, tzinfo=york))
    >>> spring.seconds(datetime(2026, 3, 8, 8, tzinfo=york)) // 3600
    7
    >>> spring.instant(7 * 3600).isoformat()
    '2026-03-08T12:00:00+00:00'
    """

    anchor: datetime

    def __post_init__(self):
        """Refuse a naive anchor; keep it in UTC, where subtraction is elapsed time."""
        object.__setattr__(self, "anchor", _utc(self.anchor))

    def seconds(self, instant: datetime) -> int:
        """Return the seconds from the anchor to an aware datetime, parts of a second cut off; negative before it.

        :raise ValueError: ``instant`` is naive
        """
        return (_utc(instant) - self.anchor) // SECOND

    def instant(self, seconds: int) -> datetime:
        """Return the instant (aware UTC) at ``seconds`` of the horizon."""
        return self.anchor + timedelta(seconds=seconds)

    def span(self, start: datetime, stop: datetime) -> Span:
        """Return ``(start, stop)`` in seconds.

        :raise ValueError: one of them is naive
        """
        return self.seconds(start), self.seconds(stop)


def _utc(instant: datetime) -> datetime:
    """Return an aware datetime in UTC.

    :raise ValueError: it is naive
    """
    if instant.utcoffset() is None:
        raise ValueError(f"naive datetime {instant!r}")
    return instant.astimezone(UTC)
