from odoo.addons.service_schedule.tests.common import NEXT_DAY, NOW, ScheduleCase


class SaleScheduleCase(ScheduleCase):
    """The dive shop of the foundation sells tank fills."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.create_fill()

    @classmethod
    def create_fill(cls):
        """Return a product that books the offer and is invoiced when delivered."""
        return cls.env["product.product"].create(
            {
                "name": "Nitrox fill",
                "type": "service",
                "list_price": 12.0,
                "invoice_policy": "delivery",
                "service_offer_ids": cls.offer.ids,
            }
        )

    @classmethod
    def create_order(cls, quantity=1, user=None, **values):
        """Return a quotation of John Doe for tank fills."""
        return (
            cls.env["sale.order"]
            .with_user(user or cls.technician)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "order_line": [
                        (0, 0, {"product_id": cls.product.id, "product_uom_qty": quantity}),
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def create_scheduled(cls, choice=None, now=NOW, **kwargs):
        """Return an order for the next morning, or for ``choice``."""
        order = cls.create_order(**kwargs)
        order._schedule(choice or cls.window_on(cls.morning, NEXT_DAY), by_staff=True, now=now)
        return order
