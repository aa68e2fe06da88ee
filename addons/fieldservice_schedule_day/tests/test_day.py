from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError

from .common import HOUR, NINE, DayCase


@freeze_time("2031-10-20 08:35:00")
class TestDay(DayCase):
    """What a day tells."""

    def read_day(self, day=None, technician=None, user=None, job=None):
        """Return a day as a user's phone gets it."""
        people = self.env["fsm.person"].with_user(user or self.user_maria)
        return people._find_field_technician(technician)._get_field_day(day, job)

    def test_stops(self):
        """The technician's own stops of the day, by planned time, whatever their order in the database."""
        early = self.create_job(NINE - HOUR, self.maria, hours=0.5)
        self.create_job(NINE + 24 * HOUR, self.maria)
        self.create_job(None, self.maria)
        day = self.read_day()
        self.assertEqual([stop["id"] for stop in day["stops"]], [early.id, self.job.id, self.second.id])
        self.assertEqual((day["now"], day["today"], day["day"]), ("2031-10-20T08:35:00Z", "2031-10-20", "2031-10-20"))
        counts = {one["day"]: one["count"] for one in day["days"]}
        self.assertEqual((len(counts), counts["2031-10-20"], counts["2031-10-21"]), (8, 3, 1))

    def test_values(self):
        """Where, who, what; phones once each; nothing that JSON does not know."""
        self.customer.phone = "+1 218-555-0100"
        stop = self.read_day()["stops"][0]
        self.assertEqual(stop["phones"], [{"name": "Lot 3", "number": "+1 218-555-0100"}])
        self.assertIn("310 Canal Park Drive", stop["address"])
        self.assertEqual(stop["units"], [{"id": self.van.id, "name": "Ford Transit", "number": "12", "notes": ""}])
        self.assertEqual((stop["start"], stop["state"]), ("2031-10-20T09:00:00Z", "assigned"))

    def test_other_days(self):
        """Yesterday and six days ahead; what is further away, or no date, is today."""
        tomorrow = self.create_job(NINE + 24 * HOUR, self.maria)
        self.assertEqual([stop["id"] for stop in self.read_day("2031-10-21")["stops"]], [tomorrow.id])
        for text in ("2031-10-27", "2031-10-18", "9999-12-31", "x", 7, ""):
            self.assertEqual(self.read_day(text)["day"], "2031-10-20")

    def test_named_job(self):
        """The address of a stop leads to its day; what is further away, another's or left over leads to today."""
        tomorrow = self.create_job(NINE + 24 * HOUR, self.maria)
        far = self.create_job(NINE + 24 * 20 * HOUR, self.maria)
        other = self.create_job(NINE + 24 * HOUR, self.tom)
        with freeze_time("2031-10-18 08:00:00"):
            old = self.create_job(NINE - 24 * HOUR, self.maria)
        self.assertEqual(self.read_day(job=tomorrow.id)["day"], "2031-10-21")
        for job in (far.id, other.id, old.id, "x", [], None):
            self.assertEqual(self.read_day(job=job)["day"], "2031-10-20", job)
        self.assertEqual([stop["id"] for stop in self.read_day(job=old.id)["left"]], [old.id])

    def test_left_over(self):
        """What nobody finished on earlier days is shown below today's, and on no other day."""
        with freeze_time("2031-10-17 08:00:00"):
            old = self.create_job(NINE - timedelta(days=3), self.maria)
            done = self.create_job(NINE - timedelta(days=3) + HOUR, self.maria)
            done.action_complete()
        self.assertEqual([stop["id"] for stop in self.read_day()["left"]], [old.id])
        self.assertFalse(self.read_day("2031-10-21")["left"])

    def test_own_clock(self):
        """The day is that of the technician's clock; each stop tells the clock of its site."""
        self.maria.resource_id.tz = "Pacific/Auckland"  # 13 hours ahead: it is Monday evening, the jobs are at ten
        day = self.read_day()
        self.assertEqual((day["tz"], day["day"], len(day["stops"])), ("Pacific/Auckland", "2031-10-20", 1))
        self.assertEqual(day["stops"][0]["tz"], "UTC")
        self.assertEqual(day["days"][2]["count"], 1)

    def test_driving(self):
        """Minutes of driving from home and from stop to stop; None where a place is not known."""
        self.assertEqual([stop["driving"] for stop in self.read_day()["stops"]], [None, None])
        self.site.write({"partner_latitude": 46.7812, "partner_longitude": -92.0927})
        other = self.env["fsm.location"].create(
            {"name": "Hill", "owner_id": self.customer.id, "partner_latitude": 46.86, "partner_longitude": -92.05}
        )
        self.second.location_id = other
        first, second = (stop["driving"] for stop in self.read_day()["stops"])
        self.assertIsNone(first)
        self.assertTrue(10 < second < 40, second)

    def test_driving_of_dispatch(self):
        """By the roads that dispatch knows, from the stop before also when it is done; not from one that is off."""
        places = {"home": (46.70, -92.10), "lot": (46.7812, -92.0927), "hill": (46.86, -92.05)}
        self.maria.partner_id.write(dict(zip(("partner_latitude", "partner_longitude"), places["home"], strict=True)))
        self.site.write({"partner_latitude": 46.7812, "partner_longitude": -92.0927})
        other = self.env["fsm.location"].create(
            {"name": "Hill", "owner_id": self.customer.id, "partner_latitude": 46.86, "partner_longitude": -92.05}
        )
        self.second.location_id = other
        third = self.create_job(NINE + 5 * HOUR, self.maria)
        company = self.job.company_id
        company.write({"dispatch_roads": "osrm", "dispatch_roads_url": "https://roads.example", "dispatch_padding": 0})
        points = [(round(lat * 100_000), round(lon * 100_000)) for lat, lon in places.values()]
        told = [[(0, 0), (601, 1), (3000, 1)], [(700, 1), (0, 0), (1800, 1)], [(2000, 1), (1900, 1), (0, 0)]]
        self.env["fsm.travel"]._keep(company, company._get_road_service(), points, points, told)
        self.assertEqual([stop["driving"] for stop in self.read_day()["stops"]], [11, 30, 32])
        ways = (self.job | self.second | third)._get_driving()
        self.assertEqual([way.minutes for way in ways.values()], [11, 30, 32])
        self.job.action_complete()
        self.assertEqual([stop["driving"] for stop in self.read_day()["stops"]], [11, 30, 32])
        self.second.action_cancel()
        self.assertEqual([stop["driving"] for stop in self.read_day()["stops"]], [11, None, 0])

    def test_cancelled(self):
        """What is cancelled is shown on its day, and not counted above it."""
        before = self.read_day()
        self.job.action_cancel()
        after = self.read_day()
        self.assertEqual([stop["id"] for stop in after["stops"]], [stop["id"] for stop in before["stops"]])
        self.assertEqual(after["days"][1]["count"], before["days"][1]["count"] - 1)

    def test_whose_day(self):
        """One's own, that of whom one manages, all as a dispatcher, others not; who is none is told so."""
        self.assertTrue(self.read_day()["is_own"])
        self.assertFalse(self.read_day()["people"])
        with self.assertRaisesRegex(UserError, "may not see"):
            self.read_day(technician=self.tom.id)
        self.maria.write({"is_manager": True, "managed_ids": self.tom.ids})
        day = self.read_day(technician=self.tom.id)
        self.assertEqual(([stop["id"] for stop in day["stops"]], day["is_own"]), (self.foreign.ids, False))
        self.assertEqual([one["name"] for one in day["people"]], ["Maria", "Tom"])
        self.assertEqual(len(self.read_day(technician=self.tom.id, user=self.dispatcher)["stops"]), 1)
        self.assertFalse(self.read_day(user=self.dispatcher)["stops"])
        nobody = self._create_user("nobody@field", "fieldservice.group_fsm_user")
        with self.assertRaisesRegex(UserError, "no technician yet"):
            self.read_day(user=nobody)

    def test_queries(self):
        """Three jobs ask as many queries as thirty."""
        counts = []
        for jobs in (1, 27):
            for number in range(jobs):
                start = NINE + timedelta(minutes=20 * (number + 1 + len(counts)) + 180)
                self.create_job(start, self.maria, hours=0.25, equipment_ids=self.van.ids)
            self.env.flush_all()
            self.read_day()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            day = self.read_day()
            counts.append((len(day["stops"]), self.env.cr.sql_log_count - before))
        (few, queries), (many, most) = counts
        self.assertEqual((few, many), (3, 30))
        self.assertLessEqual(most, queries, counts)
        self.assertLess(most, 60)
