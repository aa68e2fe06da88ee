import base64
import io
from datetime import UTC, date, datetime, timedelta

from PIL import Image, ImageDraw

from odoo.fields import Command

from odoo.addons.service_schedule.schedlib import local, stamp
from odoo.addons.service_schedule.tests.common import NEXT_DAY, ScheduleCase

DAY = NEXT_DAY
# The shop is in New York, four hours behind UTC: its Tuesday begins at 04:00 UTC.
EVENING_BEFORE = datetime(2026, 10, 20, 3, 59, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 10, 20, 4, 0, tzinfo=UTC)
ON_THE_DAY = datetime(2026, 10, 20, 13, 0, tzinfo=UTC)
LATE_EVENING = datetime(2026, 10, 21, 3, 59, tzinfo=UTC)
OTHER_DAY = date(2026, 10, 22)


def draw_picture(size=(600, 200)):
    """Return a signature as the widget sends it: a PNG with a transparent ground, in base64."""
    image = Image.new("RGBA", size, (255, 255, 255, 0))
    ImageDraw.Draw(image).line([(40, 150), (200, 40), (300, 160), (560, 60)], fill="black", width=4)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


class WaiverMixin:
    """Waivers for any test case."""

    @classmethod
    def create_waiver(cls, name="Liability release", body="<p>Diving is dangerous.</p>", **values):
        """Return a published waiver."""
        waiver = cls.env["service.waiver"].create({"name": name, "body": body, **values})
        waiver._publish()
        return waiver

    @staticmethod
    def translate(waiver, english, french):
        """Translate a sentence of the draft, as the dialog of the form does."""
        waiver.update_field_translations("body", {"fr_FR": {english: french}})


class WaiverCase(WaiverMixin, ScheduleCase):
    """The dive shop's tank fill asks for a waiver."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.waiver = cls.create_waiver()
        cls.offer.waiver_id = cls.waiver
        cls.reservation = cls.book(cls.window_on(cls.morning, DAY))

    def sign(self, reservation=None, now=ON_THE_DAY, **kwargs):
        """Sign as a customer who read the present text would."""
        reservation = reservation or self.reservation
        values = {"name": "John Doe", "version": self.waiver.version_id, "channel": "portal"}
        return reservation._sign_waiver(**{**values, "now": now, **kwargs})


class NoonMixin(WaiverMixin):
    """A shop in a zone where it is about noon now, open day and night: today has hours on both sides, whenever the
    tests run."""

    @classmethod
    def create_shop(cls, **values):
        """Make ``point``, ``offer`` with a waiver, and remember ``now`` and ``tz``."""
        cls.now = datetime.now(UTC)
        offset = 12 - cls.now.hour
        cls.tz = f"Etc/GMT{-offset:+d}" if offset else "UTC"
        hours = {"name": "Open", "hour_from": 0, "hour_to": 24, "day_period": "full_day"}
        calendar = cls.env["resource.calendar"].create(
            {
                "name": "Day and night",
                "tz": cls.tz,
                "attendance_ids": [
                    Command.clear(),
                    *(Command.create({**hours, "dayofweek": str(day)}) for day in range(7)),
                ],
            }
        )
        cls.point = cls.env["service.point"].create(
            {"name": "Blue Reef", "tz": cls.tz, "calendar_id": calendar.id, **values}
        )
        cls.waiver = cls.create_waiver()
        cls.offer = cls.env["service.offer"].create(
            {"name": "Intro dive", "point_id": cls.point.id, "duration_minutes": 15, "waiver_id": cls.waiver.id}
        )

    @classmethod
    def book_for(cls, partner, days=0):
        """Return a reservation of ``partner`` for about now, ``days`` later."""
        moment = local(stamp(cls.now + timedelta(days=days)), cls.point._get_zone())
        moment = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
        booked = cls.now - timedelta(days=7)
        return cls.env["service.reservation"]._book(
            cls.offer, f"time:{moment.isoformat()}", partner=partner, by_staff=True, now=booked
        )
