from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import NOW, SYDNEY, YORK, PlanCase

york, sydney = ZoneInfo(YORK), ZoneInfo(SYDNEY)
DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestPlan(PlanCase):
    """Which visits a plan makes, and what becomes of them when it or they change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))

    def start(self, *args, **kwargs):
        """Return a plan in progress, with its visits."""
        plan = self.create_plan(*args, **kwargs)
        plan.action_start()
        return plan

    def get_visits(self, plan):
        """Return the visits that shall take place."""
        return plan.fsm_order_ids.filtered(lambda visit: visit.state != "cancelled")

    def test_each_monday(self):
        """Visits on the days of the rules, at the wall clock of the anchor, also when clocks change on 8 March."""
        plan = self.start(datetime(2026, 3, 2, 10, tzinfo=york))
        self.assertEqual(
            self.get_starts(self.get_visits(plan), york),
            [f"Mon 2026-03-{day:02} 10:00" for day in (2, 9, 16, 23, 30)],
        )
        self.assertEqual(set(plan.fsm_order_ids.mapped("scheduled_duration")), {1})

    def test_monday_stays_monday_in_sydney(self):
        """A visit on Mondays at 8 in Sydney, Sunday in UTC, is on Mondays at 8, whatever zone the reader has."""
        site = self.create_site("Harbour", SYDNEY)
        plan = self.start(datetime(2026, 3, 9, 8, tzinfo=sydney), site=site)
        self.assertEqual(
            self.get_starts(self.get_visits(plan), sydney), [f"Mon 2026-03-{day:02} 08:00" for day in (9, 16, 23, 30)]
        )

    def test_moving_one_moves_no_other(self):
        """The last visit is moved by two days and three hours: neither the others nor those to come follow it."""
        plan = self.start(datetime(2026, 3, 2, 10, tzinfo=york))
        last = self.get_visits(plan).sorted("scheduled_date_start")[-1]
        last.scheduled_date_start += 2 * DAY + timedelta(hours=3)
        with freeze_time(NOW + 14 * DAY):
            plan._generate_orders()
        self.assertEqual(
            self.get_starts(self.get_visits(plan), york),
            [f"Mon 2026-03-{day:02} 10:00" for day in (2, 9, 16, 23)]
            + ["Wed 2026-04-01 13:00", "Mon 2026-04-06 10:00", "Mon 2026-04-13 10:00"],
        )

    def test_again_and_again(self):
        """Filling the horizon each day makes each visit once."""
        plan = self.start(datetime(2026, 3, 2, 10, tzinfo=york))
        for number in range(15):
            with freeze_time(NOW + number * DAY):
                plan._generate_orders()
        days = plan.fsm_order_ids.mapped("occurrence_date")
        self.assertEqual(len(days), len(set(days)))
        self.assertEqual(sorted(days), [date(2026, 3, 2) + 7 * number * DAY for number in range(7)])

    def test_cancelled_stays_cancelled(self):
        """What a person cancelled is not made again, by nothing that the plan does."""
        plan = self.start(datetime(2026, 3, 2, 10, tzinfo=york))
        visit = self.get_visits(plan)[0]
        visit.action_cancel()
        plan._generate_orders()
        plan.action_suspend()
        plan.action_start()
        self.assertEqual(visit.state, "cancelled")
        self.assertEqual(len(plan.fsm_order_ids), 5)

    def test_suspend_and_resume(self):
        """Suspended, the visits to come do not take place; resumed, they do, at their times; none is made twice."""
        plan = self.start(datetime(2026, 3, 2, 10, tzinfo=york))
        before = self.get_starts(self.get_visits(plan), york)
        plan.action_suspend()
        self.assertFalse(self.get_visits(plan))
        with freeze_time(NOW + 10 * DAY):
            plan.action_start()
            self.assertEqual(self.get_starts(self.get_visits(plan), york), [*before[2:], "Mon 2026-04-06 10:00"])
        self.assertEqual(len(plan.fsm_order_ids), 6)

    def test_suspend_leaves_what_people_did(self):
        """A visit under way and one that a person moved are not cancelled by suspending the plan."""
        plan = self.start(datetime(2026, 3, 2, 10, tzinfo=york))
        first, second = self.get_visits(plan).sorted("scheduled_date_start")[:2]
        first.person_id = self.env["fsm.person"].create({"name": "Tom"})
        first.action_start()
        second.scheduled_date_start += timedelta(hours=1)
        plan.action_suspend()
        self.assertEqual(self.get_visits(plan), first | second)

    def test_other_rules(self):
        """Visits that nobody touched follow their plan to new days and a new time; on the same days they stay."""
        plan = self.start(datetime(2026, 3, 2, 10, tzinfo=york))
        second = self.get_visits(plan).sorted("scheduled_date_start")[1]
        two_weeks = self.create_rules({"interval_type": "weekly", "interval": 2, "use_byweekday": True, "mo": True})
        plan.write({"fsm_frequency_set_id": two_weeks.id, "start_date": datetime(2026, 3, 9, 15)})
        plan._generate_orders()
        self.assertEqual(self.get_starts(self.get_visits(plan), york), ["Mon 2026-03-09 11:00", "Mon 2026-03-23 11:00"])
        self.assertIn(second, self.get_visits(plan))

    def test_holidays(self):
        """A holiday moves the visit to the next working day, leaves it out or changes nothing, as the plan says."""
        self.close(date(2026, 3, 9), date(2026, 3, 10))
        begin = datetime(2026, 3, 9, 10, tzinfo=york)
        for rule, expected in (
            ("next", "Wed 2026-03-11 10:00"),
            ("skip", "Mon 2026-03-16 10:00"),
            ("keep", "Mon 2026-03-09 10:00"),
        ):
            with self.subTest(rule):
                plan = self.start(begin, holiday_rule=rule)
                self.assertEqual(self.get_starts(plan.fsm_order_ids, york)[0], expected)
                again = plan.fsm_order_ids
                plan._generate_orders()
                self.assertEqual(plan.fsm_order_ids, again)

    def test_holiday_before_the_weekend(self):
        """A Friday's visit moves to Monday, for nobody works between; who chose Saturdays is visited on Saturdays."""
        self.close(date(2026, 3, 6))
        fridays = self.create_rules({"interval_type": "weekly", "use_byweekday": True, "fr": True})
        saturdays = self.create_rules({"interval_type": "weekly", "use_byweekday": True, "sa": True})
        plan = self.start(datetime(2026, 3, 6, 10, tzinfo=york), fridays)
        self.assertEqual(self.get_starts(plan.fsm_order_ids, york)[0], "Mon 2026-03-09 10:00")
        plan = self.start(datetime(2026, 3, 7, 10, tzinfo=york), saturdays, self.create_site("South Lot"))
        self.assertEqual(self.get_starts(plan.fsm_order_ids, york)[0], "Sat 2026-03-07 10:00")

    def test_holiday_that_comes_later(self):
        """A holiday that is entered after the visits were made moves the one that nobody touched."""
        plan = self.start(datetime(2026, 3, 9, 10, tzinfo=york))
        self.close(date(2026, 3, 16))
        plan._generate_orders()
        self.assertIn("Tue 2026-03-17 10:00", self.get_starts(self.get_visits(plan), york))
        self.assertNotIn("Mon 2026-03-16 10:00", self.get_starts(self.get_visits(plan), york))

    def test_end_and_limit(self):
        """No visit after the plan's end, none beyond its limit; then the plan is closed."""
        begin = datetime(2026, 3, 2, 10, tzinfo=york)
        ending = self.start(begin, end_date=datetime(2026, 3, 17))
        limited = self.start(begin, site=self.create_site("South Lot"), max_orders=2)
        self.assertEqual((len(ending.fsm_order_ids), len(limited.fsm_order_ids)), (3, 2))
        with freeze_time(NOW + 20 * DAY):
            self.env["fsm.recurring"]._cron_manage_expiration()
        self.assertEqual((ending.state, limited.state), ("close", "close"))

    def test_no_endless_rule(self):
        """A rule that repeats every 0 weeks is refused when somebody uses it."""
        with self.assertRaisesRegex(ValidationError, "every 0"):
            self.create_plan(
                datetime(2026, 3, 2, 10, tzinfo=york), self.create_rules({"interval_type": "weekly", "interval": 0})
            )
