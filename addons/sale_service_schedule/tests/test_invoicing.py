from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .common import SaleScheduleCase


@tagged("post_install", "-at_install")
class TestInvoicing(AccountTestInvoicingCommon, SaleScheduleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=cls.env.ref("base.user_root"))
        company = cls.company_data["company"]
        cls.point = cls.env["service.point"].create({"name": "Shop", "tz": "UTC", "company_id": company.id})
        cls.offer = cls.env["service.offer"].create({"name": "Fill", "point_id": cls.point.id})
        cls.product = cls.create_fill()
        cls.technician.write({"company_ids": [(4, company.id)], "company_id": company.id})
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        cls.company = company

    def serve(self, order):
        order.action_start_work()
        order.action_ready()
        order.action_picked_up()

    def test_accountant_invoices_what_was_picked_up(self):
        """Picking up delivers the quantities; the accountant then invoices them with Odoo's own."""
        order = self.create_order(quantity=2, company_id=self.company.id)
        order.action_start_work()
        order.action_ready()
        self.assertEqual((order.order_line.qty_delivered, order.invoice_status), (0, "no"))
        order.action_picked_up()
        self.assertEqual((order.order_line.qty_delivered, order.invoice_status), (2, "to invoice"))
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        self.assertEqual((invoice.amount_untaxed, invoice.state), (24, "posted"))

    def test_delivered_when_ready(self):
        """An offer may count as delivered when it is ready."""
        self.offer.deliver_at = "ready"
        order = self.create_order(company_id=self.company.id)
        order.action_start_work()
        order.action_ready()
        self.assertEqual(order.order_line.qty_delivered, 1)

    def test_automatic_invoice(self):
        """When the company wants it, the technician's Picked up posts the invoice, once."""
        self.company.service_auto_invoice = True
        order = self.create_order(quantity=3, company_id=self.company.id)
        self.serve(order)
        invoice = order.sudo().invoice_ids
        self.assertEqual((len(invoice), invoice.state, invoice.amount_untaxed), (1, "posted", 36))
        order._apply_step_effects("picked_up")
        self.assertEqual(order.sudo().invoice_ids, invoice)

    def test_customer_does_not_wait_for_accounting(self):
        """An invoice that cannot be made is a note on the order, which stays picked up and to be invoiced."""
        self.company.service_auto_invoice = True
        self.env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", self.company.id)]).active = False
        order = self.create_order(company_id=self.company.id)
        self.serve(order)
        self.assertEqual((order.fulfilment_state, order.invoice_status), ("picked_up", "to invoice"))
        self.assertIn("The invoice could not be created", "".join(order.message_ids.mapped("body")))

    def test_staff_list_holds_for_invoices_and_figures(self):
        """A technician reads neither the invoice nor the sales figures of a point whose staff list leaves him out."""
        self.point.user_ids = self.technician
        stranger = new_test_user(
            self.env,
            "other@shop",
            groups="service_schedule.group_technician",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        order = self.create_order(company_id=self.company.id)
        self.serve(order)
        order.user_id = False
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        invoice.invoice_user_id = False
        self.env.flush_all()
        for user, sees in ((self.technician, True), (stranger, False)):
            with self.subTest(user=user.login):
                self.assertEqual(invoice.with_user(user).has_access("read"), sees)
                self.assertEqual(invoice.invoice_line_ids.with_user(user).has_access("read"), sees)
                figures = (
                    self.env["sale.report"].with_user(user).search([("order_reference", "=", f"sale.order,{order.id}")])
                )
                self.assertEqual(bool(figures), sees)

    def test_taken_up_again_is_not_delivered(self):
        """An order that was ready, cancelled and taken up again starts anew: nothing delivered, nothing to invoice."""
        self.offer.deliver_at = "ready"
        order = self.create_order(company_id=self.company.id)
        order.action_start_work()
        order.action_ready()
        order.action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual((order.fulfilment_state, order.order_line.qty_delivered), ("confirmed", 0))
        self.assertFalse(order.started_at or order.ready_at)
        self.assertEqual(order.invoice_status, "no")

    def test_delivered_more_is_not_taken_back(self):
        """Quantities that staff delivered by hand beyond the order are kept."""
        order = self.create_order(company_id=self.company.id)
        order.action_start_work()
        order.order_line.qty_delivered = 5
        order.action_ready()
        order.action_picked_up()
        self.assertEqual(order.order_line.qty_delivered, 5)
