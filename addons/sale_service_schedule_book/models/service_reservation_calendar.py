from odoo import fields, models

STAMP = "%Y%m%dT%H%M%SZ"
LONGEST_LINE = 74
"""RFC 5545 allows 75 octets a line; continued lines begin with a blank."""


class ServiceReservation(models.Model):
    _inherit = "service.reservation"

    def _get_calendar_file(self):
        """Return the appointment as an iCalendar file (RFC 5545), bytes, for the customer's own calendar.

        The identity is the public reference and the sequence its revision: taken again after a change, the entry moves.
        """
        self.ensure_one()
        summary = self._prepare_summary()
        place = self.meeting_url or ", ".join(part for part in (summary["shop"], summary["address"]) if part)
        who = self.env._("With %(name)s", name=summary["who"]) if summary["who"] else ""
        lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Service Scheduling for Odoo//EN",
            "METHOD:PUBLISH",
            "BEGIN:VEVENT",
            f"UID:{self.public_id}",
            f"SEQUENCE:{self.revision}",
            f"DTSTAMP:{fields.Datetime.now().strftime(STAMP)}",
            f"DTSTART:{self.start.strftime(STAMP)}",
            f"DTEND:{self.stop.strftime(STAMP)}",
            f"SUMMARY:{escape(summary['what'])}",
            f"LOCATION:{escape(place)}",
            f"DESCRIPTION:{escape(who)}",
            f"STATUS:{'CANCELLED' if self.state == 'cancelled' else 'CONFIRMED'}",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
        return b"".join(fold(line) for line in lines)


def escape(text):
    """Return a text as iCalendar wants it."""
    for char in ("\\", ";", ","):
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", "\\n")


def fold(line):
    """Return a line as bytes, continued on the next ones when it is long; characters stay whole."""
    parts, part = [], b""
    for char in line:
        if len(part) + len(char.encode()) > LONGEST_LINE:
            parts.append(part)
            part = b" "
        part += char.encode()
    return b"\r\n".join([*parts, part]) + b"\r\n"
