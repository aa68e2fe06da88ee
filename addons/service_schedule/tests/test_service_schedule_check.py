from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from ..exceptions import NotBookable
from .common import NEXT_DAY, NOW, ScheduleCase


@tagged("post_install", "-at_install")
@freeze_time(NOW.replace(tzinfo=None))
class TestServiceScheduleCheck(ScheduleCase):
    """Each check is proved by breaking what it guards with raw SQL, behind the ORM's back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env.ref("base.user_admin")
        cls.check = cls.env["service.schedule.check"]
        cls.first = cls.book(cls.window_on(cls.morning, NEXT_DAY))
        cls.second = cls.book(cls.window_on(cls.afternoon, NEXT_DAY))
        cls.before = cls.find()

    @classmethod
    def find(cls):
        """Return ``{(title, id)}`` of all problems."""
        return {(check.title, row_id) for check, rows in cls.check._run() for row_id, _detail in rows}

    def assert_found(self, title, records=None):
        """Check that there are the given problems, with the words of ``title``, and no others than before."""
        found = self.find() - self.before
        self.assertTrue(found, title)
        for words, _row in found:
            self.assertIn(title, words)
        self.assertEqual({row for _words, row in found}, set(records.ids) if records else {None})

    def break_by(self, sql, *arguments):
        """Change the database behind the ORM's back."""
        self.env.flush_all()
        self.env.cr.execute(SQL(sql, *arguments))
        self.env.invalidate_all()

    def drop_constraint(self):
        """Let the database take everything, until the test's savepoint is rolled back."""
        self.break_by("ALTER TABLE service_reservation DROP CONSTRAINT service_reservation_no_overlap")

    def test_sound_books(self):
        """Booking, moving, cancelling, completing and holding leave no problem behind."""
        self.first._reschedule(self.window_on(self.evening, NEXT_DAY), now=NOW)
        self.second._cancel(now=NOW)
        self.book(self.window_on(self.afternoon, NEXT_DAY))._complete()
        reservations = self.env["service.reservation"]
        held = reservations._hold(self.offer, self.window_on(self.afternoon, NEXT_DAY), holder="partner:1", now=NOW)
        held._confirm(now=NOW)
        given_up = reservations._hold(self.offer, self.window_on(self.morning, NEXT_DAY), holder="partner:1", now=NOW)
        given_up._release()
        self.assertEqual(self.find(), self.before)

    def test_resized_to_another_resource(self):
        """Work that grows and finds room elsewhere says so in its history; whom the customer asked for, it keeps."""
        small, large = (
            self.env["resource.resource"].create(
                {"name": name, "resource_type": "material", "calendar_id": False, "tz": "UTC", "lane_count": count}
            )
            for name, count in (("Small", 2), ("Large", 4))
        )
        self.offer.resource_ids = small | large
        self.offer.assignment = "first"
        choice = self.window_on(self.evening, NEXT_DAY)
        growing = self.book(choice, resources=small)
        growing.is_resource_chosen = False
        asked = self.book(choice, resources=small)
        growing._resize(3)
        self.assertEqual((growing.resource_id, growing.lanes, growing.revision), (large, 3, 1))
        self.assertEqual(growing.change_ids.sorted("id").mapped("kind"), ["booked", "resized"])
        with self.assertRaises(NotBookable):
            asked._resize(3)
        asked._resize(2)
        self.assertEqual((asked.resource_id, asked.lanes, asked.revision), (small, 2, 0))
        self.assertEqual(self.find(), self.before)

    def test_place_taken_twice(self):
        """Two claims on one place at one time are found although the constraint is gone, and its absence as well."""
        self.drop_constraint()
        self.break_by(
            """UPDATE service_reservation r SET start = f.start, stop = f.stop, blocked_start = f.blocked_start,
                      blocked_stop = f.blocked_stop, lane = f.lane, window_id = f.window_id,
                      wall_start = f.wall_start, wall_stop = f.wall_stop
                 FROM service_reservation f WHERE f.id = %s AND r.id = %s""",
            self.first.id,
            self.second.id,
        )
        found = self.find() - self.before
        titles = {title: row for title, row in found}
        self.assertEqual(titles["No place is taken twice at a time"], self.second.id)
        self.assertIn("The database refuses to take a place twice", titles)

    def test_overlap_of_many_places(self):
        """A claim over several places is found where only one of them is taken, and not where they touch."""
        self.drop_constraint()
        before = self.find() - self.before
        self.break_by(
            """UPDATE service_reservation SET start = '2026-10-20 12:00', blocked_start = '2026-10-20 12:00',
                      stop = '2026-10-20 21:00', blocked_stop = '2026-10-20 21:00', lane = 1, lanes = 4
                WHERE id = %s""",
            self.first.id,
        )
        self.break_by("UPDATE service_reservation SET lane = 0, lanes = 1 WHERE id = %s", self.second.id)
        title = "No place is taken twice at a time"
        self.assertNotIn(title, {words for words, _row in self.find() - self.before - before})
        self.break_by("UPDATE service_reservation SET lane = 3, lanes = 2 WHERE id = %s", self.second.id)
        self.assertIn((title, self.second.id), self.find())

    def test_missing_constraint(self):
        """A dropped constraint is found, also when a weaker one has its name."""
        self.drop_constraint()
        self.assert_found("The database refuses")
        self.break_by(
            """ALTER TABLE service_reservation ADD CONSTRAINT service_reservation_no_overlap EXCLUDE USING gist (
               int4range(resource_id, resource_id, '[]') WITH =, tsrange(start, stop) WITH &&)
               WHERE (state = 'nowhere')"""
        )
        self.assert_found("The database refuses")

    def test_beyond_the_places(self):
        """A claim on a place that the counter does not have is found; not once it is listed as a trouble, nor later."""
        self.break_by("UPDATE service_reservation SET lane = 10 WHERE id = %s", self.first.id)
        self.assert_found("within the places", self.first)
        with self.env.cr.savepoint() as savepoint:
            self.break_by("UPDATE service_reservation SET trouble = 'place' WHERE id = %s", self.first.id)
            self.assertEqual(self.find(), self.before)
            savepoint.rollback()
        with freeze_time(NOW.replace(tzinfo=None) + timedelta(days=30)):
            self.assertNotIn(self.first.id, {row for _title, row in self.find()})

    def test_holds(self):
        """A hold without end, an end without a hold, and one who holds what is booked are found."""
        self.break_by("ALTER TABLE service_reservation DROP CONSTRAINT service_reservation_held_expires")
        for values in ("expires_at = '2026-10-19 13:00'", "state = 'held'", "holder = 'partner:1'"):
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                self.break_by(f"UPDATE service_reservation SET {values} WHERE id = %s", self.first.id)
                self.assert_found("Holds expire", self.first)
                savepoint.rollback()

    def test_stale_holds(self):
        """A hold that expired long ago says that nobody clears them away; one just expired does not."""
        held = self.env["service.reservation"]._hold(
            self.offer, self.window_on(self.evening, NEXT_DAY), holder="partner:1", now=NOW
        )
        late = fields.Datetime.now() - timedelta(minutes=30)
        self.break_by("UPDATE service_reservation SET expires_at = %s WHERE id = %s", late, held.id)
        self.assertEqual(self.find(), self.before)
        late -= timedelta(minutes=31)
        self.break_by("UPDATE service_reservation SET expires_at = %s WHERE id = %s", late, held.id)
        self.assert_found("cleared away", held)

    def test_wall_clock(self):
        """A time that is not what the promised wall clock shows is found, and so is a zone that there is not."""
        wrong = {
            "wall_start": "2026-10-20T09:00:00-04:00",
            "wall_stop": "2026-10-20T12:00:00-05:00",
            "tz": "Mars/Olympus",
        }
        for name, value in wrong.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.break_by(
                    "UPDATE service_reservation SET %s = %s WHERE id = %s", SQL.identifier(name), value, self.first.id
                )
                self.assert_found("wall clock", self.first)
                savepoint.rollback()

    def test_history(self):
        """Histories that are missing, begin otherwise, end elsewhere or tell another revision are found."""
        mine = "WHERE reservation_id = %s"
        for title, sql in {
            "begins with": f"UPDATE service_reservation_change SET kind = 'cancelled' {mine}",
            "ends where": f"UPDATE service_reservation_change SET to_start = to_start - interval '1 day' {mine}",
            "ends where it": f"UPDATE service_reservation_change SET revision = 7 {mine}",
            "begins": f"DELETE FROM service_reservation_change {mine}",
        }.items():
            with self.subTest(title), self.env.cr.savepoint() as savepoint:
                self.break_by(sql, self.first.id)
                self.assert_found(title, self.first)
                savepoint.rollback()

    def test_public_references(self):
        """Two reservations with one public reference are found although the constraint is gone."""
        self.break_by("ALTER TABLE service_reservation DROP CONSTRAINT service_reservation_public_id_uniq")
        self.break_by(
            "UPDATE service_reservation SET public_id = %s WHERE id = %s", self.first.public_id, self.second.id
        )
        self.assert_found("public reference", self.first | self.second)

    def test_strangers(self):
        """A claim at another service point than its offer's, or of another company, is found."""
        other = self.point.copy({"name": "Other"})
        company = self.env["res.company"].create({"name": "Other"})
        for name, value in (("point_id", other.id), ("company_id", company.id)):
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.break_by(
                    "UPDATE service_reservation SET %s = %s WHERE id = %s", SQL.identifier(name), value, self.first.id
                )
                self.assert_found("agree", self.first)
                savepoint.rollback()

    def test_screen(self):
        """An administrator reads a green sentence, or the problems with the way to their records."""
        check = self.check.with_user(self.admin)
        result = check.browse(check.action_check()["res_id"])
        self.assertEqual(result.problem_count, len(self.before))
        self.assertGreaterEqual(result.check_count, 10)
        self.assertGreaterEqual(result.reservation_count, 2)
        self.break_by("UPDATE service_reservation SET lane = 10 WHERE id = %s", self.first.id)
        result = check.browse(check.action_check()["res_id"])
        self.assertEqual(result.problem_count, len(self.before) + 1)
        problem = result.problem_ids.filtered(lambda problem: problem.res_id == self.first.id)
        self.assertIn("places", problem.title)
        action = problem.action_open_record()
        self.assertEqual((action["res_model"], action["res_id"]), ("service.reservation", self.first.id))

    def test_administrators_only(self):
        """Managers of the schedule do not run the checks, nor read what they found."""
        for user in (self.technician, self.manager):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                self.check.with_user(user).action_check()
        menu = self.env.ref("service_schedule.service_schedule_check_menu")
        self.assertEqual(menu.group_ids, self.env.ref("base.group_system"))

    def test_query_count(self):
        """As many queries for many reservations as for a few."""
        self.check._run()
        with self.assertQueryCount(len(self.check._get_checks())):
            self.check._run()
        for day in range(2, 5):
            self.book(self.window_on(self.morning, NEXT_DAY + timedelta(days=day)))
        self.env.flush_all()
        with self.assertQueryCount(len(self.check._get_checks())):
            self.check._run()
