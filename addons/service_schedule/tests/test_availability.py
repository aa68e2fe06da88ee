from datetime import UTC, date, datetime, timedelta

from odoo.tests import tagged

from ..exceptions import NotBookable
from ..schedlib import Reason, local
from .common import NEXT_DAY, NOW, TODAY, ScheduleCase


@tagged("post_install", "-at_install")
class TestAvailability(ScheduleCase):
    def get_slots(self, first=NEXT_DAY, last=None, **kwargs):
        kwargs.setdefault("now", NOW)
        return self.offer.get_availability(first, last or first, **kwargs)

    def get_labels(self, slots):
        zone = self.point._get_zone()
        return [local(slot.start, zone).strftime("%a %H:%M") for slot in slots]

    def test_windows_and_times_of_a_day(self):
        """A day offers its three windows with ten places and every quarter of an hour that ends by closing time."""
        slots = self.get_slots()
        self.assertEqual([slot.key for slot in slots if slot.key], self.point.window_ids.ids)
        self.assertEqual({slot.places for slot in slots}, {10})
        times = self.get_labels([slot for slot in slots if not slot.key])
        self.assertEqual((times[0], times[-1], len(times)), ("Tue 08:00", "Tue 19:30", 47))

    def test_closed_weekday(self):
        """Nothing is offered on a Sunday, on which the shop is closed."""
        self.assertEqual(self.get_slots(date(2026, 10, 25)), [])

    def test_public_holiday_closes(self):
        """A global leave of core closes the shop, and says so."""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Founders' Day",
                "calendar_id": self.point.calendar_id.id,
                "date_from": datetime(2026, 10, 20, 4),
                "date_to": datetime(2026, 10, 21, 4),
            }
        )
        self.assertEqual(self.get_slots(), [])
        start, window = self.offer.parse_choice(self.window_on(self.morning, NEXT_DAY))
        self.assertEqual(self.offer.get_reasons(start, window, now=NOW), [Reason.HOLIDAY])

    def test_holiday_of_another_company_does_not_close(self):
        """A public holiday of another company is none of this shop's."""
        other = self.env["res.company"].create({"name": "Other"})
        leave = (
            self.env["resource.calendar.leaves"]
            .with_company(other)
            .create(
                {
                    "name": "Elsewhere",
                    "calendar_id": False,
                    "date_from": datetime(2026, 10, 20, 4),
                    "date_to": datetime(2026, 10, 21, 4),
                }
            )
        )
        self.assertEqual(leave.company_id, other)
        self.assertTrue(self.get_slots())

    def test_lead_time(self):
        """At 8:00 with an hour's notice the first time is 9:00, and the morning that has begun is not offered."""
        slots = self.get_slots(TODAY)
        self.assertEqual(self.get_labels([slot for slot in slots if not slot.key])[0], "Mon 09:00")
        self.assertNotIn(self.morning.id, [slot.key for slot in slots])

    def test_staff_need_no_notice(self):
        """Staff may book the next quarter of an hour, but not this moment."""
        slots = self.get_slots(TODAY, by_staff=True)
        self.assertEqual(self.get_labels([slot for slot in slots if not slot.key])[0], "Mon 08:15")

    def test_horizon(self):
        """The thirtieth day is offered, the thirty-first is too far; staff are not bound by it."""
        self.offer.horizon_days = 30
        last = TODAY + timedelta(days=30)  # a Wednesday
        self.assertTrue(self.get_slots(last))
        self.assertEqual(self.get_slots(last + timedelta(days=1)), [])
        self.assertTrue(self.get_slots(last + timedelta(days=1), by_staff=True))
        start, window = self.offer.parse_choice(self.window_on(self.morning, last + timedelta(days=1)))
        self.assertEqual(self.offer.get_reasons(start, window, now=NOW), [Reason.TOO_FAR])

    def test_past_day(self):
        """Yesterday offers nothing, and says that the date must be in future."""
        yesterday = date(2026, 10, 17)
        self.assertEqual(self.get_slots(yesterday), [])
        with self.assertRaisesRegex(NotBookable, "Date must be in future"):
            self.book(self.window_on(self.afternoon, yesterday))

    def test_reservations_take_places(self):
        """A booking takes one place of its window, and of the times within it."""
        self.book(self.window_on(self.morning, NEXT_DAY))
        by_key = {}
        for slot in self.get_slots():
            by_key.setdefault(slot.key, slot)
        self.assertEqual(by_key[self.morning.id].places, 9)
        self.assertEqual(by_key[self.afternoon.id].places, 10)
        self.assertEqual(by_key[None].places, 9)

    def test_heavy_orders(self):
        """An order of four units takes four places side by side; a fifth of ten no longer fits twice."""
        self.offer.lanes_per = "unit"
        self.assertEqual(self.offer._get_lanes(4), 4)
        self.assertEqual(self.offer._get_lanes(2.5), 3)
        choice = self.window_on(self.morning, NEXT_DAY)
        self.book(choice, lanes=4)
        self.book(choice, lanes=4)
        with self.assertRaisesRegex(NotBookable, "Full"):
            self.book(choice, lanes=4)
        self.book(choice, lanes=2)
        self.assertNotIn(self.morning.id, [slot.key for slot in self.get_slots()])

    def test_buffers_keep_distance(self):
        """With a quarter of an hour of buffer on both sides, one person's times lie half an hour further apart."""
        self.offer.write(
            {
                "resource_ids": self.create_person().ids,
                "buffer_before_minutes": 15,
                "buffer_after_minutes": 15,
                "allow_windows": False,
            }
        )
        self.book("time:2026-10-20T12:00:00-04:00")
        times = self.get_labels(self.get_slots())
        around = [time for time in times if "11" in time or "12" in time or "13" in time]
        self.assertEqual(around, ["Tue 11:00", "Tue 13:00", "Tue 13:15", "Tue 13:30", "Tue 13:45"])

    def test_leave_of_a_person(self):
        """A person on leave is not offered, and the reason says that nobody works then."""
        maria = self.create_person()
        self.offer.resource_ids = maria
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Dentist",
                "resource_id": maria.id,
                "date_from": datetime(2026, 10, 20, 12),
                "date_to": datetime(2026, 10, 20, 18),
            }
        )
        times = self.get_labels([slot for slot in self.get_slots() if not slot.key])
        self.assertEqual(times[0], "Tue 14:00")
        start, _window = self.offer.parse_choice("time:2026-10-20T09:00:00-04:00")
        self.assertEqual(self.offer.get_reasons(start, now=NOW), [Reason.ON_LEAVE])

    def test_any_of_several_people(self):
        """A time is offered while one of two people is free, and names who."""
        people = self.create_person() | self.create_person("Tom")
        self.offer.resource_ids = people
        choice = "time:2026-10-20T12:00:00-04:00"
        first = self.book(choice)
        slot = next(slot for slot in self.get_slots() if self.offer._make_choice(slot) == choice)
        self.assertEqual(slot.resource_ids, tuple((people - first.resource_id).ids))
        second = self.book(choice)
        self.assertEqual(first.resource_id | second.resource_id, people)
        with self.assertRaisesRegex(NotBookable, "Full"):
            self.book(choice)

    def test_evening_is_tomorrow_in_utc(self):
        """A reservation at 19:30 in New York or Honolulu, tomorrow in UTC, is seen when its own day is read."""
        for tz in ("America/New_York", "Pacific/Honolulu", "Pacific/Kiritimati"):
            with self.subTest(tz=tz):
                point = self.env["service.point"].create({"name": tz, "tz": tz})
                point.counter_id.lane_count = 1
                offer = self.env["service.offer"].create({"name": "Fill", "point_id": point.id})
                book = self.env["service.reservation"]._book
                slots = [slot for slot in offer.get_availability(NEXT_DAY, NEXT_DAY, now=NOW) if not slot.key]
                for slot in (slots[-1], slots[0]):
                    choice = offer._make_choice(slot)
                    book(offer, choice, by_staff=True, now=NOW)
                    with self.assertRaises(NotBookable) as caught:
                        book(offer, choice, by_staff=True, now=NOW)
                    self.assertEqual(caught.exception.reasons, (Reason.FULL,))
                left = offer.get_availability(NEXT_DAY, NEXT_DAY, now=NOW)
                self.assertFalse({slots[0].start, slots[-1].start} & {slot.start for slot in left if not slot.key})
                self.assertNotIn(point.window_ids[-1].id, [slot.key for slot in left])

    def test_longer_than_a_day(self):
        """An offer of 30 hours at a shop that never closes is offered and blocks the next day."""
        self.point.calendar_id = self.create_calendar("Always", [(day, 0, 24) for day in range(7)])
        self.offer.write(
            {"duration_minutes": 30 * 60, "allow_windows": False, "resource_ids": self.create_person().ids}
        )
        choice = "time:2026-10-20T20:00:00-04:00"
        self.assertIn(choice, [self.offer._make_choice(slot) for slot in self.get_slots()])
        self.book(choice)
        labels = self.get_labels(self.get_slots(NEXT_DAY, NEXT_DAY + timedelta(days=2)))
        self.assertEqual(labels[0], "Thu 02:00")

    def test_only_one_of_the_people(self):
        """Asking for Tom gives Tom's times, not Maria's."""
        maria, tom = self.create_person(), self.create_person("Tom")
        self.offer.resource_ids = maria | tom
        self.book("time:2026-10-20T12:00:00-04:00", resources=tom)
        times = self.get_labels(self.get_slots(resources=tom))
        self.assertNotIn("Tue 12:00", times)
        self.assertIn("Tue 12:00", self.get_labels(self.get_slots(resources=maria)))

    def test_spring_gap_and_autumn_overlap(self):
        """On the night the clocks go back both 1:30 are offered, told apart; in spring 2:30 does not exist."""
        calendar = self.create_calendar("Night", [(6, 0, 24)])
        self.point.calendar_id = calendar
        self.offer.write({"allow_windows": False, "step_minutes": 30, "horizon_days": 0})
        picker = self.offer.get_picker_days(date(2026, 11, 1), date(2026, 11, 1), now=NOW)["2026-11-01"]
        twice = [(item["label"], item["choice"]) for item in picker if item["label"].startswith("1:30 AM")]
        self.assertEqual(
            twice,
            [
                ("1:30 AM EDT", "time:2026-11-01T01:30:00-04:00"),
                ("1:30 AM EST", "time:2026-11-01T01:30:00-05:00"),
            ],
        )
        spring = self.offer.get_picker_days(date(2027, 3, 14), date(2027, 3, 14), now=NOW)["2027-03-14"]
        self.assertNotIn("time:2027-03-14T02:30:00-05:00", [item["choice"] for item in spring])
        self.assertEqual(len(spring), 46)
        with self.assertRaises(NotBookable):
            self.book("time:2027-03-14T02:15:00-05:00")

    def test_close_at_midnight(self):
        """A shop open to 24:00 offers the half hour before midnight, and the window up to it."""
        self.point.calendar_id = self.create_calendar("Late", [(1, 8, 24)])
        late = self.env["service.window"].create(
            {"name": "Late", "code": "LATE", "point_id": self.point.id, "hour_from": 20, "hour_to": 24}
        )
        slots = self.get_slots()
        self.assertIn(late.id, [slot.key for slot in slots])
        self.assertEqual(self.get_labels([slot for slot in slots if not slot.key])[-1], "Tue 23:30")
        reservation = self.book(self.window_on(late, NEXT_DAY))
        self.assertEqual(reservation.wall_stop, "2026-10-21T00:00:00-04:00")

    def test_every_slot_offered_can_be_booked(self):
        """Whatever is offered over two weeks with people, leaves, buffers and bookings has no reason against it."""
        maria, tom = self.create_person(), self.create_person("Tom")
        tom.calendar_id = self.create_calendar("Tom", [(1, 9, 12), (1, 13, 17), (3, 9, 15)])
        self.offer.write({"resource_ids": (maria | tom).ids, "buffer_after_minutes": 20, "duration_minutes": 50})
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Course",
                "resource_id": maria.id,
                "date_from": datetime(2026, 10, 22, 12),
                "date_to": datetime(2026, 10, 23, 18),
            }
        )
        for hour in (9, 10, 13):
            self.book(f"time:2026-10-20T{hour:02}:30:00-04:00")
        slots = self.get_slots(NEXT_DAY, NEXT_DAY + timedelta(days=13))
        self.assertGreater(len(slots), 100)
        windows = self.point.window_ids.grouped("id")
        refused = {
            slot: codes
            for slot in slots
            if (codes := self.offer.get_reasons(slot.start, windows.get(slot.key), now=NOW))
        }
        self.assertEqual(refused, {})

    def test_all_reasons_at_once(self):
        """A closed Sunday beyond the horizon is refused for both reasons in one answer."""
        sunday = TODAY + timedelta(days=34 + 7)
        start, window = self.offer.parse_choice(self.window_on(self.morning, sunday))
        self.assertEqual(sunday.weekday(), 6)
        codes = self.offer.get_reasons(start, window, now=NOW)
        self.assertEqual(set(codes), {Reason.TOO_FAR, Reason.CLOSED})
        with self.assertRaises(NotBookable) as caught:
            self.book(self.window_on(self.morning, sunday))
        self.assertIn("Too far ahead", str(caught.exception))
        self.assertIn("Closed", str(caught.exception))

    def test_unreadable_choices(self):
        """What is no time of this offer is refused with a sentence, never with a traceback."""
        other = self.env["service.point"].create({"name": "Other", "tz": "UTC"})
        for choice in (
            None,
            "",
            "window",
            "window:x:2026-10-20",
            f"window:{self.morning.id}:2026-13-45",
            f"window:{self.morning.id}",
            f"window:{other.window_ids[0].id}:2026-10-20",
            "window:999999999999999999999:2026-10-20",
            "time:",
            "time:2026-10-20",
            "time:2026-10-20T09:00:00",
            "time:9999-99-99T09:00:00Z",
            "time:0001-01-01T00:00:00+23:59",
            "time:9999-12-31T23:59:59-23:59",
            "hour:2026",
        ):
            with self.subTest(choice=choice), self.assertRaises(NotBookable):
                self.book(choice)

    def test_off_grid_time(self):
        """A time between the steps, and seconds, are refused."""
        for text in ("2026-10-20T09:07:00-04:00", "2026-10-20T09:00:30-04:00"):
            with self.subTest(text=text), self.assertRaisesRegex(NotBookable, "Not one of the times offered"):
                self.book(f"time:{text}")

    def test_same_instant_in_another_zone(self):
        """A time given with another offset is the same instant and is promised in the shop's zone."""
        reservation = self.book("time:2026-10-20T15:00:00+02:00")
        self.assertEqual(reservation.wall_start, "2026-10-20T09:00:00-04:00")
        self.assertEqual(reservation.start, datetime(2026, 10, 20, 13))

    def test_kinds_that_are_switched_off(self):
        """An offer of windows only takes no times, and the other way round."""
        self.offer.allow_times = False
        with self.assertRaisesRegex(NotBookable, "Not offered"):
            self.book("time:2026-10-20T09:00:00-04:00")
        self.offer.write({"allow_times": True, "allow_windows": False})
        with self.assertRaises(NotBookable):
            self.book(self.window_on(self.morning, NEXT_DAY))
        self.assertFalse([slot for slot in self.get_slots() if slot.key])

    def test_span_is_bounded(self):
        """Nobody computes a thousand days by accident."""
        with self.assertRaises(ValueError):
            self.get_slots(TODAY, TODAY + timedelta(days=1000))
        with self.assertRaises(ValueError):
            self.get_slots(NEXT_DAY, TODAY)

    def test_other_zone(self):
        """A shop in Kathmandu offers its own morning, a quarter off the hour in UTC."""
        point = self.env["service.point"].create({"name": "Nepal", "tz": "Asia/Kathmandu"})
        offer = self.env["service.offer"].create({"name": "Fill", "point_id": point.id})
        slot = next(slot for slot in offer.get_availability(NEXT_DAY, NEXT_DAY, now=NOW) if slot.key)
        self.assertEqual(datetime.fromtimestamp(slot.start, UTC), datetime(2026, 10, 20, 2, 15, tzinfo=UTC))
