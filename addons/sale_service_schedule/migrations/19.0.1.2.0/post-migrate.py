"""To 19.0.1.2.0: what customers order to be served at once is the shop's when it is paid; refunds have a state."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Take walk-ins that wait for their payment off the board, as new ones are, and say how promised refunds stand."""
    cr.execute(
        """UPDATE sale_order SET fulfilment_state = NULL
            WHERE fulfilment_state = 'pending' AND submission_key IS NOT NULL AND require_payment
              AND reservation_id IS NULL AND state IN ('draft', 'sent')"""
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    kind = env.ref("sale_service_schedule.mail_activity_type_refund")
    for order in env["sale.order"].search([("state", "=", "cancel"), ("refund_due", ">", 0)]):
        refunded = sum(payment._get_refunded_amount() for payment in order._get_payments())
        order._set_refund_due(order.refund_due - refunded)
        # from now on they are known by their type, not by what they say
        order.activity_ids.filtered(lambda activity: activity.summary == "Refund").activity_type_id = kind
