from odoo.tests import tagged

from odoo.addons.sale_service_schedule.tests.portal_common import PortalCase, text_of_errors


@tagged("post_install", "-at_install")
class TestPortalEquipment(PortalCase):
    """A customer looks after his equipment and orders work on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tank, cls.foreign = cls.env["fsm.equipment"].create(
            [
                {"name": "AL80", "serial_number": "123", "owned_by_id": cls.ann.partner_id.id},
                {"name": "Steel 100", "serial_number": "S-1", "owned_by_id": cls.bob.partner_id.id},
            ]
        )

    def setUp(self):
        super().setUp()
        self.login(self.ann)

    def get_equipment(self):
        """Return what the customer owns."""
        return self.env["fsm.equipment"].search([("owned_by_id", "=", self.ann.partner_id.id)])

    def test_order_for_equipment(self):
        """Scenario 1 with a tank: the order names it, on the customer's page as well."""
        order = self.place_order(equipment_id=str(self.tank.id))
        self.assertEqual(order.order_line.equipment_id, self.tank)
        self.assertIn("AL80 #123", self.get_page(f"/my/orders/{order.id}").text_content())
        self.assertIn("AL80 #123", self.get_page("/my/service").text_content())

    def test_order_without_equipment(self):
        """Equipment is not asked of everybody."""
        self.assertFalse(self.place_order(equipment_id="").order_line.equipment_id)

    def test_add_on_the_spot(self):
        """A new tank is added with the order."""
        order = self.place_order(equipment_id="new", equipment_name=" HP  100 ", equipment_serial="777")
        equipment = order.order_line.equipment_id
        self.assertEqual((equipment.name, equipment.serial_number), ("HP 100", "777"))
        self.assertEqual(equipment.owned_by_id, self.ann.partner_id)

    def test_refused_order_adds_nothing(self):
        """When the order is refused its new equipment is not left behind, and what was typed is still there."""
        response = self.place(equipment_id="new", equipment_name="HP100", quantity="0")
        self.assert_refused(response, "whole number")
        self.assertEqual(self.get_equipment(), self.tank)
        self.assertIn('value="HP100"', response.text)

    def test_equipment_of_others(self):
        """Another customer's equipment is not shown, not taken, and its name not told."""
        self.assertNotIn("Steel 100", self.url_open("/my/service/new").text)
        self.assertNotIn("Steel 100", self.url_open("/my/equipment").text)
        for equipment_id in (self.foreign.id, 999999999, "abc", "0", -1):
            with self.subTest(equipment_id=equipment_id):
                response = self.place(equipment_id=str(equipment_id))
                self.assert_refused(response, "Choose one of your own equipment")
                self.assertNotIn("Steel 100", response.text)

    def test_bad_new_equipment(self):
        """A new one needs a name that is not too long and not taken by the customer's own."""
        self.assert_refused(self.place(equipment_id="new", equipment_name="  "), "Give your equipment a name")
        self.assert_refused(self.place(equipment_id="new", equipment_name="x" * 101), "at most 100 characters")
        self.assert_refused(
            self.place(equipment_id="new", equipment_name="AL80", equipment_serial="123"), "You already have equipment"
        )
        self.assertEqual(self.get_equipment(), self.tank)

    def test_same_name_as_others(self):
        """What others call theirs is free: names are each customer's own."""
        response = self.post_form("/my/equipment", name="Steel 100", serial_number="S-1")
        self.assertEqual(response.status_code, 303)
        self.assertEqual(len(self.get_equipment()), 2)

    def test_my_equipment(self):
        """The page lists the customer's equipment and adds to it; bad input is refused with its reason."""
        self.assertIn("AL80", self.get_page("/my/equipment").text_content())
        for values in (
            {"name": ""},
            {"name": "AL80", "serial_number": "123"},
            {"name": "A", "serial_number": "x" * 101},
        ):
            response = self.post_form("/my/equipment", **values)
            self.assertEqual(response.status_code, 422)
            self.assertTrue(text_of_errors(response))
        self.assertEqual(self.get_equipment(), self.tank)

    def test_owner_cannot_be_posted(self):
        """Whatever else is posted, equipment becomes the customer's own."""
        form = {"owned_by_id": str(self.bob.partner_id.id), "company_id": "999"}
        self.post_form("/my/equipment", name="Mine", **form)
        self.assertEqual(self.env["fsm.equipment"].search([("name", "=", "Mine")]).owned_by_id, self.ann.partner_id)

    def test_missing_csrf(self):
        """Without its token nothing is added."""
        with self.assertLogs("odoo.http", "WARNING"):
            self.assertEqual(self.url_open("/my/equipment", data={"name": "X"}).status_code, 400)
        self.assertEqual(self.get_equipment(), self.tank)

    def test_home(self):
        """The portal's home leads to the equipment and counts it."""
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["equipment_count"]})
        self.assertEqual(counters["equipment_count"], 1)
        self.assertTrue(self.get_page("/my").xpath("//a[@href='/my/equipment']"))
