from datetime import timedelta

from odoo.tests import tagged

from .common import NEXT_DAY, NOW, TODAY, ScheduleCase

AVAILABILITY_QUERIES = 10
# at most: sale_service_schedule adds a search for the order, service_schedule_waitlist one for who waits, and what ran
# before leaves caches warm or cold; service_schedule_calendar reads whether the resource is somebody with a calendar,
# and fieldservice_schedule whether a person was freed
BOOK_QUERIES = 23
RESCHEDULE_QUERIES = 24
CANCEL_QUERIES = 10


@tagged("post_install", "-at_install")
class TestQueryCounts(ScheduleCase):
    """How often the database is asked, with cold records and warm registry caches: as a request finds them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offer.horizon_days = 90

    def count_queries(self, function):
        """Return how many queries ``function`` makes from cold records to all its values written."""
        self.env.cr.flush()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def count_of_availability(self, days=30):
        """Return how many queries ``days`` of slots make."""
        last_day = TODAY + timedelta(days=days - 1)

        def read():
            self.assertTrue(self.offer.get_availability(TODAY, last_day, now=NOW))

        read()  # rights and defaults into the registry's caches
        return self.count_queries(read)

    def set_people(self, count, with_own_hours=False):
        """Let ``count`` people do the offer, each by the hours of the shop or by a calendar of his own."""
        hours = [(day, 8, 20) for day in range(7)]
        self.offer.resource_ids = self.env["resource.resource"].union(
            *[
                self.create_person(
                    f"Person {number}", self.create_calendar(f"Hours {number}", hours) if with_own_hours else None
                )
                for number in range(count)
            ]
        )

    def insert_bookings(self, count):
        """Insert ``count`` bookings of an hour, spread over the offer's resources."""
        self.env.flush_all()
        resources = self.offer.resource_ids
        self.env.cr.execute(
            """INSERT INTO service_reservation (public_id, offer_id, point_id, company_id, resource_id, state, start,
                   stop, blocked_start, blocked_stop, tz, wall_start, wall_stop, lane, lanes, revision, cutoff_minutes)
               SELECT gen_random_uuid(), %(offer)s, %(point)s, %(company)s, resource_id, 'confirmed', start,
                      start + interval '1 hour', start, start + interval '1 hour', 'UTC',
                      to_char(start, %(wall)s), to_char(start + interval '1 hour', %(wall)s), lane, 1, 0, 0
                 FROM (SELECT (%(resources)s)[1 + i %% %(width)s] AS resource_id, i / %(width)s %% %(lanes)s AS lane,
                              %(day)s::timestamp + i / (%(width)s * %(lanes)s) * interval '1 hour' AS start
                         FROM generate_series(0, %(count)s - 1) AS i) AS rows""",
            {
                "offer": self.offer.id,
                "point": self.point.id,
                "company": self.point.company_id.id,
                "resources": resources.ids,
                "width": len(resources),
                "lanes": min(resources.mapped("lane_count")),
                "day": TODAY,
                "wall": 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"',
                "count": count,
            },
        )

    def test_availability_of_days(self):
        """One day costs as many queries as sixty."""
        for days in (1, 30, 60):
            with self.subTest(days=days):
                self.assertEqual(self.count_of_availability(days), AVAILABILITY_QUERIES)

    def test_availability_of_resources(self):
        """One person costs as many queries as fifty."""
        for count in (1, 50):
            with self.subTest(people=count):
                self.set_people(count)
                self.assertEqual(self.count_of_availability(), AVAILABILITY_QUERIES)

    def test_availability_of_calendars(self):
        """Fifty people with hours of their own cost as many queries as one."""
        for count in (1, 50):
            with self.subTest(calendars=count):
                self.set_people(count, with_own_hours=True)
                self.assertEqual(self.count_of_availability(), AVAILABILITY_QUERIES)

    def test_availability_of_bookings(self):
        """A thousand bookings, on one counter or on fifty people, cost as many queries as none."""
        self.insert_bookings(1000)
        self.assertEqual(self.count_of_availability(), AVAILABILITY_QUERIES)
        self.set_people(50)
        self.assertEqual(self.count_of_availability(), AVAILABILITY_QUERIES)
        self.insert_bookings(1000)
        self.assertEqual(self.count_of_availability(), AVAILABILITY_QUERIES)

    def test_availability_of_leaves(self):
        """Fifty people with a leave each cost as many queries as none."""
        self.set_people(50, with_own_hours=True)
        self.env["resource.calendar.leaves"].create(
            [
                {
                    "name": "Away",
                    "resource_id": person.id,
                    "calendar_id": person.calendar_id.id,
                    "date_from": f"{NEXT_DAY} 12:00:00",
                    "date_to": f"{NEXT_DAY} 16:00:00",
                }
                for person in self.offer.resource_ids
            ]
        )
        self.assertEqual(self.count_of_availability(), AVAILABILITY_QUERIES)

    def test_booking(self):
        """One booking costs the same on one counter and on fifty people with a thousand bookings."""
        self.book(self.window_on(self.morning, NEXT_DAY))
        for people in (0, 50):
            with self.subTest(people=people):
                if people:
                    self.set_people(people, with_own_hours=True)
                    self.insert_bookings(1000)
                choice = self.window_on(self.morning, NEXT_DAY + timedelta(days=7))
                self.assertLessEqual(self.count_queries(lambda choice=choice: self.book(choice)), BOOK_QUERIES)

    def test_reschedule_and_cancel(self):
        """Moving costs the same at the first and at the fifth time, giving back likewise."""
        reservation = self.book(self.window_on(self.morning, NEXT_DAY))
        reservation._reschedule(self.window_on(self.evening, NEXT_DAY), now=NOW)
        for days in (1, 2, 3, 7):
            choice = self.window_on(self.morning, NEXT_DAY + timedelta(days=days))
            with self.subTest(days=days):
                made = self.count_queries(lambda choice=choice: reservation._reschedule(choice, now=NOW))
                self.assertLessEqual(made, RESCHEDULE_QUERIES)
        self.assertEqual(reservation.reschedule_count, 5)
        self.assertLessEqual(self.count_queries(lambda: reservation._cancel(now=NOW)), CANCEL_QUERIES)
