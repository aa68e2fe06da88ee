from datetime import timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user

from odoo.addons.fieldservice_schedule.tests.common import NINE, FieldCase

DAY_BEFORE = NINE - timedelta(days=1)


class SoldCase(FieldCase):
    """The windshield firm sells what it does: a salesman without any field group, an accountant, two products."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = cls._create_user("sally@field", "sales_team.group_sale_salesman")
        cls.accountant = cls._create_user("ada@field", "account.group_account_invoice")
        cls.vans = cls.env["fsm.equipment"].create(
            [{"name": f"Van {number}", "owned_by_id": cls.customer.id} for number in (1, 2, 3)]
        )
        cls.van = cls.vans[0]
        cls.glass = cls.create_product("Windshield", 200.0, "line")
        cls.chip = cls.create_product("Chip repair", 50.0, "unit")

    @classmethod
    def create_product(cls, name, price, tracking, **values):
        """Return a service without taxes whose sale makes jobs."""
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": price,
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
                "field_service_tracking": tracking,
                **values,
            }
        )

    @classmethod
    def create_order(cls, *lines, user=None, **values):
        """Return a quotation of the customer. ``lines``: ``(product, quantity)`` or ``(product, quantity, unit)``."""
        return (
            cls.env["sale.order"]
            .with_user(user or cls.env.user)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": quantity,
                                "equipment_id": unit[0].id if unit else False,
                            }
                        )
                        for product, quantity, *unit in lines
                    ],
                    **values,
                }
            )
        )

    def sell(self, *lines, **values):
        """Return a confirmed order and its jobs, as superuser."""
        order = self.create_order(*lines, **values)
        order.action_confirm()
        order = order.sudo()
        return order, self.get_jobs(order)

    def get_jobs(self, order):
        """Return the jobs of an order, oldest first."""
        return self.env["fsm.order"].search([("sale_id", "=", order.id)], order="id")

    def create_finding(self, product=None, unit=None, **values):
        """Return a job that somebody found, with what it is sold as."""
        product, unit = product or self.chip, unit or self.van
        return self.create_job(product_id=product.id, equipment_ids=[Command.set(unit.ids)], **values)

    @classmethod
    def new_user(cls, login, groups, **values):
        """Return a user in UTC."""
        return new_test_user(cls.env, login, groups=groups, tz="UTC", **values)


class SoldTimeCase(SoldCase):
    """An offer whose resource is a technician; the clock stands on the day before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calendar = cls.env["resource.calendar"].create({"name": "Always", "tz": "UTC", "attendance_ids": []})
        calendar.attendance_ids = [
            Command.create({"name": day, "dayofweek": str(day), "hour_from": 0, "hour_to": 24}) for day in range(7)
        ]
        cls.point = cls.env["service.point"].create({"name": "Yard", "tz": "UTC", "calendar_id": calendar.id})
        cls.maria.resource_id.calendar_id = calendar
        cls.tom.resource_id.calendar_id = calendar
        cls.offer = cls.create_offer("At your lot", cls.maria.resource_id)
        cls.glass.service_offer_ids = cls.offer

    @classmethod
    def create_offer(cls, name, resources, **values):
        """Return an offer that occupies these resources for an hour."""
        return cls.env["service.offer"].create(
            {
                "name": name,
                "point_id": cls.point.id,
                "resource_ids": [Command.set(resources.ids)],
                "duration_minutes": 60,
                "lead_minutes": 0,
                "horizon_days": 30,
                **values,
            }
        )

    def setUp(self):
        super().setUp()
        clock = freeze_time(DAY_BEFORE)
        clock.start()
        self.addCleanup(clock.stop)

    def choose(self, start):
        """Return the choice of a time, naive UTC."""
        return f"time:{start.isoformat()}+00:00"

    def book(self, start=NINE, **values):
        """Return a confirmed order for a time and its job."""
        order = self.create_order((self.glass, 1, self.van), **values)
        order._schedule(self.choose(start), by_staff=True)
        order.action_confirm()
        return order, self.get_jobs(order)
