from .common import HOUR, NINE, FieldCase


class TestQueryCounts(FieldCase):
    """What it costs to plan many jobs."""

    def count(self, work):
        """Return how many queries ``work`` makes, flushed."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_assigning_many(self):
        """Assigning, moving and releasing jobs costs a few queries for each, the same for 10 and for 200."""
        self.create_job(NINE - HOUR, self.maria)  # the company's field work is set up
        jobs = self.env["fsm.order"].create([self.job_values(NINE + hour * HOUR) for hour in range(210)])
        few, many = jobs[:10], jobs[10:]
        for name, change, most in (
            ("assign", {"person_id": self.maria.id}, 8),
            ("reassign", {"person_id": self.tom.id}, 7),
            ("release", {"person_id": False}, 10),
        ):
            with self.subTest(change=name):
                first = self.count(lambda change=change: few.write(change))
                cost = (self.count(lambda change=change: many.write(change)) - first) / 190
                self.assertLessEqual(cost, most)
