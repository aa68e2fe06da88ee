from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import FR, MO, MONTHLY, WEEKLY, rrule
from freezegun import freeze_time

from odoo.tests import tagged

from .common import NOW, SYDNEY, YORK, PlanCase

DAY = timedelta(days=1)
DAYS = 3 * 365 + 1
LAST = (NOW + DAYS * DAY).date()
ZONES = (
    YORK,
    SYDNEY,
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/St_Johns",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Honolulu",
)
"""Ahead of UTC and behind it, with half hours and quarters, with clocks that change in either half of the year."""
BEGIN = datetime(2026, 3, 9, 8, 30)
"""A Monday, local."""
MONDAYS = {"interval_type": "weekly", "use_byweekday": True, "mo": True}
RULES = {
    "weekly": (MONDAYS, {"freq": WEEKLY, "byweekday": MO}),
    "two weeks": ({**MONDAYS, "interval": 2}, {"freq": WEEKLY, "interval": 2, "byweekday": MO}),
    "the 31st": (
        {"interval_type": "monthly", "use_bymonthday": True, "month_day": 31},
        {"freq": MONTHLY, "bymonthday": 31},
    ),
    "fifth Friday": (
        {"interval_type": "monthly", "use_byweekday": True, "fr": True, "use_setpos": True, "set_pos": 5},
        {"freq": MONTHLY, "byweekday": FR(5)},
    ),
    "quarter": (
        {
            "interval_type": "monthly",
            "interval": 3,
            "use_byweekday": True,
            "mo": True,
            "use_setpos": True,
            "set_pos": 2,
        },
        {"freq": MONTHLY, "interval": 3, "byweekday": MO(2)},
    ),
}
"""``{name: (values of an fsm.frequency, the same for dateutil.rrule)}``."""


def judge(name, begin=BEGIN):
    """Return the local starts that ``dateutil`` finds for a rule, without our code."""
    return [start for start in rrule(dtstart=begin, until=LAST + DAY, **RULES[name][1]) if start.date() <= LAST]


@tagged("post_install", "-at_install")
class TestPlanRrule(PlanCase):
    """Over three years the visits are those of ``dateutil.rrule`` on the wall clocks of their sites."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))

    @classmethod
    def create_plans(cls, names, zones=ZONES, **values):
        """Return ``{(rule, zone): plan}`` of plans in progress, with their visits."""
        plans = {}
        for zone in zones:
            site = cls.create_site(f"Lot in {zone}", zone)
            for name in names:
                rules = cls.create_rules(RULES[name][0], days=DAYS)
                begin = BEGIN.replace(tzinfo=ZoneInfo(zone))
                plans[name, zone] = cls.create_plan(begin, rules, site, **{"holiday_rule": "keep", **values})
        together = cls.env["fsm.recurring"].union(*plans.values())
        together.state = "progress"
        together._generate_orders()
        return plans

    def read_starts(self, plan):
        """Return the local starts, naive, of the visits of a plan that take place."""
        zone = ZoneInfo(plan.location_id.tz)
        visits = plan.fsm_order_ids.filtered(lambda visit: visit.state != "cancelled")
        return sorted(
            visit.scheduled_date_start.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) for visit in visits
        )

    def get_visit(self, plan, number):
        """Return one of the visits of a plan, by its place in the row of due days."""
        return plan.fsm_order_ids.sorted("occurrence_date")[number]

    def move(self, visit, start):
        """Move a visit to a local start, naive."""
        zone = ZoneInfo(visit.location_id.tz)
        visit.scheduled_date_start = start.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)

    def test_every_zone(self):
        """Each rule in fourteen zones; a second run makes no other visit."""
        plans = self.create_plans([name for name in RULES if name != "weekly"])
        self.assertGreater(len(plans), 4 * 12)
        for (name, zone), plan in plans.items():
            with self.subTest(rule=name, zone=zone):
                self.assertEqual(self.read_starts(plan), judge(name))
                self.assertEqual(
                    sorted(plan.fsm_order_ids.mapped("occurrence_date")), [start.date() for start in judge(name)]
                )
        together = self.env["fsm.recurring"].union(*plans.values())
        self.assertFalse(together._generate_orders())

    def test_weekly(self):
        """Monday stays Monday, in Sydney, where it is Sunday in UTC, in Honolulu and in New York."""
        for (_name, zone), plan in self.create_plans(["weekly"], (SYDNEY, "Pacific/Honolulu", YORK)).items():
            with self.subTest(zone):
                self.assertEqual(self.read_starts(plan), judge("weekly"))
                self.assertEqual({start.weekday() for start in self.read_starts(plan)}, {0})

    def test_moved_and_cancelled(self):
        """One is moved to another weekday, one is cancelled, a day is done: no other moves, none is made again."""
        plans = self.create_plans(["two weeks", "the 31st", "fifth Friday", "quarter"], (SYDNEY, YORK))
        for (name, _zone), plan in plans.items():
            expected = judge(name)
            expected[2] += 2 * DAY + timedelta(hours=3)
            expected[-1] -= 3 * DAY
            self.move(self.get_visit(plan, 2), expected[2])
            self.move(self.get_visit(plan, -1), expected[-1])
            self.get_visit(plan, 4).action_cancel()
            del expected[4]
            plans[name, _zone] = plan, sorted(expected), plan.fsm_order_ids
        together = self.env["fsm.recurring"].union(*(plan for plan, _expected, _visits in plans.values()))
        for days in (0, 1, 40):
            with freeze_time(NOW + days * DAY):
                together._generate_orders()
        together.action_suspend()
        together.action_start()
        for (name, zone), (plan, expected, visits) in plans.items():
            with self.subTest(rule=name, zone=zone):
                # what forty days more bring lies behind all that was there
                found = [start for start in self.read_starts(plan) if start.date() <= LAST]
                self.assertEqual(found, expected)
                self.assertLessEqual(visits, plan.fsm_order_ids)
                days = plan.fsm_order_ids.mapped("occurrence_date")
                self.assertEqual(len(days), len(set(days)))

    def test_holidays(self):
        """Mondays of three Christmases: shifted to the next working day, or left out; the rest stays."""
        shifted = {
            date(2026, 12, 21): date(2026, 12, 23),
            date(2027, 12, 27): date(2027, 12, 28),
            date(2028, 12, 25): date(2028, 12, 28),
        }
        for first, open_again in shifted.items():
            self.close(first, open_again - DAY)
        rest = [start for start in judge("weekly") if start.date() not in shifted]
        self.assertEqual(len(judge("weekly")) - len(rest), 3)
        skipping = self.create_plans(["weekly"], (YORK,), holiday_rule="skip")["weekly", YORK]
        self.assertEqual(self.read_starts(skipping), rest)
        shifting = self.create_plans(["weekly"], (YORK,), holiday_rule="next")["weekly", YORK]
        moved = [datetime.combine(day, BEGIN.time()) for day in shifted.values()]
        self.assertEqual(self.read_starts(shifting), sorted([*rest, *moved]))
        # the key of what was shifted is still the day of the rule: no second one is made when the holiday ends
        self.assertLessEqual(set(shifted), set(shifting.fsm_order_ids.mapped("occurrence_date")))
