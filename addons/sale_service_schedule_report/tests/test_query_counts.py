from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.service_schedule.tests.common import NOW, TODAY

from .common import ReportCase

REFRESH_QUERIES = 14


@tagged("post_install", "-at_install")
class TestQueryCounts(ReportCase):
    """How often the database is asked, whatever the numbers of resources, days and reservations."""

    def count_queries(self, function):
        """Return how many queries ``function`` makes from cold records."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def count_of_refresh(self, people, days):
        """Return the queries of computing ``days`` of ``people`` who work by calendars of their own."""
        hours = [(day, 8, 16) for day in range(5)]
        resources = [
            self.create_person(f"Person {number}", self.create_calendar(f"Hours {number}", hours))
            for number in range(people)
        ]
        self.create_visit(*resources)
        last_day = TODAY + timedelta(days=days - 1)
        return self.count_queries(lambda: self.refresh(first_day=TODAY - timedelta(days=3), last_day=last_day))

    def test_refresh(self):
        """Computing available hours costs the same for one person and a week as for thirty and a year."""
        self.refresh()  # rights and defaults into the registry's caches
        few = self.count_of_refresh(1, 7)
        many = self.count_of_refresh(30, 365)
        self.assertEqual(few, many)
        self.assertLessEqual(many, REFRESH_QUERIES)

    def test_report(self):
        """A pivot costs the same for one reservation as for twenty."""
        self.refresh()
        sets = [[], ["resource_id"], ["resource_id", "date:week"]]
        measures = ["reserved_hours:sum", "utilisation:avg", "expected_revenue:sum"]

        def read():
            self.report.formatted_read_grouping_sets([("point_id", "=", self.point.id)], sets, measures)

        visit = self.create_visit(self.create_person())
        self.book_visit(visit, "2026-10-20T08:00:00-04:00")
        read()
        few = self.count_queries(read)
        for number in range(9, 20):
            self.book_visit(visit, f"2026-10-21T{number:02}:00:00-04:00", now=NOW)
        self.assertEqual(self.count_queries(read), few)
