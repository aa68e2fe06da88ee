from datetime import UTC

from icalendar import Calendar

from odoo.addons.fieldservice_schedule.tests.common import HOUR, NINE

from .common import JobNotificationCase

CUSTOMER, MARIA, TOM = "fleet@example.com", "maria@glass.example", "tom@glass.example"


class TestJobInvitations(JobNotificationCase):
    """Entries in the calendars of the customer and the technicians: put in, moved, and taken out."""

    def invited(self):
        """Send what is due; return ``{address: (method, UID, SEQUENCE, start, status)}`` of the invitations."""
        found = {}
        for mail in self.send():
            for part in mail.walk():
                if part.get_content_type() == "text/calendar":
                    calendar = Calendar.from_ical(part.get_content())
                    [event] = calendar.walk("VEVENT")
                    address = mail["To"].split("<")[-1].rstrip(">")
                    self.assertNotIn(address, found)
                    self.assertIn(address, str(event["ATTENDEE"]))
                    found[address] = (
                        str(calendar["METHOD"]),
                        str(event["UID"]),
                        int(event["SEQUENCE"]),
                        event.decoded("DTSTART").astimezone(UTC).replace(tzinfo=None),
                        str(event.get("STATUS", "")),
                    )
        self.emails.clear()
        return found

    def test_one_entry_for_life(self):
        """Whatever happens to a job, the customer has one entry: it moves, and goes; with another technician, too."""
        job = self.schedule()
        first = self.invited()
        method, uid, sequence, start, _status = first[CUSTOMER]
        self.assertEqual((method, uid, start), ("REQUEST", job.reservation_id.public_id, NINE))
        self.assertEqual(first[MARIA][:2], ("REQUEST", uid))
        job.scheduled_date_start = NINE + HOUR
        moved = self.invited()
        self.assertEqual((moved[CUSTOMER][1], moved[CUSTOMER][3]), (uid, NINE + HOUR))
        self.assertGreater(moved[CUSTOMER][2], sequence)
        job.person_id = self.tom
        given = self.invited()
        self.assertEqual((given[MARIA][0], given[TOM][0]), ("CANCEL", "REQUEST"))
        self.assertEqual((given[MARIA][1], given[TOM][1]), (uid, uid))
        self.assertNotIn(CUSTOMER, given)
        job.person_id = False
        self.invited()
        job.write({"person_id": self.maria.id, "scheduled_date_start": NINE + 2 * HOUR})
        self.assertNotEqual(job.reservation_id.public_id, uid)
        again = self.invited()
        self.assertEqual(
            (again[CUSTOMER][0], again[CUSTOMER][1], again[CUSTOMER][3]), ("REQUEST", uid, NINE + 2 * HOUR)
        )
        job.action_cancel()
        over = self.invited()
        self.assertEqual((over[CUSTOMER][0], over[CUSTOMER][1], over[CUSTOMER][4]), ("CANCEL", uid, "CANCELLED"))
        self.assertEqual(over[MARIA][0], "CANCEL")
        self.assertGreater(over[CUSTOMER][2], again[CUSTOMER][2])

    def test_where_and_what(self):
        """The entry is at the customer's site and leads him to his page; the technician's names whom to call."""
        self.site.write({"street": "12 Harbour Road", "city": "Springfield"})
        self.customer.phone = "+1 212 555 0100"
        job = self.schedule(NINE)
        own = job.reservation_id._prepare_calendar_entry(for_customer=True)
        self.assertEqual(own.location, "Lot 3, 12 Harbour Road, Springfield")
        self.assertIn(f"/my/jobs/{job.id}?access_token=", own.url)
        self.assertNotIn("0100", own.description)
        work = job.reservation_id._prepare_calendar_entry()
        self.assertIn("+1 212 555 0100", work.description)
