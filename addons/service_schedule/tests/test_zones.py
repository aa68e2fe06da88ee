from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..exceptions import NotBookable
from .common import ScheduleCase

# Everything below is still to come then.
BEFORE_ALL = datetime(2025, 12, 31, 12, tzinfo=UTC)
FIRST, LAST = datetime(2026, 1, 2, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DAY = timedelta(days=1)

# zone, every how many minutes a time starts
SHOPS = [
    ("Africa/Cairo", 60),  # turned at midnight, on a Friday
    ("Africa/Casablanca", 60),  # summer time but for Ramadan
    ("America/Havana", 60),  # midnight is skipped, and shown twice
    ("America/New_York", 60),
    ("America/Nuuk", 60),  # the last hour of a day is skipped
    ("America/Santiago", 60),  # midnight is skipped
    ("America/St_Johns", 60),  # a half hour beside the others
    ("Antarctica/Troll", 60),  # two hours at once
    ("Asia/Kathmandu", 60),  # three quarters of an hour beside the others, never turned
    ("Australia/Lord_Howe", 30),  # half an hour only
    ("Pacific/Chatham", 60),  # turned at a quarter to
    ("Pacific/Easter", 60),  # turned in the evening
]


def turned_days(zone):
    """Return the days of 2026 and 2027 on which clocks skip or repeat a time; a plain day if they never do."""
    found = set()
    moment = FIRST
    while moment < LAST:
        early, late = (one.astimezone(zone).utcoffset() for one in (moment, moment + HOUR))
        if early != late:
            turn = next(
                moment + minutes * MINUTE
                for minutes in range(61)
                if (moment + minutes * MINUTE).astimezone(zone).utcoffset() == late
            )
            # what the slower of the two clocks says: the first wall time that is skipped or shown again
            found.add((turn.replace(tzinfo=None) + min(early, late)).date())
        moment += HOUR
    return sorted(found) or [date(2026, 3, 29)]


def shown_times(zone, day, step):
    """Return ``{wall clock with its offset: instant}`` of each multiple of ``step`` minutes that is shown on a day."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    moments = (noon + minutes * MINUTE for minutes in range(-28 * 60, 28 * 60))
    faces = ((moment, moment.astimezone(zone)) for moment in moments)
    return {
        face.isoformat(): moment
        for moment, face in faces
        if face.date() == day and (face.hour * 60 + face.minute) % step == 0
    }


@tagged("post_install", "-at_install")
class TestZones(ScheduleCase):
    """Shops all over the world that never close, around the nights in which their clocks are turned."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tokyo = new_test_user(cls.env, "customer@tokyo", groups="base.group_portal", tz="Asia/Tokyo")

    def make_shop(self, tz, step):
        """Return ``(offer of times of one person, offer of windows of the counter)`` of a shop that is open 0-24."""
        always = self.create_calendar(tz, [(day, 0, 24) for day in range(7)], tz=tz)
        windows = [("Whole day", 0, 24), ("Night", 0, 8), ("Day", 8, 20), ("Late", 20, 24)]
        point = self.env["service.point"].create(
            {
                "name": tz,
                "tz": tz,
                "calendar_id": always.id,
                "window_ids": [
                    Command.create({"name": name, "code": name, "hour_from": start, "hour_to": stop})
                    for name, start, stop in windows
                ],
            }
        )
        common = {"point_id": point.id, "lead_minutes": 0, "horizon_days": 0}
        person = self.create_person(tz, tz=tz)
        return self.env["service.offer"].create(
            [
                {
                    **common,
                    "name": "Visit",
                    "allow_windows": False,
                    "duration_minutes": step,
                    "step_minutes": step,
                    "resource_ids": person.ids,
                },
                {**common, "name": "Fill", "allow_times": False},
            ]
        )

    def pick_days(self, offer, first, last=None):
        """Return what the picker shows, long before."""
        return offer.get_picker_days(first, last or first, now=BEFORE_ALL)

    def take(self, offer, choice, hold=False):
        """Book or hold a time, long before."""
        reservations = self.env["service.reservation"]
        take = reservations._hold if hold else reservations._book
        return take(offer, choice, partner=self.customer, now=BEFORE_ALL)

    def test_times_are_right_unique_and_bookable(self):
        """Around each turn every time that the clock shows is offered under a label of its own, and can be booked.

        Each of them on the day of the turn, some on the days around. The person has one place: that all can be booked
        also proves that no two share an instant.
        """
        for tz, step in SHOPS:
            zone = ZoneInfo(tz)
            visit, _fill = self.make_shop(tz, step)
            for turned in turned_days(zone):
                picker = self.pick_days(visit, turned - DAY, turned + DAY)
                for day in (turned - DAY, turned, turned + DAY):
                    with self.subTest(tz=tz, day=day):
                        items, expected = picker[day.isoformat()], shown_times(zone, day, step)
                        self.check_items(items, expected)
                        self.check_booking(visit, items[:: 1 if day == turned else 7], expected)
                self.assertEqual(self.pick_days(visit, turned), {})

    def check_items(self, items, expected):
        """Check that the picker's ``items`` are the ``expected`` times, none labelled as another."""
        self.assertEqual([item["choice"] for item in items], [f"time:{text}" for text in expected])
        self.assertEqual(len({item["label"] for item in items}), len(items))

    def check_booking(self, visit, items, expected):
        """Book and hold the ``items`` and check that they are the instants that their labels say."""
        for number, item in enumerate(items):
            text = item["choice"].removeprefix("time:")
            reservation = self.take(visit, item["choice"], hold=number % 2)
            self.assertEqual(reservation.start, expected[text].replace(tzinfo=None))
            self.assertEqual(reservation.wall_start, text)
            self.assertTrue(reservation._get_label().endswith(f" at {item['label']}"))

    def test_windows_until_midnight(self):
        """A window is offered when its start is shown, booked as offered, and until 24:00 means the next day's start.

        Where midnight is skipped there is no window from it; the late one of the day before still ends with its day.
        """
        for tz, _step in SHOPS:
            zone = ZoneInfo(tz)
            _visit, fill = self.make_shop(tz, 60)
            windows = fill.point_id.window_ids
            for turned in turned_days(zone):
                for day in (turned - DAY, turned, turned + DAY):
                    with self.subTest(tz=tz, day=day):
                        shown = {datetime.fromisoformat(text).hour for text in shown_times(zone, day, 60)}
                        expected = windows.filtered(lambda window, shown=shown: int(window.hour_from) in shown)
                        choices = [item["choice"] for item in self.pick_days(fill, day).get(day.isoformat(), [])]
                        self.assertCountEqual(choices, [self.window_on(window, day) for window in expected])
                        for choice in choices:
                            self.check_window(self.take(fill, choice), zone, day)

    def check_window(self, reservation, zone, day):
        """Check that a booked window begins and ends as its hours say on the clock of the shop."""
        window = reservation.window_id
        start = reservation.start.replace(tzinfo=UTC).astimezone(zone)
        last = (reservation.stop.replace(tzinfo=UTC) - MINUTE).astimezone(zone)
        self.assertEqual((start.date(), start.hour, start.minute), (day, window.hour_from, 0))
        self.assertEqual(last.date(), day)
        after = (last + MINUTE).replace(tzinfo=None)
        if window.hour_to < 24:
            self.assertEqual(reservation.wall_stop[:16], f"{day.isoformat()}T{int(window.hour_to):02}:00")
        else:
            shown = (reservation.stop.replace(tzinfo=UTC)).astimezone(zone)
            self.assertEqual(shown.date(), day + DAY)
            self.assertGreaterEqual(shown.replace(tzinfo=None), after)

    def test_customer_in_another_zone(self):
        """A customer in Tokyo is shown the shop's wall clock, and what he books in his own offset is that instant."""
        tokyo = ZoneInfo("Asia/Tokyo")
        for tz, step in SHOPS[::3]:
            with self.subTest(tz=tz):
                visit, _fill = self.make_shop(tz, step)
                day = turned_days(ZoneInfo(tz))[-1]
                here = self.pick_days(visit, day)
                abroad = self.pick_days(visit.with_user(self.tokyo).with_context(tz="Asia/Tokyo"), day)
                self.assertEqual(abroad, here)
                item = here[day.isoformat()][1]
                text = item["choice"].removeprefix("time:")
                his = datetime.fromisoformat(text).astimezone(tokyo)
                reservation = self.take(visit.with_user(self.tokyo).sudo(), f"time:{his.isoformat()}")
                self.assertEqual((reservation.wall_start, reservation.tz), (text, tz))
                labels = {one._get_label() for one in (reservation, reservation.with_context(tz="Asia/Tokyo"))}
                self.assertEqual(len(labels), 1)
                self.assertIn(item["label"], labels.pop())

    def test_skipped_times_cannot_be_booked(self):
        """A wall time that the clock skips is refused under either offset, or means another time that is offered."""
        visit, _fill = self.make_shop("Australia/Lord_Howe", 30)
        for offset in ("+10:30", "+11:00"):
            choice = f"time:2026-10-04T02:15:00{offset}"
            with self.assertRaises(NotBookable):
                self.take(visit, choice)
        self.assertEqual(self.take(visit, "time:2026-10-04T02:00:00+10:30").wall_start, "2026-10-04T02:30:00+11:00")
