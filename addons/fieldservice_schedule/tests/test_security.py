from odoo.exceptions import AccessError

from .common import HOUR, NINE, FieldCase


class TestSecurity(FieldCase):
    """Who sees, changes and assigns which jobs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.create_job(NINE, cls.maria)
        cls.foreign = cls.create_job(NINE, cls.tom)
        cls.jobs = cls.mine | cls.foreign

    def seen_by(self, user):
        """Return which of the two jobs a user finds."""
        return self.env["fsm.order"].with_user(user).search([("id", "in", self.jobs.ids)])

    def test_own_documents(self):
        """With "only own documents" one reads and writes one's own jobs and no others (fieldservice: all)."""
        self.assertEqual(self.seen_by(self.user_maria), self.mine)
        self.mine.with_user(self.user_maria).action_start()
        for use in (
            lambda job: job.read(["name"]),
            lambda job: job.write({"resolution": "x"}),
        ):
            with self.assertRaises(AccessError):
                use(self.foreign.with_user(self.user_maria))

    def test_helper_and_manager_see(self):
        """Who helps, and who manages the technician, has the job among his own."""
        self.foreign.person_ids = self.maria
        self.assertEqual(self.seen_by(self.user_maria), self.jobs)
        self.foreign.person_ids = False
        self.maria.write({"is_manager": True, "managed_ids": self.tom.ids})
        self.assertEqual(self.seen_by(self.user_maria), self.jobs)

    def test_dispatcher_sees_all(self):
        """A dispatcher sees and assigns all jobs."""
        self.assertEqual(self.seen_by(self.dispatcher), self.jobs)
        self.foreign.with_user(self.dispatcher).write({"person_id": self.maria.id, "scheduled_date_start": NINE + HOUR})
        self.assert_time(self.foreign, self.maria, NINE + HOUR, NINE + 2 * HOUR)

    def test_who_assigns_whom(self):
        """A technician assigns nobody; who may, himself; a manager those whom he manages, and nobody else."""
        mine = self.mine.with_user(self.user_maria)
        with self.assertRaisesRegex(AccessError, "Tom"):
            mine.write({"person_id": self.tom.id, "scheduled_date_start": NINE + HOUR})
        with self.assertRaises(AccessError):
            mine.person_id = False
        self.maria.may_assign = True
        mine.person_id = False
        self.mine.person_ids = self.maria  # to see it still
        mine.person_id = self.maria
        self.maria.write({"is_manager": True, "managed_ids": self.tom.ids})
        mine.write({"person_id": self.tom.id, "scheduled_date_start": NINE + HOUR})
        self.assertEqual(self.mine.person_id, self.tom)

    def test_limits(self):
        """Nobody but a field service manager says what a technician may decide; technicians do not edit each other."""
        self.maria.with_user(self.boss).write({"approval_limit": 500, "is_manager": True})
        with self.assertRaises(AccessError):
            self.maria.with_user(self.user_maria).may_assign = True
        with self.assertRaises(AccessError):
            self.tom.with_user(self.dispatcher).may_override_prices = True

    def test_reservations_of_jobs(self):
        """The staff of a shop see no reservations of jobs but their own; scheduling managers and field service all."""
        groups = {
            "service_schedule.group_technician": self.env["fsm.order"],
            "service_schedule.group_manager": self.jobs,
            "service_schedule.group_technician,fieldservice.group_fsm_user": self.jobs,
        }
        for number, (names, jobs) in enumerate(groups.items()):
            with self.subTest(groups=names):
                user = self._create_user(f"staff{number}@shop", names)
                for model, path in (
                    ("service.reservation", "job_id"),
                    ("service.reservation.change", "reservation_id.job_id"),
                ):
                    found = self.env[model].with_user(user).search([(path, "in", self.jobs.ids)])
                    self.assertEqual(found.sudo().mapped(path), jobs)
        self.user_maria.group_ids += self.env.ref("service_schedule.group_technician")
        found = self.env["service.reservation"].with_user(self.user_maria).search([("job_id", "in", self.jobs.ids)])
        self.assertEqual(found.sudo().job_id, self.mine)

    def test_technician_without_scheduling_rights(self):
        """Who has field service rights only opens his jobs: the reservation behind them asks for no other right."""
        views = self.env["fsm.order"].with_user(self.user_maria).get_views([(False, "form"), (False, "list")])
        names = [name for name in views["models"]["fsm.order"]["fields"]]
        self.assertNotIn("reservation_id", names)
        self.mine.with_user(self.user_maria).read(["name", "is_overbooked", "exception_reason", "trouble", "state"])
