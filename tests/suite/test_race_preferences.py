"""Two colleagues say at the same moment, for the first time, how their company wants to be served."""

from psycopg2.errors import SerializationFailure
from suite_race import race, transaction

from odoo.exceptions import ConcurrencyError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

SENT = {"p_service_mode": "both", "p_frequency": "weekly", "p_walk_time": "09:30", "p_mo": "1"}


@tagged("post_install", "-at_install", "standard")
class TestRacePreferences(BaseCase):
    """What is made is committed, and deleted at the end."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.enterContext(mute_logger("odoo.sql_db"))
        with transaction() as env:
            customer = env["res.partner"].create({"name": "Race fleet", "is_company": True})
            contacts = env["res.partner"].create([{"name": f"Race {n}", "parent_id": customer.id} for n in range(4)])
            self.customer_id, self.contact_ids = customer.id, contacts.ids
        self.addCleanup(self._clean)

    def _clean(self):
        with transaction() as env:
            env["service.preference"].search([("partner_id", "=", self.customer_id)]).unlink()
            env["res.partner"].browse([*self.contact_ids, self.customer_id]).unlink()

    def saving(self, number):
        """Return the act of one of the contacts."""

        def act(env):
            contact = env["res.partner"].browse(self.contact_ids[number])
            try:
                env["service.preference.page"]._save(contact, {**SENT, "p_fleet_size": str(10 + number)})
            except ConcurrencyError as error:  # Odoo tries such a request again
                raise SerializationFailure from error

        return act

    def test_one_record(self):
        """There is one record, with what the last of them said; nobody reads of an error."""
        bookers = race([self.saving(number) for number in range(4)])
        self.assertEqual([booker.error for booker in bookers], [None] * 4)
        with transaction() as env:
            preference = env["service.preference"].search([("partner_id", "=", self.customer_id)])
            self.assertEqual(len(preference), 1)
            self.assertIn(preference.fleet_size, range(10, 14))
            self.assertEqual(preference.service_mode, "both")
