"""Visits of plans that are made and placed by several transactions at once: never twice, never over each other."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from suite_race import race, transaction

from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

PLANS = 3
HOURS = 8


@tagged("post_install", "-at_install", "standard")
class TestRaceVisits(BaseCase):
    """Plans that want the same technician at the same hour; he works eight hours on Mondays. Deleted at the end."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # who loses at the constraint leaves a "bad query" in the log
        self.enterContext(mute_logger("odoo.sql_db"))
        tomorrow = datetime.now(UTC).date() + timedelta(days=1)
        self.monday = tomorrow + timedelta(days=-tomorrow.weekday() % 7)
        with transaction() as env:
            customer = env["res.partner"].create({"name": "Race fleet", "is_company": True, "tz": "UTC"})
            hours = env["resource.calendar"].create({"name": "Race week", "tz": "UTC", "attendance_ids": [(5, 0, 0)]})
            hours.attendance_ids = [(0, 0, {"name": "Work", "dayofweek": "0", "hour_from": 9, "hour_to": 9 + HOURS})]
            person = env["fsm.person"].create({"name": "Race technician", "calendar_id": hours.id, "tz": "UTC"})
            sites = env["fsm.location"].create(
                [{"name": f"Race lot {number}", "owner_id": customer.id, "tz": "UTC"} for number in range(PLANS)]
            )
            place = {"partner_latitude": 28.5, "partner_longitude": -81.5}
            (sites.partner_id | person.partner_id).write(place)
            person._create_missing_resources()
            rule = env["fsm.frequency"].create(
                {"name": "Race", "interval": 1, "interval_type": "weekly", "use_byweekday": True, "mo": True}
            )
            rules = env["fsm.frequency.set"].create(
                {"name": "Race", "schedule_days": 21, "fsm_frequency_ids": rule.ids}
            )
            plans = env["fsm.recurring"].create(
                [
                    {
                        "location_id": site.id,
                        "fsm_frequency_set_id": rules.id,
                        "start_date": datetime.combine(self.monday, datetime.min.time()) + timedelta(hours=9),
                        # two visits, whatever day it is
                        "end_date": datetime.combine(self.monday, datetime.min.time()) + timedelta(days=10),
                        "scheduled_duration": 4,
                        "person_id": person.id,
                        "holiday_rule": "keep",
                    }
                    for site in sites
                ]
            )
            plans.state = "progress"
            self.plan_ids, self.person_id, self.site_ids, self.customer_id = (
                plans.ids,
                person.id,
                sites.ids,
                customer.id,
            )
            self.rule_ids, self.hours_id, self.resource_id = (rules.id, rule.id), hours.id, person.resource_id.id
            self.partner_ids = (customer | sites.partner_id | person.partner_id).ids
        self.addCleanup(self._clean)

    def _clean(self):
        with transaction() as env:
            visits = env["fsm.order"].search([("fsm_recurring_id", "in", self.plan_ids)])
            claims = env["service.reservation"].search([("job_id", "in", visits.ids)])
            values = {
                "visits": visits.ids,
                "claims": claims.ids,
                "plans": self.plan_ids,
                "rules": self.rule_ids[0],
                "rule": self.rule_ids[1],
                "person": self.person_id,
                "resource": self.resource_id,
                "hours": self.hours_id,
                "sites": self.site_ids,
            }
            env.cr.execute(
                """UPDATE fsm_order SET reservation_id = NULL WHERE id = ANY(%(visits)s);
                   DELETE FROM service_reservation_change WHERE reservation_id = ANY(%(claims)s);
                   DELETE FROM service_reservation WHERE id = ANY(%(claims)s);
                   DELETE FROM mail_message WHERE model = 'fsm.order' AND res_id = ANY(%(visits)s);
                   DELETE FROM mail_followers WHERE res_model = 'fsm.order' AND res_id = ANY(%(visits)s);
                   DELETE FROM mail_message WHERE model = 'fsm.recurring' AND res_id = ANY(%(plans)s);
                   DELETE FROM mail_followers WHERE res_model = 'fsm.recurring' AND res_id = ANY(%(plans)s);
                   DELETE FROM fsm_order WHERE id = ANY(%(visits)s);
                   DELETE FROM fsm_recurring WHERE id = ANY(%(plans)s);
                   DELETE FROM fsm_frequency_set WHERE id = %(rules)s;
                   DELETE FROM fsm_frequency WHERE id = %(rule)s;
                   DELETE FROM fsm_person WHERE id = %(person)s;
                   DELETE FROM resource_resource WHERE id = %(resource)s;
                   DELETE FROM resource_calendar WHERE id = %(hours)s;
                   DELETE FROM fsm_location WHERE id = ANY(%(sites)s)""",
                values,
            )
            env.cr.execute("DELETE FROM res_partner WHERE id = ANY(%s)", [self.partner_ids])
            env.registry.clear_all_caches()

    def generating(self, *numbers):
        """Return what makes the visits of some of the plans in a transaction."""

        def act(env):
            env["fsm.recurring"].browse([self.plan_ids[number] for number in numbers])._generate_orders()

        return act

    def placing(self, *numbers):
        """Return what looks for technicians for the visits of some of the plans in a transaction."""

        def act(env):
            self.get_visits(env, *numbers)._place()

        return act

    def get_visits(self, env, *numbers):
        """Return the visits of some of the plans, of all without numbers."""
        plans = [self.plan_ids[number] for number in numbers or range(PLANS)]
        return env["fsm.order"].search([("fsm_recurring_id", "in", plans)], order="id")

    def read_claims(self, env):
        """Return ``[(start, stop, lane)]`` of what the technician has, in the order of time."""
        claims = env["service.reservation"].search(
            [("resource_id", "=", self.resource_id), ("state", "in", ("held", "confirmed"))], order="start"
        )
        return [(claim.start, claim.stop, claim.lane) for claim in claims]

    def test_placed_at_once(self):
        """Three who place visits of the same technician and hour: no overlap, losers have another time or say why."""
        with transaction() as env:
            self.generating(*range(PLANS))(env)
            self.assertEqual(len(self.get_visits(env)), PLANS * 2)
        bookers = race([self.placing(number) for number in range(PLANS)])
        self.assertEqual([booker.error for booker in bookers], [None] * PLANS)
        with transaction() as env:
            visits, claims = self.get_visits(env), self.read_claims(env)
            placed = visits.filtered("person_id")
            self.assertTrue(placed)
            self.assertEqual(len(claims), len(placed))
            self.assertEqual({lane for *_span, lane in claims}, {0})
            for (_start, stop, _lane), (start, _stop, _other) in pairwise(claims):
                self.assertLessEqual(stop, start)
            for visit in visits - placed:
                self.assertEqual(visit.state, "requested")
                self.assertIn("Race technician", visit.placement_problem)
            # whoever lost looks again, and sees what the others have: eight hours are two visits of four
            (visits - placed)._place()
            by_day = visits.grouped(lambda visit: visit.occurrence_date)
            for day, own in by_day.items():
                self.assertEqual(len(own.filtered("person_id")), 2, day)
                self.assertIn("Race technician", own.filtered(lambda one: not one.person_id).placement_problem)
            self.assertFalse(visits.filtered("is_moved"))

    def test_placed_and_given_away(self):
        """A dispatcher gives the technician something else while visits are placed: he wins or is told, no overlap."""
        with transaction() as env:
            self.generating(*range(PLANS))(env)
            own, others = self.get_visits(env, 0)[0].id, self.get_visits(env, 1)[0]
            start = others.due_start

        def drag(env):
            env["fsm.order"].browse(own).write(
                {"person_id": self.person_id, "scheduled_date_start": start + timedelta(hours=2)}
            )

        bookers = race([drag, self.placing(1)])
        self.assertIsNone(bookers[1].error)
        with transaction() as env:
            claims = self.read_claims(env)
            self.assertEqual({lane for *_span, lane in claims}, {0})
            for (_start, stop, _lane), (begin, _stop, _other) in pairwise(claims):
                self.assertLessEqual(stop, begin)
            visit = self.get_visits(env, 1)[0]
            self.assertTrue(visit.person_id or visit.placement_problem)

    def test_made_at_once(self):
        """Four who make the visits of the same plans: each day once, and no plan says that something is wrong."""
        bookers = race([self.generating(*range(PLANS)) for _client in range(4)])
        self.assertTrue(any(booker.won for booker in bookers), [booker.error for booker in bookers])
        with transaction() as env:
            plans = env["fsm.recurring"].browse(self.plan_ids)
            self.assertEqual([len(plan.fsm_order_ids) for plan in plans], [2] * PLANS)
            self.assertEqual(plans.mapped("problem"), [False] * PLANS)
