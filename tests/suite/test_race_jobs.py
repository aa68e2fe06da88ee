"""Races for the time of one technician between real transactions: one job gets it, the other is told."""

from datetime import datetime, timedelta

from suite_race import race, transaction

from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from odoo.addons.service_schedule.exceptions import TimeTaken

NINE = datetime(2032, 3, 1, 9, 0)
HOUR = timedelta(hours=1)
CLIENTS = 6


@tagged("post_install", "-at_install", "standard")
class TestRaceJobs(BaseCase):
    """What is made is committed, and deleted at the end by its ids."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._clean)
        with transaction() as env:
            customer = env["res.partner"].create({"name": "Race customer"})
            site = env["fsm.location"].create({"name": "Race lot", "owner_id": customer.id})
            person = env["fsm.person"].create({"name": "Race technician"})
            jobs = env["fsm.order"].create([{"location_id": site.id} for _client in range(CLIENTS)])
            jobs[0].write({"person_id": person.id, "scheduled_date_start": NINE - 3 * HOUR})  # sets up the field work
            cls.person_id, cls.job_ids, cls.site_id, cls.customer_id = person.id, jobs.ids, site.id, customer.id

    @classmethod
    def _clean(cls):
        with transaction() as env:
            jobs = env["fsm.order"].browse(cls.job_ids)
            claims = env["service.reservation"].search([("job_id", "in", jobs.ids)])
            ids = {"jobs": jobs.ids, "claims": claims.ids, "people": [cls.person_id]}
            resource, site = (
                env["fsm.person"].browse(cls.person_id).resource_id,
                env["fsm.location"].browse(cls.site_id),
            )
            ids |= {"resources": resource.ids, "sites": site.ids}
            partners = [cls.customer_id, site.partner_id.id, env["fsm.person"].browse(cls.person_id).partner_id.id]
            env.cr.execute(
                """UPDATE fsm_order SET reservation_id = NULL WHERE id = ANY(%(jobs)s);
                   DELETE FROM service_reservation_change WHERE reservation_id = ANY(%(claims)s);
                   DELETE FROM service_reservation WHERE id = ANY(%(claims)s);
                   DELETE FROM mail_message WHERE model = 'fsm.order' AND res_id = ANY(%(jobs)s);
                   DELETE FROM mail_followers WHERE res_model = 'fsm.order' AND res_id = ANY(%(jobs)s);
                   DELETE FROM fsm_order WHERE id = ANY(%(jobs)s);
                   DELETE FROM fsm_person WHERE id = ANY(%(people)s);
                   DELETE FROM resource_resource WHERE id = ANY(%(resources)s);
                   DELETE FROM fsm_location WHERE id = ANY(%(sites)s)""",
                ids,
            )
            env.cr.execute("DELETE FROM res_partner WHERE id = ANY(%s)", [partners])
            env.registry.clear_all_caches()

    def setUp(self):
        super().setUp()
        # who loses at the constraint leaves a "bad query" in the log
        self.enterContext(mute_logger("odoo.sql_db"))

    def planning(self, number, start, hours=1.0):
        """Return what gives job ``number`` its technician and time in a transaction."""

        def act(env):
            env["fsm.order"].browse(self.job_ids[number]).write(
                {"person_id": self.person_id, "scheduled_date_start": start, "scheduled_duration": hours}
            )

        return act

    def read_claims(self, env):
        """Return ``[(start, stop, lane)]`` of what the technician has, in the order of time."""
        resource = env["fsm.person"].browse(self.person_id).resource_id
        claims = env["service.reservation"].search(
            [("resource_id", "=", resource.id), ("state", "in", ("held", "confirmed"))], order="start"
        )
        return [(claim.start, claim.stop, claim.lane) for claim in claims]

    def test_one_gets_it(self):
        """Six dispatchers give one technician overlapping jobs at once: one has it, five are told, nothing else."""
        bookers = race([self.planning(number, NINE + number * HOUR / 10) for number in range(CLIENTS)])
        self.assertEqual([booker.won for booker in bookers].count(True), 1)
        for booker in bookers:
            if not booker.won:
                self.assertIsInstance(booker.error, TimeTaken)
                self.assertIn("Race technician", str(booker.error))
        with transaction() as env:
            jobs = env["fsm.order"].browse(self.job_ids)
            planned = jobs.filtered(lambda job: job.scheduled_date_start and job.scheduled_date_start >= NINE)
            self.assertEqual(len(planned), 1)
            starts = [start for start, _stop, _lane in self.read_claims(env) if start >= NINE]
            self.assertEqual(starts, planned.mapped("scheduled_date_start"))
            jobs.filtered("person_id").write({"person_id": False, "scheduled_date_start": False})

    def test_crosswise(self):
        """Two who move two jobs onto each other's days at once never wait for each other crosswise."""
        days = [NINE + timedelta(days=10), NINE + timedelta(days=11)]
        with transaction() as env:
            for number, day in enumerate(days):
                self.planning(number, day)(env)
        for turn in range(5):
            first, second = (1, 0) if turn % 2 == 0 else (0, 1)
            bookers = race(
                [
                    self.planning(0, days[first] + 3 * HOUR + turn * HOUR),
                    self.planning(1, days[second] + 3 * HOUR + turn * HOUR),
                ]
            )
            self.assertEqual([booker.error for booker in bookers], [None, None])
        with transaction() as env:
            self.assertEqual({lane for _start, _stop, lane in self.read_claims(env)}, {0})
            env["fsm.order"].browse(self.job_ids).write({"person_id": False, "scheduled_date_start": False})
