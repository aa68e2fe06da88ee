from datetime import UTC, datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.service_schedule.schedlib import local, stamp


@tagged("post_install", "-at_install")
class TestBackendTours(HttpCase):
    """What technicians see and click, in a browser. The shop is in a zone where it is about noon now, so that today
    has hours before and after, whenever the tests run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = datetime.now(UTC)
        offset = 12 - cls.now.hour
        cls.tz = f"Etc/GMT{-offset:+d}" if offset else "UTC"
        calendar = cls.env["resource.calendar"].create(
            {
                "name": "Day and night",
                "tz": cls.tz,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": "Open",
                                "dayofweek": str(day),
                                "hour_from": 0,
                                "hour_to": 24,
                                "day_period": "full_day",
                            }
                        )
                        for day in range(7)
                    ),
                ],
            }
        )
        cls.technician = new_test_user(cls.env, "techtour", groups="service_schedule.group_technician", tz=cls.tz)
        cls.point = cls.env["service.point"].create(
            {"name": "Tour shop", "tz": cls.tz, "calendar_id": calendar.id, "user_ids": cls.technician.ids}
        )
        # other service points may be there from demo data: this technician works at one only
        cls.env["service.point"].search([("user_ids", "=", False)]).user_ids = cls.env.ref("base.user_admin")
        cls.offer = cls.env["service.offer"].create(
            {"name": "Tank fill", "point_id": cls.point.id, "duration_minutes": 15, "lanes_per": "unit"}
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Nitrox fill",
                "type": "service",
                "list_price": 12.0,
                "invoice_policy": "delivery",
                "service_offer_ids": cls.offer.ids,
            }
        )

    @classmethod
    def create_order(cls, name, at=None, confirm=True, quantity=1, note=False):
        """Return an order of a new customer for ``at`` (aware), booked a week before; None is a walk-in."""
        order = (
            cls.env["sale.order"]
            .with_user(cls.technician)
            .create(
                {
                    "partner_id": cls.env["res.partner"].create({"name": name}).id,
                    "order_notes": note,
                    "order_line": [Command.create({"product_id": cls.product.id, "product_uom_qty": quantity})],
                }
            )
        )
        if at:
            moment = local(stamp(at), cls.point._get_zone())
            moment = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
            booked = min(cls.now, at) - timedelta(days=7)
            order._schedule(f"time:{moment.isoformat()}", by_staff=True, now=booked)
        if confirm:
            order.action_confirm()
        return order

    def create_board(self):
        """Return the orders of a board by customer: one of each kind."""
        hours = lambda count: self.now + timedelta(hours=count)  # noqa: E731
        return {
            "Eve": self.create_order("Eve Earlier", hours(-24)),
            "Oscar": self.create_order("Oscar Overdue", hours(-2), quantity=3, note="Mind the valve"),
            "Sue": self.create_order("Sue Soon", hours(1.5)),
            "Sid": self.create_order("Sid Scheduled", hours(6)),
            "Will": self.create_order("Will Walkin"),
        }

    def test_board_steps(self):
        """The board sorts orders by how urgent they are; each click is one step, kept in the database."""
        orders = self.create_board()
        self.start_tour("/odoo/due-today", "service_due_board_steps", login="techtour")
        oscar = orders["Oscar"]
        self.assertEqual(oscar.fulfilment_state, "picked_up")
        self.assertTrue(oscar.started_at and oscar.ready_at and oscar.picked_up_at)
        self.assertFalse(oscar.is_overdue)
        self.assertEqual(oscar.reservation_id.state, "done")
        self.assertEqual(oscar.order_line.qty_delivered, 3)
        self.assertEqual(orders["Sue"].fulfilment_state, "confirmed")

    def test_board_live(self):
        """The board shows what others do without being asked, and says when it cannot."""
        orders = self.create_board()
        self.start_tour("/odoo/due-today", "service_due_board_live", login="techtour")
        self.assertEqual(orders["Sid"].fulfilment_state, "preparing")

    def test_board_refused(self):
        """A step that the server refuses is explained, and the board shows the present state."""
        orders = self.create_board()
        self.start_tour("/odoo/due-today", "service_due_board_refused", login="techtour")
        self.assertEqual(orders["Sid"].fulfilment_state, "cancelled")

    def test_board_empty(self):
        """A board without orders is friendly."""
        self.browser_js(
            "/odoo/due-today",
            "console.log('test successful')",
            "document.querySelector('.o_due_board_empty')?.innerText.includes('All done')",
            login="techtour",
        )

    def test_slot_picker(self):
        """A phone order gets its time in the dialog, by mouse and keyboard; a time that no longer fits is dropped."""
        self.env["res.partner"].create({"name": "Carla Caller"})
        self.start_tour("/odoo/due-today", "service_slot_picker", login="techtour")
        order = self.env["sale.order"].search([("partner_id.name", "=", "Carla Caller")])
        self.assertEqual(len(order), 1)
        self.assertEqual(order.fulfilment_state, "confirmed")
        self.assertEqual(order.reservation_id.lanes, 2)
        self.assertIn("9:15", order.schedule_label)

    def create_calendar(self):
        """Return an order of the 10th of next month, beside another; on the 14th the shop is closed."""
        first = (self.now + relativedelta(months=1)).replace(day=10, minute=0)
        order = self.create_order("Carla Caller", first)
        self.create_order("Dora Diver", first)
        closed = first.replace(day=14, hour=0, tzinfo=None, second=0, microsecond=0)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Public holiday",
                "calendar_id": self.point.calendar_id.id,
                "date_from": closed - timedelta(hours=12),
                "date_to": closed + timedelta(hours=36),
            }
        )
        return order

    def test_calendar(self):
        """Dragging reschedules; a refused drop goes back and says why; the count lists the day's orders."""
        order = self.create_calendar()
        before = order.scheduled_start
        self.start_tour("/odoo/service-calendar", "service_order_calendar", login="techtour")
        self.assertEqual(order.scheduled_start, before + timedelta(days=2))
        self.assertEqual(order.reschedule_count, 1)

    def test_calendar_week(self):
        """The headers of the week count the orders of each day."""
        self.create_order("Carla Caller", self.now + relativedelta(months=1))
        self.start_tour("/odoo/service-calendar", "service_order_calendar_week", login="techtour")

    def test_kanban(self):
        """A forbidden drag goes back and says why; an allowed one is a step."""
        order = self.create_order("Carla Caller", confirm=False)
        self.start_tour("/odoo/service-orders", "service_order_kanban", login="techtour")
        self.assertEqual(order.fulfilment_state, "preparing")
