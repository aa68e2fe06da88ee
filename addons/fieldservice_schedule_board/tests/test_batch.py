from .common import HOUR, NINE, BoardCase


class TestBatch(BoardCase):
    """Many jobs at once: each that can is changed, the others stay and say why."""

    def apply(self, jobs, user=None, **values):
        """Run the wizard on jobs as a user (the dispatcher); return it."""
        wizard = (
            self.env["fsm.order.batch"]
            .with_user(user or self.dispatcher)
            .with_context(active_model="fsm.order", active_ids=jobs.ids)
            .create(values)
        )
        wizard.action_apply()
        return wizard

    def test_assign_many(self):
        """All that fit are assigned; the one that does not is listed, with whom it collides."""
        self.create_job(NINE, self.maria)
        good = self.create_job(NINE + HOUR) | self.create_job()
        taken = self.create_job(NINE)
        wizard = self.apply(good | taken, kind="assign", person_id=self.maria.id)
        self.assertEqual((good.person_id, taken.person_id), (self.maria, self.maria.browse()))
        self.assertEqual(wizard.done_count, 2)
        self.assertIn(taken.name, wizard.refused)
        self.assertIn("Maria already has", wizard.refused)

    def test_take_back(self):
        """Without a technician they are taken back."""
        jobs = self.create_job(NINE, self.maria) | self.create_job(NINE, self.tom)
        self.apply(jobs, kind="assign")
        self.assertEqual(set(jobs.mapped("state")), {"requested"})

    def test_move_states(self):
        """Those that may go there do; steps that are not allowed are told."""
        ready = self.create_job(NINE, self.maria)
        done = self.create_job(NINE, self.tom)
        done.action_complete()
        done.action_close()
        wizard = self.apply(ready | done, kind="state", state="in_progress")
        self.assertEqual((ready.state, done.state), ("in_progress", "closed"))
        self.assertRegex(wizard.refused, f"{done.name} cannot go from Closed to In Progress")

    def test_technician(self):
        """A technician moves his own and gives nobody jobs."""
        mine = self.create_job(NINE, self.maria)
        wizard = self.apply(mine, self.user_maria, kind="assign", person_id=self.tom.id)
        self.assertEqual(mine.person_id, self.maria)
        self.assertIn("cannot give jobs", wizard.refused)
        self.apply(mine, self.user_maria, kind="state", state="in_progress")
        self.assertEqual(mine.state, "in_progress")

    def test_warning(self):
        """Taking jobs from somebody else is worth a word before."""
        jobs = self.create_job(NINE, self.tom) | self.create_job()
        wizard = self.env["fsm.order.batch"].create(
            {"kind": "assign", "person_id": self.maria.id, "order_ids": [(6, 0, jobs.ids)]}
        )
        self.assertIn("1 of them", wizard.warning)
