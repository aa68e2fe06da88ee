from odoo.exceptions import AccessError
from odoo.tests import Form

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

    def test_every_door(self):
        """Who manages Tom gives jobs to him and to nobody else, by each way in which a job gets its technician."""
        self.maria.write({"is_manager": True, "managed_ids": self.tom.ids})
        stranger = self.env["fsm.person"].create({"name": "Stranger"})
        job = self.create_job(NINE + 3 * HOUR, self.tom).with_user(self.user_maria)
        doors = {
            "write": lambda person: job.write({"person_id": person.id}),
            "form": lambda person: self.save_form(job, person),
            "many": lambda person: job._plan_many({job: (person, NINE + 4 * HOUR, 1.0)}),
            "import": lambda person: self.load(job, person),
            "overbooking": lambda person: job._overbook(person, NINE + 5 * HOUR, 1.0, "Because"),
        }
        for name, give in doors.items():
            with self.subTest(name), self.env.cr.savepoint():
                with self.assertRaisesRegex(Exception, "Stranger"), self.env.cr.savepoint():
                    give(stranger)
                self.assertEqual(job.person_id, self.tom)
                give(self.maria)
                self.assertEqual(job.sudo().person_id, self.maria)
                give(self.tom)

    def test_own_time(self):
        """A technician moves his jobs by no door; who may assign does, and his manager.

        Saying again what is so already is no change.
        """
        self.mine.with_user(self.user_maria).write({"scheduled_date_start": str(NINE), "scheduled_duration": 1.0})
        self.user_maria.group_ids += self.env.ref("service_schedule.group_technician")
        for name, move in self.get_time_doors(NINE + 3 * HOUR).items():
            with self.subTest(door=name):
                with self.assertRaisesRegex(Exception, f"for a dispatcher to say.*{self.mine.name}|readonly"):
                    move(self.mine.with_user(self.user_maria))
                self.assert_time(self.mine, self.maria, NINE, NINE + HOUR)
        self.maria.may_assign = True
        self.assert_movable(self.user_maria)
        self.maria.may_assign = False
        self.tom.write({"is_manager": True, "managed_ids": self.maria.ids})
        self.user_tom.group_ids += self.env.ref("service_schedule.group_manager")
        self.assert_movable(self.user_tom)
        self.assert_movable(self.dispatcher, but=("reservation",))

    def assert_movable(self, user, but=()):
        """Check that a user moves Maria's job by each door but those that he has no rights for."""
        for number, name in enumerate(self.get_time_doors(NINE).keys() - set(but)):
            start = NINE + (4 + number) * HOUR
            with self.subTest(door=name, user=user.login), self.env.cr.savepoint():
                self.get_time_doors(start)[name](self.mine.with_user(user))
                self.assertEqual(self.mine.scheduled_date_start, start)

    def get_time_doors(self, start):
        """Return ``{door: what moves a job there}``."""
        text = str(start)
        return {
            "write": lambda job: job.write({"scheduled_date_start": text}),
            "drag": lambda job: job.write({"scheduled_date_start": text, "scheduled_date_end": str(start + HOUR)}),
            "form": lambda job: self.save_start(job, start),
            "import": lambda job: self.load(job, text, "scheduled_date_start"),
            "many": lambda job: job._plan_many({job: (self.maria, start, 1.0)}),
            "reservation": lambda job: self.reschedule(job, start),
        }

    def save_start(self, job, start):
        """Choose a start in the form."""
        with Form(job) as form:
            form.scheduled_date_start = start

    def reschedule(self, job, start):
        """Move the reservation of a job, as the staff of a shop do."""
        reservation = job.sudo().reservation_id.with_user(job.env.user)
        reservation._reschedule(f"time:{start.isoformat()}+00:00", by_staff=True)

    def test_own_length(self):
        """Nor does a technician make his jobs longer, end sooner, or give up their time."""
        mine = self.mine.with_user(self.user_maria)
        for values in (
            {"scheduled_duration": 3},
            {"scheduled_date_end": str(NINE + 2 * HOUR)},
            {"scheduled_date_start": False},
        ):
            with self.subTest(values=values), self.assertRaisesRegex(AccessError, "for a dispatcher to say"):
                mine.write(values)

    def test_reassigned_by_reservation(self):
        """Field staff who see all jobs but plan none give none away by their reservations; a shop's manager does."""
        groups = "fieldservice.group_fsm_user,service_schedule.group_technician"
        user = self._create_user("looker@field", groups)
        self.foreign.scheduled_date_start = NINE + 3 * HOUR
        reservation = self.mine.reservation_id.with_user(user)
        with self.assertRaisesRegex(AccessError, "for a dispatcher to say"):
            reservation._reassign(self.tom.resource_id)
        user.group_ids += self.env.ref("service_schedule.group_manager")
        reservation._reassign(self.tom.resource_id)
        self.assertEqual(self.mine.person_id, self.tom)

    def save_form(self, job, person):
        """Choose a technician in the form."""
        with Form(job) as form:
            form.person_id = person

    def load(self, job, value, column="person_id/.id"):
        """Import a value, such as a technician, for a job; raise what the import says."""
        result = job.load([".id", column], [[str(job.id), str(getattr(value, "id", value))]])
        if result["messages"]:
            raise AccessError("\n".join(message["message"] for message in result["messages"]))

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
