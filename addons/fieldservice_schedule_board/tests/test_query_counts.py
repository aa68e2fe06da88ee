from datetime import timedelta

from .common import NINE, BoardCase


class TestQueryCounts(BoardCase):
    """What it costs to open the board."""

    def count(self, board):
        """Return how many queries opening the board makes, with nothing at hand."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        board.read_board([], NINE.date().isoformat(), 7)
        return self.env.cr.sql_log_count - before

    def fill(self, people, jobs):
        """Create technicians and jobs of the week, each at a site of its own."""
        fresh = self.env["fsm.person"].create([{"name": f"Technician {one}"} for one in range(people)])
        fresh.resource_id.write({"calendar_id": self.week.id, "tz": "UTC"})
        fresh.partner_id.write({"partner_latitude": 28.5, "partner_longitude": -81.3})
        sites = self.env["fsm.location"].create(
            [{"name": f"Site {one}", "owner_id": self.customer.id, "tz": "UTC"} for one in range(jobs)]
        )
        for number, site in enumerate(sites):
            self.locate(site, 28.5 + number / 1000, -81.4)
        values = []
        for number, site in enumerate(sites):
            day, turn = divmod(number // people, 4)
            start = NINE + timedelta(days=day % 5, hours=2 * turn)
            values.append(
                self.job_values(start, fresh[number % people], location_id=site.id, skill_ids=[(6, 0, self.skill.ids)])
            )
        self.env["fsm.order"].create(values)

    def test_constant(self):
        """Opening a week costs the same number of queries with 2 technicians and 8 jobs as with 25 and 200."""
        board = self.as_user(self.dispatcher)
        self.fill(2, 8)
        self.count(board)  # what is read once for all
        few = self.count(board)
        self.fill(25, 200)
        many = self.count(board)
        self.assertEqual(len(board.read_board([], NINE.date().isoformat(), 7)["jobs"]), 8 + 200)
        self.assertEqual(many, few)
        self.assertLessEqual(many, 45)
