from freezegun import freeze_time

from odoo.addons.sale.models.sale_order import SaleOrder
from odoo.addons.service_schedule.tests.common import NOW

from .common import SaleScheduleCase

TEN = "time:2026-10-20T10:00:00-04:00"
ELEVEN = "time:2026-10-20T11:00:00-04:00"


class PaymentCase(SaleScheduleCase):
    """A visit of one person that is paid ahead: its time is held until the money comes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what this addon mails by itself, also where one above it uses an outbox
        cls.classPatch(
            cls.registry["sale.order"], "_send_order_notification_mail", SaleOrder._send_order_notification_mail
        )
        cls.maria, cls.tom = cls.create_person(), cls.create_person("Tom")
        cls.offer.write(
            {"resource_ids": [(6, 0, cls.maria.ids)], "payment": "full", "lead_minutes": 0, "allow_times": True}
        )
        cls.provider = cls.env.ref("payment.payment_provider_demo").copy(
            {"name": "Card", "state": "test", "company_id": cls.env.company.id, "is_published": True}
        )
        cls.customer.email = "john@example.com"
        cls.point.user_ids = cls.technician

    def place(self, choice=TEN, now=NOW, **values):
        """Place an order as the portal does, for a time, and return it."""
        order = self.create_order(**values)
        order._apply_payment_policy()
        order.action_quotation_sent()
        order._schedule(choice, now=now)
        return order

    def pay(self, order, state="done", now=NOW, amount=None):
        """Let a payment of an order come to ``state`` at ``now``, as the provider's word and core's poll do."""
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.env.ref("payment_demo.payment_method_demo").id,
                "reference": f"{order.name}-{len(order.sudo().transaction_ids)}",
                "amount": order._get_prepayment_required_amount() if amount is None else amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "operation": "online_direct",
                "sale_order_ids": [(6, 0, order.ids)],
            }
        )
        self.settle(transaction, state, now)
        return transaction

    def settle(self, transaction, state, now=NOW):
        """Bring a payment to a state."""
        with freeze_time(now):
            {
                "done": transaction._set_done,
                "authorized": transaction._set_authorized,
                "pending": transaction._set_pending,
                "cancel": transaction._set_canceled,
                "error": lambda: transaction._set_error("declined"),
            }[state]()
            if state in ("done", "authorized", "pending"):
                transaction._post_process()

    def take(self, order, now):
        """Let somebody else take the order's time."""
        return self.env["service.reservation"]._hold(self.offer, TEN, holder="partner:0", now=now)
