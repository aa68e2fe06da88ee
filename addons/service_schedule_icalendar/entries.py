"""Calendar files (RFC 5545, RFC 5546) of appointments: plain values in, bytes out; nothing of Odoo."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress

MAKER = "-//Service Scheduling for Odoo//EN"
REFRESH = timedelta(minutes=15)
"""How often we ask subscribers to look again. Google looks when it likes, some hours later."""


@dataclass(frozen=True)
class Person:
    """Who asks to an appointment, or is asked."""

    name: str
    email: str


@dataclass(frozen=True)
class Entry:
    """One appointment; moments are aware UTC.

    ``uid`` stays while the appointment lives and ``revision`` rises with every change: so a calendar moves the entry
    that it has instead of adding one.
    """

    uid: str
    revision: int
    start: datetime
    stop: datetime
    zone: ZoneInfo
    changed: datetime
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    is_cancelled: bool = False
    organizer: Person | None = None
    attendee: Person | None = None
    alarm: timedelta | None = None


def to_file(entries, method="PUBLISH", name=""):
    """Return a calendar file.

    :param method: REQUEST asks the attendee (and moves what he has), CANCEL takes it out, PUBLISH is a file or a feed
    :param name: how a subscriber's calendar is called
    """
    entries = list(entries)
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)  # what Google and Apple read
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", f"PT{REFRESH.seconds // 60}M")
    for entry in entries:
        calendar.add_component(_to_event(entry, method))
    if entries:
        first, last = min(entry.start for entry in entries), max(entry.stop for entry in entries)
        # the rules of the years in question: the zone's whole history would be longer than the appointment
        calendar.add_missing_timezones(date(first.year - 1, 1, 1), date(last.year + 1, 12, 31))
    return calendar.to_ical()


def _to_event(entry, method):
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.revision)
    event.add("dtstamp", entry.changed)
    event.add("last-modified", entry.changed)
    event.add("dtstart", to_wall(entry.start, entry.zone))
    event.add("dtend", to_wall(entry.stop, entry.zone))
    event.add("status", "CANCELLED" if entry.is_cancelled or method == "CANCEL" else "CONFIRMED")
    for field in ("summary", "description", "location", "url"):
        if getattr(entry, field):
            event.add(field, getattr(entry, field))
    _add_people(event, entry)
    if entry.alarm is not None and not entry.is_cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -entry.alarm)
        alarm.add("description", entry.summary)
        event.add_component(alarm)
    return event


def _add_people(event, entry):
    """Add who asks and who is asked. He has booked: nobody waits for his answer."""
    if entry.organizer:
        event.add("organizer", _to_address(entry.organizer))
    if entry.attendee:
        address = _to_address(entry.attendee)
        address.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
        event.add("attendee", address)


def _to_address(person):
    address = vCalAddress(f"mailto:{person.email}")
    address.params["CN"] = person.name
    return address


def to_wall(moment, zone):
    """Return a moment on the clock of ``zone``; in UTC where that clock shows it twice or the zone is UTC.

    RFC 5545 reads a time that the clock shows twice as the first of the two.

    >>> str(to_wall(datetime(2026, 11, 1, 5, 30, tzinfo=UTC), ZoneInfo("America/New_York")))
    '2026-11-01 01:30:00-04:00'
    >>> str(to_wall(datetime(2026, 11, 1, 6, 30, tzinfo=UTC), ZoneInfo("America/New_York")))
    '2026-11-01 06:30:00+00:00'
    """
    local = moment.astimezone(zone)
    return moment.astimezone(UTC) if local.fold or zone.key == "UTC" else local
