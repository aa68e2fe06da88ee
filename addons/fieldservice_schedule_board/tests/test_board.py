from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import HOUR, NINE, TODAY, BoardCase


class TestBoard(BoardCase):
    """What the board shows, and to whom."""

    def kinds(self, job):
        """Return which conflicts the board shows at a job."""
        return [conflict["kind"] for conflict in self.see(job)["conflicts"]]

    def test_rows(self):
        """Everybody active in the company has a row, also who has nothing to do; nobody else has."""
        self.create_job(NINE, self.maria)
        away = self.env["fsm.person"].create({"name": "Left the firm", "active": False})
        other = self.env["res.company"].create({"name": "Another firm"})
        foreign = self.env["fsm.person"].create({"name": "Foreign", "company_id": other.id})
        ids = [row["id"] for row in self.open()["technicians"]]
        self.assertEqual(ids, (self.maria | self.tom).ids)
        self.assertFalse({away.id, foreign.id} & set(ids))

    def test_jobs(self):
        """A job has its customer, site, unit and skills; the cancelled and those of other days are not there."""
        van = self.env["fsm.equipment"].create(
            {"name": "Ford Transit", "serial_number": "7", "owned_by_id": self.customer.id}
        )
        job = self.create_job(NINE, self.maria, equipment_id=van.id, skill_ids=[(6, 0, self.skill.ids)])
        gone = self.create_job(NINE, self.tom)
        gone.action_cancel()
        later = self.create_job(NINE + timedelta(days=1), self.maria)
        shown = self.see(job)
        self.assertEqual(
            (shown["customer"], shown["site"], shown["unit"], shown["skills"], shown["person_id"]),
            ("Harbour Fleet", "Lot 3", "Ford Transit #7", ["Glass II"], self.maria.id),
        )
        self.assertIsNone(self.see(gone))
        self.assertIsNone(self.see(later))
        self.assertIn(later.id, [one["id"] for one in self.open(count=7)["jobs"]])

    def test_waiting(self):
        """What nobody has waits beside the board, the urgent first; with a time it has a row as well."""
        timed = self.create_job(NINE)
        plain = self.create_job()
        urgent = self.create_job(priority="2")
        shown = self.open(domain=[("id", "in", (timed | plain | urgent).ids)])
        self.assertEqual(shown["waiting"][0]["id"], urgent.id)
        self.assertEqual(shown["waiting_count"], 3)
        self.assertEqual([one["id"] for one in shown["jobs"]], timed.ids)

    def test_days_are_the_companys(self):
        """The day begins at the company's midnight, whatever the user's zone; also when the clock jumps."""
        self.company.partner_id.tz = "America/New_York"
        self.dispatcher.tz = "Asia/Tokyo"
        late = self.create_job(datetime(2031, 10, 21, 3, 30))  # 23:30 on the 20th in New York
        self.assertTrue(self.see(late))
        days = self.env["fsm.board"]._get_days(date(2031, 11, 2), 1)
        self.assertEqual((days.end - days.begin) / 3600, 25)
        self.assertEqual(self.open()["zone"], "America/New_York")

    def test_overlap(self):
        """A manager's overbooking says so at both jobs, with his reason."""
        first = self.create_job(NINE, self.maria)
        second = self.create_job()
        second.with_user(self.boss)._overbook(self.maria, NINE, 1.0, "the customer insists")
        for job, other in ((first, second), (second, first)):
            texts = " ".join(one["text"] for one in self.see(job)["conflicts"])
            self.assertIn(other.name, texts)
            self.assertIn("the customer insists", texts)

    def test_outside_hours_and_leave(self):
        """Work outside of the hours is told, and so is a leave that came later; a good job has no conflict."""
        good = self.create_job(NINE, self.maria)
        early = self.create_job(NINE - 3 * HOUR, self.maria)
        away = self.create_job(NINE, self.tom)
        self.create_leave(NINE, NINE + 2 * HOUR, person=self.tom)
        self.assertEqual(self.kinds(good), [])
        self.assertEqual(self.kinds(early), ["hours"])
        self.assertEqual(self.kinds(away), ["away"])

    def test_skill(self):
        """A technician without a skill that the job asks for is told by name."""
        job = self.create_job(NINE, self.maria, skill_ids=[(6, 0, self.skill.ids)])
        self.assertEqual([one["text"] for one in self.see(job)["conflicts"]], ["Maria lacks Glass II."])

    def test_driving(self):
        """Too little time for the way is told; enough is none; the minutes are there either way."""
        far = self.env["fsm.location"].create({"name": "Far lot", "owner_id": self.customer.id, "tz": "UTC"})
        self.locate(far, 28.50, -81.10)
        self.create_job(NINE, self.maria)
        close = self.create_job(NINE + HOUR, self.maria, location_id=far.id)
        self.assertEqual(self.kinds(close), ["driving"])
        close.scheduled_date_start = NINE + 4 * HOUR
        self.assertEqual(self.kinds(close), [])
        self.assertGreater(self.see(close)["driving"], 30)

    def test_shades(self):
        """Hours off and leaves are shaded; why somebody is away is told to planners, not to colleagues."""
        self.create_leave(NINE, NINE + HOUR, "Dentist", person=self.tom)
        for user, title in ((self.dispatcher, "Dentist"), (self.user_maria, None)):
            with self.subTest(user=user.name):
                shades = self.open(user)["shades"]
                titles = [shade["title"] for shade in shades if shade["kind"] == "leave"]
                self.assertEqual(titles, [title] if title else [])
        off = [one for one in self.open()["shades"] if one["kind"] == "off" and one["person_id"] == self.maria.id]
        self.assertEqual(
            [(one["start"][11:16], one["stop"][11:16]) for one in off], [("00:00", "08:00"), ("17:00", "00:00")]
        )

    def test_technician_sees_own(self):
        """A technician sees his own row and jobs; who manages sees those of his people; nobody else sees any."""
        mine, foreign = self.create_job(NINE, self.maria), self.create_job(NINE, self.tom)
        shown = self.open(self.user_maria)
        self.assertEqual([row["id"] for row in shown["technicians"]], self.maria.ids)
        self.assertEqual([one["id"] for one in shown["jobs"]], mine.ids)
        self.maria.write({"is_manager": True, "managed_ids": self.tom.ids})
        self.assertEqual({one["id"] for one in self.open(self.user_maria)["jobs"]}, {mine.id, foreign.id})
        stranger = new_test_user(self.env, "stranger@board", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.open(stranger)
        with self.assertRaises(AccessError):
            self.env["fsm.route.map"].with_user(stranger).read_routes(TODAY.isoformat())

    def test_second_company(self):
        """Who works for another company sees nothing of this one."""
        self.create_job(NINE, self.maria)
        self.maria.company_id = self.tom.company_id = self.company
        shown = self.as_user(self.create_stranger()).read_board([], TODAY.isoformat(), 1)
        self.assertEqual((shown["technicians"], shown["jobs"], shown["waiting"]), ([], [], []))
