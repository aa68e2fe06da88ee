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

    def test_planning_many(self):
        """Planning jobs together, and moving them together, takes the same queries for 24 as for 4.

        But for the notes in their chatters: whoever plans writes one batch of his own.
        """
        jobs = self.env["fsm.order"].create([self.job_values() for _number in range(28)])
        few, many = jobs[:4], jobs[4:]

        def plan(jobs, person, begin):
            jobs._track_discard()
            jobs._plan_many({job: (person, begin + number * HOUR / 4, 0.25) for number, job in enumerate(jobs)})

        plan(self.create_job(), self.tom, NINE - 24 * HOUR)  # the company's field work is set up
        plan(self.create_job(), self.maria, NINE - 24 * HOUR)
        steps = {"new": (self.maria, 0), "another": (self.tom, 0), "later": (self.tom, 7), "both": (self.maria, 1)}
        for name, (person, day) in steps.items():
            begin = NINE + day * 24 * HOUR
            # both take the locks of one day and of the one before
            least, most = (
                self.count(lambda jobs=jobs, begin=begin, person=person: plan(jobs, person, begin))
                for jobs, begin in ((few, begin), (many, begin + 30 * 24 * HOUR))
            )
            with self.subTest(step=name):
                self.assertLessEqual(most, least + 2)
