"""When a delivery is tried again.

The delays are those that the Standard Webhooks specification recommends: ten tries over three days.
"""

from datetime import timedelta, timezone
from email.utils import parsedate_to_datetime

MINUTE, HOUR, DAY = 60, 3600, 86400
DELAYS = (5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
"""Seconds to wait after the first, second, … try."""
JITTER = 0.1
LONGEST_PAUSE = DAY
"""However long a receiver asks us to wait."""
GIVE_UP = timedelta(hours=84)
"""After the first try: the delays at their longest, and so the end also for who asks again and again for a pause."""


def next_delay(tries, retry_after=None, chance=0.5):
    """Return the seconds until the next try; None when there is none.

    Delays are stretched or shortened by up to a tenth, so that receivers who were away do not get all at once.

    >>> next_delay(1), next_delay(2), next_delay(10)
    (5.0, 300.0, None)
    >>> next_delay(1, retry_after=120), next_delay(3, retry_after=120)
    (120, 1800.0)

    :param int tries: that were made
    :param retry_after: seconds that the receiver asked for
    :param float chance: 0 to 1, evenly
    """
    if tries > len(DELAYS):
        return None
    return max(DELAYS[tries - 1] * (1 + JITTER * (2 * chance - 1)), retry_after or 0)


def parse_retry_after(text, now):
    """Return the seconds of a ``Retry-After`` header (RFC 9110, section 10.2.3), at most a day; None without one.

    >>> from datetime import datetime
    >>> now = datetime(2026, 11, 21, 12, 0, tzinfo=timezone.utc)
    >>> parse_retry_after("120", now), parse_retry_after("Sat, 21 Nov 2026 12:01:00 GMT", now)
    (120, 60)
    >>> parse_retry_after("soon", now), parse_retry_after(None, now), parse_retry_after("99999999", now)
    (None, None, 86400)

    :param now: aware
    """
    text = (text or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), LONGEST_PAUSE)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return int(min(max((moment - now).total_seconds(), 0), LONGEST_PAUSE))
