from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.service_schedule.tests.common import NOW

from ..models.sale_order import FULFILMENT_STATES
from ..models.sale_order_fulfilment import STEPS
from .common import SaleScheduleCase

PATH = ["pending", "confirmed", "preparing", "ready", "picked_up"]


@tagged("post_install", "-at_install")
class TestFulfilment(SaleScheduleCase):
    def bring_to(self, state):
        order = self.create_scheduled()
        if state == "no_show":
            order._update_fulfilment("confirmed")
        if state in ("cancelled", "no_show"):
            order._update_fulfilment(state)
            return order
        for step in PATH[1 : PATH.index(state) + 1]:
            order._update_fulfilment(step)
        return order

    @freeze_time(NOW + timedelta(days=3))
    def test_every_pair_of_states(self):
        """From every state exactly the steps of the table are taken, everything else is refused and changes nothing."""
        states = [state for state, _label in FULFILMENT_STATES]
        self.point.counter_lane_count = len(states) ** 2
        for source in states:
            for target in states:
                order = self.bring_to(source)
                with self.subTest(source=source, target=target):
                    if target == source or target in STEPS[source]:
                        order._update_fulfilment(target)
                        self.assertEqual(order.fulfilment_state, target)
                    else:
                        with self.assertRaisesRegex(UserError, "not allowed"):
                            order._update_fulfilment(target)
                        self.assertEqual(order.fulfilment_state, source)

    def test_dragging_a_card(self):
        """Writing the state, as the kanban does, takes the step with its effects or is refused as a whole."""
        order = self.bring_to("confirmed")
        order.write({"fulfilment_state": "preparing"})
        self.assertEqual((order.fulfilment_state, order.sudo().fulfilment_step), ("preparing", "preparing"))
        self.assertTrue(order.started_at)
        with self.assertRaisesRegex(UserError, f"{order.name} is Preparing; next can be: Ready, Cancelled"):
            order.write({"fulfilment_state": "picked_up"})
        order.invalidate_recordset()
        self.assertEqual(order.fulfilment_state, "preparing")
        pending = self.bring_to("pending")
        pending.write({"fulfilment_state": "confirmed"})
        self.assertEqual(pending.state, "sale")
        pending.write({"fulfilment_state": "cancelled"})
        self.env.flush_all()
        pending.invalidate_recordset()
        self.assertEqual((pending.state, pending.fulfilment_state), ("cancel", "cancelled"))

    def test_no_way_around_the_steps(self):
        """The field behind the state is nobody's to write: a client cannot skip steps and their effects."""
        order = self.bring_to("confirmed")
        for user in (self.technician, self.manager):
            with self.assertRaises(AccessError):
                order.with_user(user).write({"fulfilment_step": "picked_up"})
        self.assertEqual(order.fulfilment_state, "confirmed")

    def test_all_refused_orders_are_named(self):
        """One answer names every order that may not move, and none moves."""
        fine, first, second = self.bring_to("confirmed"), self.bring_to("pending"), self.bring_to("ready")
        with self.assertRaises(UserError) as caught:
            (fine | first | second)._update_fulfilment("preparing")
        self.assertIn(first.name, str(caught.exception))
        self.assertIn(second.name, str(caught.exception))
        self.assertNotIn(fine.name, str(caught.exception))
        self.assertEqual(fine.fulfilment_state, "confirmed")

    def test_start_accepts_on_the_way(self):
        """Start on the board takes a pending order through acceptance into work in one click."""
        order = self.bring_to("pending")
        order.action_start_work()
        self.assertEqual((order.state, order.fulfilment_state), ("sale", "preparing"))

    def test_twice_is_once(self):
        """A second click on the same button changes nothing."""
        order = self.bring_to("preparing")
        started = order.started_at
        order.action_start_work()
        self.assertEqual((order.fulfilment_state, order.started_at), ("preparing", started))

    def test_picked_up_stays(self):
        """What has been picked up is not cancelled, neither here nor through core's button."""
        order = self.bring_to("picked_up")
        with self.assertRaisesRegex(UserError, "have been picked up"):
            order.action_cancel()
        self.assertEqual(order.state, "sale")

    def test_state_follows_core(self):
        """Confirming and cancelling with core's own buttons moves the fulfilment state with them."""
        order = self.create_order()
        order.action_confirm()
        self.assertEqual(order.fulfilment_state, "confirmed")
        order._action_cancel()
        self.assertEqual(order.fulfilment_state, "cancelled")

    def test_served_early_frees_the_time(self):
        """Picking up ends the reservation, so its place can be sold again."""
        order = self.create_scheduled()
        order.action_start_work()
        order.action_ready()
        self.assertEqual(order.reservation_id.state, "confirmed")
        order.action_picked_up()
        self.assertEqual(order.reservation_id.state, "done")

    def test_staff_hear_every_step(self):
        """Each step is pushed to the service point's channel."""
        order = self.bring_to("confirmed")
        self.env.cr.precommit.run()
        self.env["bus.bus"].search([]).unlink()
        order.action_start_work()
        order.action_ready()
        order.action_picked_up()
        self.env.cr.precommit.run()
        messages = "".join(self.env["bus.bus"].search([]).mapped("message"))
        for event in ("order_update", "order_ready", "order_completed"):
            self.assertIn(event, messages)
