from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.service_schedule.models.service_reservation import CLAIMING
from odoo.addons.service_schedule.models.service_schedule_check import Check

POST_PROCESS_MINUTES = 60
"""So long may a payment wait for what follows from it: the page asks at once, else a scheduled action does."""


class ServiceScheduleCheck(models.TransientModel):
    _inherit = "service.schedule.check"

    @api.model
    def _get_checks(self):
        """Override of ``service_schedule`` to add what must hold between orders, their money and their time."""
        checks = [
            (
                self.env._("An accepted order has its time, or staff know that it needs one"),
                self._find_orders_without_time(),
            ),
            (self.env._("A paid order is accepted, or staff are told"), self._find_paid_not_accepted()),
            (self.env._("A payment is followed up within the hour"), self._find_forgotten_payments()),
            (self.env._("No two orders have one reservation"), self._find_shared_reservations()),
            (self.env._("A cancelled order holds no time"), self._find_cancelled_with_time()),
            (self.env._("A paid order whose hold is over says that it needs a new time"), self._find_limbo()),
        ]
        return [*super()._get_checks(), *(Check(title, "sale.order", find) for title, find in checks)]

    def _get_told_sql(self):
        """Return the SQL condition that somebody has an activity about the order ``o``."""
        return SQL(
            """EXISTS (SELECT FROM mail_activity a
                        WHERE a.res_model = 'sale.order' AND a.res_id = o.id AND a.active)"""
        )

    def _get_paid_sql(self):
        """Return the SQL of orders and what was paid for them, less what went back or was voided.

        Payments that have just arrived and are still to be followed up do not count.
        """
        return SQL(
            """SELECT rel.sale_order_id AS order_id, sum(tx.amount - back.amount) AS amount
                 FROM sale_order_transaction_rel rel JOIN payment_transaction tx ON tx.id = rel.transaction_id
                CROSS JOIN LATERAL (
                      SELECT coalesce(sum(abs(child.amount)), 0) AS amount
                        FROM payment_transaction child
                        LEFT JOIN payment_transaction part ON part.id = child.source_transaction_id
                       WHERE (part.id = tx.id OR (part.source_transaction_id = tx.id AND part.state = 'done'))
                         AND child.state = CASE WHEN child.operation = 'refund' THEN 'done' ELSE 'cancel' END
                      ) AS back
                WHERE tx.state IN ('authorized', 'done') AND tx.operation NOT IN ('validation', 'refund')
                  AND (tx.is_post_processed OR tx.last_state_change < %s)
                GROUP BY rel.sale_order_id HAVING sum(tx.amount - back.amount) > 0""",
            self._get_patience_start(),
        )

    def _get_patience_start(self):
        """Return the moment (naive UTC) before which a payment should have been followed up."""
        return fields.Datetime.subtract(fields.Datetime.now(), minutes=POST_PROCESS_MINUTES)

    def _find_orders_without_time(self):
        """Return the SQL of accepted orders without their time, unless they say so and somebody is told."""
        return SQL(
            """SELECT o.id, o.name || ': ' || r.state || ', ' || coalesce(r.trouble, '-')
                 FROM sale_order o JOIN service_reservation r ON r.id = o.reservation_id
                WHERE o.state = 'sale' AND r.state NOT IN ('confirmed', 'done', 'no_show')
                  AND NOT (r.trouble = 'late' AND o.needs_new_time AND %s)
                ORDER BY o.id""",
            self._get_told_sql(),
        )

    def _find_paid_not_accepted(self):
        """Return the SQL of orders of a service point that are paid and yet not accepted, and nobody is told.

        What the shop keeps of a cancelled order, after all that was promised has been given back, is its own.
        """
        return SQL(
            """SELECT o.id, o.name || ': ' || o.state || ', ' || paid.amount
                 FROM sale_order o JOIN (%s) AS paid ON paid.order_id = o.id
                WHERE o.service_point_id IS NOT NULL AND o.state <> 'sale'
                  AND NOT (o.state = 'cancel' AND o.refund_state IS NOT DISTINCT FROM 'settled')
                  AND paid.amount >= o.amount_total
                      * CASE WHEN o.require_payment THEN o.prepayment_percent ELSE 1 END - 0.005
                  AND NOT %s
                ORDER BY o.id""",
            self._get_paid_sql(),
            self._get_told_sql(),
        )

    def _find_forgotten_payments(self):
        """Return the SQL of orders of a service point whose payment nothing has followed up."""
        return SQL(
            """SELECT o.id, o.name || ': ' || tx.reference
                 FROM sale_order o
                 JOIN sale_order_transaction_rel rel ON rel.sale_order_id = o.id
                 JOIN payment_transaction tx ON tx.id = rel.transaction_id
                WHERE o.service_point_id IS NOT NULL AND tx.state IN ('authorized', 'done')
                  AND tx.is_post_processed IS NOT TRUE AND tx.last_state_change < %s
                ORDER BY o.id""",
            self._get_patience_start(),
        )

    def _find_shared_reservations(self):
        """Return the SQL of orders whose reservation another order has as well."""
        return SQL(
            """SELECT id, name FROM (SELECT id, name, count(*) OVER (PARTITION BY reservation_id) AS uses
                                       FROM sale_order WHERE reservation_id IS NOT NULL) AS used
                WHERE uses > 1 ORDER BY id"""
        )

    def _find_cancelled_with_time(self):
        """Return the SQL of cancelled orders whose reservation still claims its time."""
        return SQL(
            """SELECT o.id, o.name || ': ' || r.state
                 FROM sale_order o JOIN service_reservation r ON r.id = o.reservation_id
                WHERE o.state = 'cancel' AND r.state IN %s ORDER BY o.id""",
            CLAIMING,
        )

    def _find_limbo(self):
        """Return the SQL of orders that are paid for, in part or in all, and wait for a hold that is over."""
        return SQL(
            """SELECT o.id, o.name || ': ' || r.state
                 FROM sale_order o JOIN service_reservation r ON r.id = o.reservation_id
                 JOIN (%s) AS paid ON paid.order_id = o.id
                WHERE o.state <> 'cancel' AND r.state IN ('expired', 'released')
                  AND NOT (o.needs_new_time AND r.trouble = 'late')
                ORDER BY o.id""",
            self._get_paid_sql(),
        )
