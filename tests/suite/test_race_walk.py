"""Two technicians on one walk, in real transactions: nothing is lost, nothing is there twice."""

from suite_race import race, transaction

from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

VANS = 6


@tagged("post_install", "-at_install", "standard")
class TestRaceWalk(BaseCase):
    """What is made is committed, and deleted at the end."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with transaction() as env:
            customer = env["res.partner"].create({"name": "Race fleet", "is_company": True})
            site = env["fsm.location"].create({"name": "Race lot", "owner_id": customer.id})
            person = env["fsm.person"].create({"name": "Race technician"})
            product = env["product.product"].create({"name": "Race repair", "type": "service", "list_price": 10})
            damage = env["fsm.damage"].create({"name": "Race chip", "product_id": product.id})
            vans = env["fsm.equipment"].create(
                [
                    {"name": "Race van", "serial_number": str(number), "owned_by_id": customer.id}
                    for number in range(VANS)
                ]
            )
            walk = env["fsm.order"].create({**env["fsm.order"]._prepare_walk_values(site), "person_id": person.id})
            walk._update_state("in_progress")
            self.made = {
                "res.partner": [*customer.ids, *site.partner_id.ids, *person.partner_id.ids],
                "product.template": product.product_tmpl_id.ids,
                "resource.resource": person.resource_id.ids,
            }
            self.customer_id, self.site_id, self.person_id = customer.id, site.id, person.id
            self.walk_id, self.damage_id, self.van_ids = walk.id, damage.id, vans.ids
        self.addCleanup(self._clean)

    def _clean(self):
        with transaction() as env:
            jobs = env["fsm.order"].search(["|", ("id", "=", self.walk_id), ("visit_id", "=", self.walk_id)])
            orders = jobs.walk_order_id | jobs.sale_line_id.order_id
            values = {
                "jobs": jobs.ids,
                "orders": orders.ids or [0],
                "owner": self.customer_id,
                "site": self.site_id,
                "person": self.person_id,
                "damage": self.damage_id,
                **{model.replace(".", "_"): ids for model, ids in self.made.items()},
            }
            env.cr.execute(
                """UPDATE fsm_order SET walk_order_id = NULL, sale_line_id = NULL, sale_id = NULL, walk_unit_id = NULL,
                          walk_summary_id = NULL WHERE id = ANY(%(jobs)s);
                   DELETE FROM service_notification_message WHERE res_model = 'fsm.order' AND res_id = ANY(%(jobs)s);
                   DELETE FROM sale_order_line WHERE order_id = ANY(%(orders)s);
                   DELETE FROM sale_order WHERE id = ANY(%(orders)s);
                   DELETE FROM ir_attachment WHERE res_model = 'fsm.order' AND res_id = ANY(%(jobs)s);
                   DELETE FROM mail_message WHERE model = 'fsm.order' AND res_id = ANY(%(jobs)s);
                   DELETE FROM mail_followers WHERE res_model = 'fsm.order' AND res_id = ANY(%(jobs)s);
                   DELETE FROM fsm_walk_unit WHERE visit_id = ANY(%(jobs)s);
                   DELETE FROM fsm_order WHERE visit_id = ANY(%(jobs)s);
                   DELETE FROM fsm_order WHERE id = ANY(%(jobs)s);
                   DELETE FROM fsm_damage WHERE id = %(damage)s;
                   DELETE FROM product_product WHERE product_tmpl_id = ANY(%(product_template)s);
                   DELETE FROM product_template WHERE id = ANY(%(product_template)s);
                   DELETE FROM fsm_equipment WHERE owned_by_id = %(owner)s;
                   DELETE FROM fsm_person WHERE id = %(person)s;
                   DELETE FROM resource_resource WHERE id = ANY(%(resource_resource)s);
                   DELETE FROM fsm_location WHERE id = %(site)s""",
                values,
            )
            env.cr.execute("DELETE FROM res_partner WHERE id = ANY(%s)", [self.made["res.partner"]])

    def add(self, van, key=None):
        """Return an act: a finding on a van."""
        values = {"damage": self.damage_id, "uuid": key}
        return lambda env: (
            env["fsm.order"]
            .browse(self.walk_id)
            ._add_finding(env["fsm.equipment"].browse(self.van_ids[van]), values)
            .id
        )

    def finish(self, env):
        """Finish the walk, whatever is left."""
        env["fsm.order"].browse(self.walk_id)._finish_walk(leave_open=True)

    def read(self):
        """Return ``(findings, lines of the order, how many orders, messages of the end, units found, state)``."""
        with transaction() as env:
            walk = env["fsm.order"].browse(self.walk_id)
            orders = env["sale.order"].search([("partner_id", "=", self.customer_id)])
            messages = env["service.notification.message"].search(
                [("res_id", "=", self.walk_id), ("event_id.code", "=", "walk_completed")]
            )
            return {
                "findings": walk.finding_ids.ids,
                "sold": orders.order_line.fsm_order_id.ids,
                "orders": len(orders),
                "files": env["ir.attachment"].search_count(
                    [("res_model", "=", "fsm.order"), ("res_id", "=", self.walk_id)]
                ),
                "told": len(messages),
                "found": len(walk.walk_unit_ids.filtered(lambda row: row.state == "found")),
                "state": walk.state,
            }

    @mute_logger("odoo.sql_db")
    def test_findings_at_once(self):
        """Findings on different units and on the same one, written down at once, are all there."""
        bookers = race([self.add(0), self.add(0), self.add(1), self.add(2)])
        self.assertEqual([booker.error for booker in bookers], [None] * 4)
        kept = self.read()
        self.assertEqual((len(kept["findings"]), kept["found"]), (4, 3))

    @mute_logger("odoo.sql_db")
    def test_same_key_at_once(self):
        """What a device sends twice at once is one finding, and both answers name it."""
        bookers = race([self.add(0, "race-key"), self.add(0, "race-key")])
        self.assertEqual([booker.error for booker in bookers], [None] * 2)
        self.assertEqual(bookers[0].value, bookers[1].value)
        self.assertEqual(len(self.read()["findings"]), 1)

    @mute_logger("odoo.sql_db")
    def test_finished_twice_at_once(self):
        """Two who finish at once finish once: one order, one file."""
        race([self.add(0)])
        bookers = race([self.finish, self.finish])
        self.assertEqual([booker.error for booker in bookers], [None] * 2)
        kept = self.read()
        self.assertEqual((kept["orders"], kept["files"], kept["state"]), (1, 1, "completed"))
        self.assertEqual(kept["sold"], kept["findings"])

    @mute_logger("odoo.sql_db")
    def test_found_while_it_is_finished(self):
        """A finding that comes while another one finishes is in the order, or takes the walk up again."""
        race([self.add(0)])
        bookers = race([self.finish, self.add(1), self.add(2)])
        self.assertEqual([booker.error for booker in bookers], [None] * 3)
        kept = self.read()
        self.assertEqual(len(kept["findings"]), 3)
        if kept["state"] == "completed":
            self.assertEqual(sorted(kept["sold"]), sorted(kept["findings"]))
        race([self.finish])
        kept = self.read()
        self.assertEqual((kept["state"], kept["orders"]), ("completed", 1))
        self.assertEqual(sorted(kept["sold"]), sorted(kept["findings"]))

    @mute_logger("odoo.sql_db")
    def test_same_new_unit_at_once(self):
        """Two who register the same unit at once get the same one."""
        act = lambda env: env["fsm.order"].browse(self.walk_id)._find_or_add_unit("NEW 7").id  # noqa: E731
        bookers = race([act, act])
        self.assertEqual([booker.error for booker in bookers], [None] * 2)
        self.assertEqual(bookers[0].value, bookers[1].value)
