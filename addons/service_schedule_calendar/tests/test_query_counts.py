from datetime import timedelta

from odoo.tests import freeze_time, tagged

from odoo.addons.service_schedule.tests.common import NOW, TODAY
from odoo.addons.service_schedule.tests.test_query_counts import AVAILABILITY_QUERIES

from .common import CalendarCase


@tagged("post_install", "-at_install")
@freeze_time(NOW.replace(tzinfo=None))
class TestQueryCounts(CalendarCase):
    """How often the database is asked for the meetings of many people."""

    def set_people(self, count, meetings):
        """Let so many people with users do the work, each with so many meetings in the next weeks."""
        users = self.env["res.users"].create(
            [{"name": f"Person {number}", "login": f"{count}-{meetings}-{number}"} for number in range(count)]
        )
        self.hour.resource_ids = self.env["resource.resource"].union(
            *[self.create_person(user.name, user_id=user.id) for user in users]
        )
        self.env.flush_all()
        self.env.cr.execute(
            """WITH event AS (INSERT INTO calendar_event (name, start, stop, active, show_as, user_id)
                              SELECT 'Meeting', %(day)s::timestamp + i * interval '10 minutes',
                                     %(day)s::timestamp + (i + 1) * interval '10 minutes', TRUE, 'busy', u
                                FROM generate_series(1, %(meetings)s) AS i, unnest(%(users)s) AS u
                           RETURNING id, user_id)
               INSERT INTO calendar_attendee (event_id, partner_id, state)
               SELECT event.id, u.partner_id, 'accepted' FROM event JOIN res_users u ON u.id = event.user_id""",
            {"meetings": meetings, "day": TODAY, "users": users.ids},
        )

    def count_queries(self, function):
        """Return how many queries ``function`` makes from cold records."""
        function()  # rights and defaults into the registry's caches
        self.env.cr.flush()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        return self.env.cr.sql_log_count - before

    def read_slots(self):
        """Read 30 days of slots; return them."""
        return self.hour.get_availability(TODAY, TODAY + timedelta(days=29), now=NOW)

    def test_availability(self):
        """As many queries for 50 people as for one, for 1,000 meetings as for ten: one more than without calendars."""
        counts = {}
        self.hour.horizon_days = 0
        for people, meetings in ((1, 10), (1, 1000), (50, 10), (50, 200)):
            self.set_people(people, meetings)
            self.assertTrue(self.read_slots())
            counts[people, meetings] = self.count_queries(self.read_slots)
        self.assertEqual(len(set(counts.values())), 1, counts)
        self.assertLessEqual(counts[1, 10], AVAILABILITY_QUERIES + 1)
        self.maria.user_id = False
        self.hour.resource_ids = self.maria
        self.assertEqual(self.count_queries(self.read_slots), counts[1, 10] - 1)

    def test_review(self):
        """What many meetings lie over is found by as many queries as for one."""
        many = self.env["service.reservation"].union(*[self.book_hour(hour) for hour in range(9, 19)])
        self.meet(13, 20)
        self.settle()
        self.assertEqual(set(many.mapped("trouble")), {"busy", False})
        self.assertLessEqual(self.count_queries(many._find_trouble), self.count_queries(many[:1]._find_trouble))

    def test_finding_what_is_out_of_step(self):
        """One query says what is to be done, however much that is."""
        for hour in range(9, 19):
            self.book_hour(hour)
        self.settle()
        find = self.env["service.reservation"]._find_out_of_step
        self.assertEqual(self.count_queries(find), 1)
