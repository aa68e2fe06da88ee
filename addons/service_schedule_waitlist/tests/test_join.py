from datetime import timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.tests.common import NEXT_DAY, TODAY

from .common import DAY, FROZEN, WaitCase


@tagged("post_install", "-at_install")
@freeze_time(FROZEN)
class TestJoin(WaitCase):
    """Who may wait, for what, and how often."""

    def test_full_day(self):
        """A day with a free hour is booked, not waited for; a full one is waited for, in order."""
        self.take(9)
        with self.assertRaisesRegex(NotBookable, "free time"):
            self.join(self.anna)
        self.take(10)
        first, second = self.join(self.anna), self.join(self.bert)
        self.assertEqual((first.state, first.position, second.position), ("waiting", 1, 2))
        self.assertEqual(first._get_label(), "Tuesday, October 20, 2026")

    def test_joining_twice_is_once(self):
        """The same entry comes back; another day is another entry; who left may join again, at the end."""
        self.fill()
        self.fill(NEXT_DAY + DAY)
        first, second = self.join(self.anna), self.join(self.bert)
        self.assertEqual(self.join(self.anna), first)
        self.assertNotEqual(self.join(self.anna, NEXT_DAY + DAY), first)
        first._leave()
        again = self.join(self.anna)
        self.assertEqual((first.state, again.position), ("left", 2))
        self.assertEqual(second.position, 1)

    def test_nothing_to_wait_for(self):
        """A closed day, a day that has passed or lies beyond the horizon, and what is not for customers."""
        self.fill()
        closed = NEXT_DAY + 3 * DAY
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": self.point.calendar_id.id,
                "date_from": f"{closed} 04:00:00",
                "date_to": f"{closed + DAY} 04:00:00",
            }
        )
        for day in (closed, TODAY - DAY, TODAY + 61 * DAY):
            with self.subTest(day=day), self.assertRaisesRegex(NotBookable, "nothing to wait for"):
                self.join(self.anna, day)
        for name in ("is_published", "has_waitlist", "active"):
            with self.subTest(name=name):
                self.hour[name] = False
                with self.assertRaisesRegex(NotBookable, "Not offered"):
                    self.join(self.anna)
                self.hour[name] = True
        self.assertTrue(self.join(self.anna))

    def test_too_late_today(self):
        """The hours of today for which the notice has passed are none to wait for."""
        with freeze_time(FROZEN - DAY):
            self.fill(TODAY)
        self.assertTrue(self.join(self.anna, TODAY))
        with freeze_time(FROZEN + timedelta(minutes=90)), self.assertRaisesRegex(NotBookable, "nothing to wait for"):
            self.join(self.bert, TODAY)

    def test_limit(self):
        """A customer waits for so many things at one service point; leaving one makes room."""
        self.point.waiting_limit = 2
        days = [NEXT_DAY + number * DAY for number in range(3)]
        for day in days:
            self.fill(day)
        first = self.join(self.anna, days[0])
        self.join(self.anna, days[1])
        with self.assertRaisesRegex(NotBookable, "2 days or windows"):
            self.join(self.anna, days[2])
        self.assertTrue(self.join(self.bert, days[2]))
        first._leave()
        self.assertTrue(self.join(self.anna, days[2]))

    def test_window(self):
        """A full window is waited for while the others are free; the whole day is not."""
        self.point.calendar_id = self.create_calendar("Long", [(day, 8, 20) for day in range(7)])
        self.point.counter_lane_count = 1
        self.offer.allow_times = False
        self.book(self.window_on(self.morning, NEXT_DAY))
        for window in (self.afternoon, None):
            with self.assertRaisesRegex(NotBookable, "free time"):
                self.join(self.anna, offer=self.offer, window=window)
        entry = self.join(self.anna, offer=self.offer, window=self.morning)
        self.assertEqual(entry._get_label(), "Tuesday, October 20, 2026, Morning (08:00-12:00)")
        fullness = self.offer.get_fullness(NEXT_DAY, NEXT_DAY)[NEXT_DAY]
        self.assertEqual(
            fullness, {None: "free", self.morning.id: "full", self.afternoon.id: "free", self.evening.id: "free"}
        )

    def test_resource(self):
        """Who wants Maria waits for her though Tom is free; not for who does not do it, or may not be chosen."""
        tom = self.create_person("Tom")
        self.hour.resource_ids += tom
        self.take(9, resources=self.maria)
        self.take(10, resources=self.maria)
        with self.assertRaisesRegex(NotBookable, "free time"):
            self.join(self.anna)
        entry = self.join(self.anna, resource=self.maria)
        self.assertEqual(entry._get_label(), "Tuesday, October 20, 2026, with Maria")
        with self.assertRaisesRegex(NotBookable, "Not offered"):
            self.join(self.bert, resource=self.create_person("Stranger"))
        self.hour.choose_resource = False
        with self.assertRaisesRegex(NotBookable, "Not offered"):
            self.join(self.bert, resource=self.maria)

    def test_more_places_than_there_are(self):
        """What takes more places than anything has could never become free."""
        with self.assertRaisesRegex(NotBookable, "nothing to wait for"):
            self.join(self.anna, lanes=2)

    def test_fullness(self):
        """What a month shows: free days, full days, and nothing for closed ones."""
        self.fill()
        self.take(9, NEXT_DAY + DAY)
        self.maria.calendar_id = self.create_calendar("Maria", [(1, 9, 11), (2, 9, 11)])
        self.hour.resource_ids = [Command.set(self.maria.ids)]
        fullness = self.hour.get_fullness(NEXT_DAY - 3 * DAY, NEXT_DAY + 2 * DAY)
        self.assertEqual(fullness, {NEXT_DAY: {None: "full"}, NEXT_DAY + DAY: {None: "free"}})

    def test_positions(self):
        """Those who wait for something else are not ahead; those who wait for anything are."""
        self.point.calendar_id = self.create_calendar("Long", [(day, 8, 20) for day in range(7)])
        self.point.counter_lane_count = 1
        self.offer.allow_times = False
        for window in self.point.window_ids:
            self.book(self.window_on(window, NEXT_DAY))
        entries = [
            self.join(self.anna, offer=self.offer, window=self.morning),
            self.join(self.bert, offer=self.offer, window=self.evening),
            self.join(self.carl, offer=self.offer),
            self.join(self.customer, offer=self.offer, window=self.evening),
        ]
        self.assertEqual([entry.position for entry in entries], [1, 1, 3, 3])
