from odoo.tests import tagged

from odoo.addons.service_schedule_api.tests.common import ApiCase


@tagged("post_install", "-at_install")
class TestApiEquipment(ApiCase):
    """Orders through the API name what is worked on: the customer's own equipment, and no other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        anns, bobs = cls.ann.partner_id, cls.bob.partner_id
        cls.tank, cls.second, cls.foreign = cls.env["fsm.equipment"].create(
            [
                {"name": "AL80", "serial_number": "123", "owned_by_id": anns.id},
                {"name": "AL63", "serial_number": "456", "owned_by_id": anns.id},
                {"name": "Steel 100", "serial_number": "S-1", "owned_by_id": bobs.id},
            ]
        )

    def get_items(self, *equipment):
        """Return the items of an order, one for each equipment; None for one without."""
        return [
            {"product_id": self.product.id, "quantity": 1, "equipment_id": unit.id if unit else None}
            for unit in equipment
        ]

    def place(self, user, equipment, status=201):
        """Place an order of Ann's for pieces of equipment; return the answer's body."""
        is_staff = user != self.ann
        customer = self.ann.partner_id.id if is_staff else None
        body = self.get_order_body(items=self.get_items(*equipment), customer_id=customer)
        return self.expect(self.call("POST", "/orders", user, body), status)

    def test_placed(self):
        """Ann and the staff name her tanks: they stand on the lines, in the answer, and in what is read later."""
        for user in (self.ann, self.technician, self.manager):
            with self.subTest(user.login):
                placed = self.place(user, [self.tank, None, self.second])
                expected = [self.tank.id, None, self.second.id]
                self.assertEqual([item["equipment_id"] for item in placed["items"]], expected)
                order = self.env["sale.order"].browse(placed["id"])
                self.assertEqual(order.order_line.mapped("equipment_id"), self.tank | self.second)
                self.assertEqual(self.fetch(f"/orders/{placed['id']}", self.ann)["items"], placed["items"])

    def test_refused(self):
        """What is Bob's, what is another company's, and what there is not: 422, and nothing is placed."""
        company = self.env["res.company"].create({"name": "Other divers"})
        elsewhere = self.env["fsm.equipment"].create(
            {"name": "AL80", "owned_by_id": self.ann.partner_id.id, "company_id": company.id}
        )
        gone = self.second.copy({"name": "Gone"})
        gone.unlink()
        before = self.env["sale.order"].search_count([])
        for user in (self.ann, self.technician, self.manager):
            for wrong in (self.foreign, elsewhere, gone):
                with self.subTest(f"{user.login} {wrong}"):
                    problem = self.place(user, [self.tank, wrong], 422)
                    self.assertEqual([error["field"] for error in problem["errors"]], ["items.1.equipment_id"])
        self.assertEqual(self.env["sale.order"].search_count([]), before)

    def test_on_the_job(self):
        """Where a product makes jobs, the job is for that equipment."""
        self.product.field_service_tracking = "line"
        location = self.env["fsm.location"].create({"name": "Ann's boat", "owner_id": self.ann.partner_id.id})
        self.ann.partner_id.service_location_id = location
        placed = self.place(self.manager, [self.tank])
        job = self.env["fsm.order"].search([("sale_id", "=", placed["id"])])
        self.assertEqual(job.equipment_ids, self.tank)
