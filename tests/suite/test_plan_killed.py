"""Generation of visits is killed in the middle, twice, and two go on at once: each visit is there once."""

import time

import psutil
from nursery import Nursery
from plan_lab import PROGRAM, count_visits, create_plans, find_faults
from suite_server import PATIENCE, ServedCase, transaction

from odoo.tests import tagged

PLANS = 450
"""More than four batches."""
REACH = (150, 300)
"""So many plans the makers that are killed can have: however late they are killed, they are not through."""
VISITS = 2


@tagged("post_install", "-at_install", "standard")
class TestPlanKilled(ServedCase):
    """Real processes on a database of their own; see ``fieldservice_schedule_plan/models/batches.py``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with transaction(cls.database) as env:
            env["fsm.recurring"].search([("state", "=", "progress")]).state = "suspend"
            cls.plan_ids = create_plans(env, PLANS).ids
        cls.nursery = Nursery(cls.database, PROGRAM)
        cls.addClassCleanup(cls.nursery.close)

    def read_done(self):
        """Return how many plans have visits."""
        with transaction(self.database) as env:
            return len(count_visits(env.cr, self.plan_ids))

    def wait_for_more(self, before):
        """Wait until more plans have visits than before; return how many."""
        until = time.monotonic() + PATIENCE
        while (done := self.read_done()) <= before:
            self.assertLess(time.monotonic(), until, f"still {done} plans")
            time.sleep(0.01)
        return done

    def kill_in_the_middle(self, before, reach):
        """Let a maker begin, and kill it (``kill -9``) when it has kept a batch more; return the plans done.

        :param int reach: how many plans nobody else has meanwhile
        """
        with transaction(self.database) as env:
            env.cr.execute("SELECT FROM fsm_recurring WHERE id = ANY(%s) FOR UPDATE", [self.plan_ids[reach:]])
            maker = psutil.Process(self.nursery.start())
            self.wait_for_more(before)
            maker.kill()
            maker.wait()
        return self.read_done()

    def test_killed_twice(self):
        """What was kept stays, nothing is made twice, and two makers that go on at once share the rest."""
        first = self.kill_in_the_middle(0, REACH[0])
        second = self.kill_in_the_middle(first, REACH[1])
        self.assertTrue(0 < first < second < PLANS, (first, second))
        self.nursery.start()
        self.nursery.start()
        self.nursery.wait()
        with transaction(self.database) as env:
            self.assertEqual(find_faults(env.cr, self.plan_ids, VISITS), [])
            plans = env["fsm.recurring"].browse(self.plan_ids)
            self.assertTrue(all(plan.generated_on for plan in plans))
