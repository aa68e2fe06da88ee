from psycopg2.errors import ExclusionViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestEquipment(TransactionCase):
    """Order lines point to the customer's equipment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_partner, cls.stranger = cls.env["res.partner"].create(
            [{"name": "Divers Ltd", "is_company": True}, {"name": "Bob"}]
        )
        cls.customer = cls.env["res.partner"].create({"name": "Ann", "parent_id": cls.company_partner.id})
        cls.point = cls.env["service.point"].create({"name": "Blue Reef", "tz": "America/New_York"})
        cls.offer = cls.env["service.offer"].create({"name": "Nitrox", "point_id": cls.point.id})
        cls.product = cls.env["product.product"].create(
            {"name": "Nitrox fill", "type": "service", "service_offer_ids": cls.offer.ids}
        )
        cls.tank = cls.create_equipment("AL80", cls.company_partner, serial_number="123")
        cls.technician = new_test_user(cls.env, "eq-tech", groups="service_schedule.group_technician")

    @classmethod
    def create_equipment(cls, name, owner, **values):
        """Return equipment that ``owner`` owns."""
        return cls.env["fsm.equipment"].create({"name": name, "owned_by_id": owner.id, **values})

    def create_order(self, equipment, partner=None):
        """Return an order of a tank fill."""
        line = {"product_id": self.product.id, "equipment_id": equipment.id}
        partner = partner or self.customer
        return self.env["sale.order"].create({"partner_id": partner.id, "order_line": [Command.create(line)]})

    def test_names_of_two_owners(self):
        """Two customers may both have an AL80, and one customer two of them with their own serial numbers."""
        self.create_equipment("AL80", self.stranger, serial_number="123")
        self.create_equipment("AL80", self.company_partner, serial_number="456")
        self.create_equipment("AL80", self.company_partner)

    def test_same_name_and_serial(self):
        """One customer cannot have the same thing twice, with or without a serial number."""
        self.create_equipment("Pony", self.company_partner)
        for name, serial in (("AL80", "123"), ("Pony", False)):
            with (
                self.subTest(name=name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(ExclusionViolation),
                self.env.cr.savepoint(),
            ):
                self.create_equipment(name, self.company_partner, serial_number=serial)

    def test_constraint_is_in_database(self):
        """The redefined constraint has replaced fieldservice's in the database: a failed one fails no install."""
        self.env.cr.execute("SELECT contype FROM pg_constraint WHERE conname = 'fsm_equipment_owner_name_uniq'")
        self.assertEqual(self.env.cr.fetchall(), [("x",)])

    def test_names_shown(self):
        """Equipment is shown with its serial number, found by it, and named on the board."""
        self.assertEqual(self.tank.display_name, "AL80 #123")
        found = self.env["fsm.equipment"].name_search("123")
        self.assertIn(self.tank.id, [equipment_id for equipment_id, _name in found])
        line = self.create_order(self.tank).order_line
        self.assertEqual(line._get_board_name(), "Nitrox fill · AL80 #123")

    def test_board_names_in_batch(self):
        """Naming the items of many orders takes no more queries than those of few."""
        orders = self.env["sale.order"].concat(*(self.create_order(self.tank) for _count in range(6)))

        def count(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lines = self.env["sale.order.line"].browse(some.order_line.ids)
            self.assertTrue(all(line._get_board_name() for line in lines))
            return self.env.cr.sql_log_count - before

        count(orders)
        self.assertEqual(count(orders[:2]), count(orders))

    def test_owner(self):
        """A line takes equipment of its customer's company only, also when the customer changes later."""
        order = self.create_order(self.tank)
        with self.assertRaisesRegex(ValidationError, "AL80 #123"):
            self.create_order(self.tank, self.stranger)
        with self.assertRaisesRegex(ValidationError, "does not belong"):
            order.partner_id = self.stranger

    def test_technician(self):
        """A technician adds equipment for a caller and enters the order; he does not delete equipment."""
        equipment = self.env["fsm.equipment"].with_user(self.technician)
        mine = equipment.create({"name": "HP100", "owned_by_id": self.customer.id})
        with self.assertRaises(AccessError):
            mine.unlink()
        with Form(self.env["sale.order.quick"].with_user(self.technician)) as form:
            form.point_id = self.point
            form.partner_id = self.customer
            form.product_id = self.product
            form.equipment_id = mine
        form.save().action_create()
        order = self.env["sale.order"].search([("partner_id", "=", self.customer.id)], limit=1)
        self.assertEqual(order.order_line.equipment_id, mine)

    def test_portal_has_no_rights(self):
        """Customers have no rights on the model: only the portal's pages show them theirs."""
        portal = new_test_user(self.env, "eq-portal", groups="base.group_portal")
        with self.assertRaises(AccessError):
            self.env["fsm.equipment"].with_user(portal).search([])
