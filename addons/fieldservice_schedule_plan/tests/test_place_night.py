from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.tests import tagged

from odoo.addons.fieldservice_schedule_dispatch.tests.common import DispatchCase

from .common import run_cron

HOUR = timedelta(hours=1)
YORK = ZoneInfo("America/New_York")
EVENINGS = [datetime(2031, 10, 25), datetime(2031, 11, 1), datetime(2031, 11, 8), datetime(2031, 11, 15)]
"""Saturdays; in the night after the second the clocks go back from 2:00 to 1:00."""


def york(day, hours):
    """Return a time of day in New York as naive UTC."""
    local = (day + timedelta(hours=hours)).replace(tzinfo=YORK)
    return local.astimezone(UTC).replace(tzinfo=None)


@tagged("post_install", "-at_install")
class TestPlaceNight(DispatchCase):
    """Maria works in the nights of Saturday, 22:00 to 6:00 in New York, and visits are made past midnight."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["fsm.recurring"].search([("state", "=", "progress")]).state = "suspend"
        cls.company.partner_id.tz = YORK.key
        cls.site.tz = YORK.key
        hours = [("5", 22, 24), ("6", 0, 6)]
        lines = [(0, 0, {"name": "Night", "dayofweek": day, "hour_from": a, "hour_to": b}) for day, a, b in hours]
        nights = cls.env["resource.calendar"].create(
            {"name": "Nights", "company_id": cls.company.id, "tz": YORK.key, "attendance_ids": [(5, 0, 0), *lines]}
        )
        cls.maria.resource_id.write({"calendar_id": nights.id, "tz": YORK.key})
        cls.preference = cls.env["service.preference"].create({"partner_id": cls.customer.id})

    def wish(self, **values):
        """Let the customer wish for lot walks, and the scheduled action run; return the visits."""
        walks = {"service_mode": "scheduled", "has_lot_walks": True, "mo": False}
        self.preference.write({**walks, **values})
        run_cron(self)
        return self.preference.site_ids.plan_ids.fsm_order_ids.sorted("occurrence_date")

    def assert_given(self, visits, starts):
        """Check that Maria has the visits, at these times."""
        self.assertEqual(visits.filtered("placement_problem").mapped("placement_problem"), [])
        self.assertEqual(visits.mapped("scheduled_date_start"), starts)
        for visit in visits:
            self.assert_time(visit, self.maria, visit.scheduled_date_start, visit.scheduled_date_end)

    def test_over_midnight(self):
        """A visit at 23:30 ends after midnight, also in the night in which the clocks go back."""
        visits = self.wish(sa=True, walk_time=23.5)
        self.assert_given(visits, [york(evening, 23.5) for evening in EVENINGS])

    def test_after_midnight(self):
        """A visit at 3:00 on Sunday is done in the turn that began on Saturday evening, by New York's clock."""
        visits = self.wish(su=True, walk_time=3)
        self.assert_given(visits, [york(evening, 24 + 3) for evening in EVENINGS])
        self.assertEqual(york(EVENINGS[1], 27) - york(EVENINGS[1], 22), 6 * HOUR)

    def test_both_in_one_night(self):
        """What is placed in the evening stands when the morning after it is looked at: she drives from there."""
        far = self.env["fsm.location"].create({"name": "Lot 9", "owner_id": self.customer.id, "tz": YORK.key})
        self.locate(far, 28.5, -81.0)  # some 44 km from Lot 3: more than an hour
        line = self.preference.site_ids.filtered(lambda site: site.location_id == far)
        line.write({"rhythm": "own", "walk_time": 0.5, "mo": False, "su": True})
        visits = self.wish(sa=True, walk_time=23)
        late, early = (visits.filtered(lambda one, site=site: one.location_id == site) for site in (self.site, far))
        self.assert_given(late, [york(evening, 23) for evening in EVENINGS])
        self.assertEqual(len(early), 4)
        for before, after in zip(late, early, strict=True):
            self.assertEqual(after.person_id, self.maria, after.placement_problem)
            self.assertGreater(after.scheduled_date_start, before.scheduled_date_end + HOUR)
        self.assertFalse([way for way in visits._get_driving(with_next=True).values() if way.conflict])

    def test_begins_later_the_same_day(self):
        """Who is not free at 22:30 may begin until midnight, and end after it; not on the next day."""
        first, second = EVENINGS[:2]
        self.create_leave(york(first, 22), york(first, 23.5), person=self.maria)
        self.create_leave(york(second, 22), york(second, 24.5), person=self.maria)
        visits = self.wish(sa=True, walk_time=22.5)
        begun = visits[0].scheduled_date_start
        self.assertTrue(visits[0].person_id, visits[0].placement_problem)
        self.assertTrue(york(first, 23.5) <= begun < york(first, 24) < visits[0].scheduled_date_end, begun)
        self.assertFalse(visits[1].person_id)
        self.assertIn("Maria: ", visits[1].placement_problem)
        self.assertEqual(visits[1].placement_problem.count("Maria: "), 1)

    def test_firm_far_away(self):
        """A firm whose clock shows midnight in the middle of the technicians' day in Kolkata places that whole day."""
        self.maria.resource_id.write({"calendar_id": self.week.id, "tz": "Asia/Kolkata"})
        self.week.tz = "Asia/Kolkata"
        self.site.tz = "Asia/Kolkata"
        # 9:15 to 10:15 in Kolkata: midnight in New York lies within it, as long as it has its summer time
        visits = self.wish(tu=True, walk_time=9.25)
        self.assertEqual(len(visits), 4)
        self.assertEqual(visits.person_id, self.maria, visits.mapped("placement_problem"))
        kolkata = ZoneInfo("Asia/Kolkata")
        walls = {
            visit.scheduled_date_start.replace(tzinfo=UTC).astimezone(kolkata).time().isoformat() for visit in visits
        }
        self.assertEqual(walls, {"09:15:00"})
