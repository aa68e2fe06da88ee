import doctest
from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from odoo.tests import tagged

from odoo.addons.service_schedule.tests.common import NEXT_DAY, NOW, ScheduleCase

from .. import entries


class CalendarProgram:
    """What Google, Apple and Outlook do with invitations: one entry an identity, the higher sequence counts."""

    def __init__(self):
        self.entries = {}

    def receive(self, method, content):
        """Read a message's calendar file."""
        calendar = Calendar.from_ical(content)
        assert calendar["METHOD"] == method
        for event in calendar.walk("VEVENT"):
            known = self.entries.get(event["UID"])
            if known is not None and int(event["SEQUENCE"]) <= int(known["SEQUENCE"]):
                continue
            self.entries[str(event["UID"])] = event
            if method == "CANCEL":
                assert str(event["STATUS"]) == "CANCELLED"
                del self.entries[str(event["UID"])]
        return calendar


@tagged("post_install", "-at_install")
class TestInvitation(ScheduleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offer.write({"allow_windows": False, "step_minutes": 60, "duration_minutes": 45})
        cls.customer.email = "john@example.com"
        cls.point.partner_id = cls.env["res.partner"].create(
            {"name": "Dive shop", "email": "shop@example.com", "street": "18 Harbor Road", "city": "Key Largo"}
        )

    @classmethod
    def book_at(cls, hour, day=NEXT_DAY):
        """Book the hour of a day on the shop's clock."""
        moment = datetime(day.year, day.month, day.day, hour, tzinfo=cls.point._get_zone())
        return cls.book(f"time:{moment.isoformat()}")

    def move(self, reservation, hour):
        """Move it to another hour of the same day."""
        moment = datetime(NEXT_DAY.year, NEXT_DAY.month, NEXT_DAY.day, hour, tzinfo=self.point._get_zone())
        reservation._reschedule(f"time:{moment.isoformat()}", now=NOW)

    def test_doctests(self):
        """The examples in the docstrings hold."""
        result = doctest.testmod(entries)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_one_entry_follows(self):
        """Through booking, three moves and the cancellation a calendar has one entry, moved, then none."""
        program = CalendarProgram()
        reservation = self.book_at(10)
        program.receive(*reservation._get_invitation())
        for hour in (12, 11, 15):
            self.move(reservation, hour)
            program.receive(*reservation._get_invitation())
            [entry] = program.entries.values()
            self.assertEqual(entry["DTSTART"].dt.hour, hour)
        reservation._cancel(now=NOW)
        program.receive(*reservation._get_invitation())
        self.assertFalse(program.entries)

    def test_content(self):
        """The entry says what, when on the shop's clock, where, who asks, who is asked; an alarm an hour before."""
        method, content = self.book_at(10)._get_invitation()
        self.assertEqual(method, "REQUEST")
        calendar = Calendar.from_ical(content)
        [event] = calendar.walk("VEVENT")
        self.assertEqual(str(event["SUMMARY"]), "Tank fill, Dive shop")
        self.assertEqual(event["DTSTART"].params["TZID"], "America/New_York")
        self.assertEqual(event["DTSTART"].dt.replace(tzinfo=None), datetime(2026, 10, 20, 10))
        self.assertEqual(event["DTEND"].dt.astimezone(UTC), datetime(2026, 10, 20, 14, 45, tzinfo=UTC))
        self.assertIn("18 Harbor Road", event["LOCATION"])
        self.assertEqual(str(event["ORGANIZER"]), "mailto:shop@example.com")
        self.assertEqual(str(event["ATTENDEE"]), "mailto:john@example.com")
        [alarm] = event.walk("VALARM")
        self.assertEqual(alarm["TRIGGER"].dt, -timedelta(hours=1))

    def test_zone_is_described(self):
        """The file brings the rules of its zone: a program that does not know the name places the entry right.

        The meeting is after the clocks went back, and the rules in the file say so.
        """
        late = datetime(2026, 11, 3).date()
        _method, content = self.book_at(10, late)._get_invitation()
        [zone] = Calendar.from_ical(content).timezones
        self.assertEqual(str(zone["TZID"]), "America/New_York")
        for moment, hours in ((datetime(2026, 10, 20, 10), -4), (datetime(2026, 11, 3, 10), -5)):
            offset = zone.to_tz().utcoffset(moment)
            self.assertEqual(offset, timedelta(hours=hours))

    def test_twice_an_hour(self):
        """On the night when the clock shows an hour twice, both are told apart."""
        self.point.calendar_id.attendance_ids.write({"hour_from": 0, "hour_to": 24})
        zone = self.point._get_zone()
        starts = [datetime(2026, 11, 1, 1, tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
        found = [entries.to_wall(start, zone).astimezone(UTC) for start in starts]
        self.assertEqual(found, starts)
        written = [
            Calendar.from_ical(
                entries.to_file([entries.Entry("x", 0, start, start + timedelta(minutes=30), zone, start, "x")])
            )
            .walk("VEVENT")[0]["DTSTART"]
            .dt.astimezone(UTC)
            for start in starts
        ]
        self.assertEqual(written, starts)

    def test_odd_texts(self):
        """Commas, line ends, quotes, other scripts and very long names arrive as they are; no line is too long."""
        name = 'Flasche, "groß"; füllen\n' + "漢" * 90
        self.offer.name = name
        _method, content = self.book_at(10)._get_invitation()
        self.assertTrue(all(len(line) <= 75 for line in content.split(b"\r\n")))
        [event] = Calendar.from_ical(content).walk("VEVENT")
        self.assertEqual(str(event["SUMMARY"]), f"{name}, Dive shop")

    def test_nobody_to_ask(self):
        """Without addresses of shop or customer the file is one all the same, and asks nobody."""
        self.customer.email = "not an address"
        self.point.partner_id.email = False
        self.point.company_id.email = False
        _method, content = self.book_at(10)._get_invitation()
        [event] = Calendar.from_ical(content).walk("VEVENT")
        self.assertNotIn("ATTENDEE", event)
        self.assertNotIn("ORGANIZER", event)

    def test_language(self):
        """The texts are in the reader's language."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.offer.with_context(lang="fr_FR").name = "Remplissage"
        _method, content = self.book_at(10).with_context(lang="fr_FR")._get_invitation()
        [event] = Calendar.from_ical(content).walk("VEVENT")
        self.assertIn("Remplissage", event["SUMMARY"])
