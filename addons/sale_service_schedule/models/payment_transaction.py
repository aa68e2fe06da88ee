from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _update_state(self, allowed_states, target_state, state_message):
        """Override of ``payment`` to let held times follow at once, whenever the provider's word comes.

        Not in ``_post_process``, which may run minutes later, when the hold is over.
        """
        authorized = self.filtered(lambda tx: tx.state == "authorized")
        updated = super()._update_state(allowed_states, target_state, state_message)
        for transaction in updated.filtered(lambda tx: tx.operation not in ("validation", "refund")):
            # sudo: the payment decides, whoever made it
            transaction.sudo().sale_order_ids._follow_payment(transaction, transaction in authorized)
        for refund in updated.filtered(lambda tx: tx.operation == "refund" and tx.state == "done"):
            refund.sudo()._get_refunded_orders()._record_refund(abs(refund.amount))  # sudo: as above
        return updated

    def _get_refunded_orders(self):
        """Return the orders whose payment this refund gives back: of the payment, or of its captured part."""
        self.ensure_one()
        source = self.source_transaction_id
        return source.sale_order_ids or source.source_transaction_id.sale_order_ids

    def _get_refunded_amount(self):
        """Return what went back to the customer of a payment, or of its captured parts."""
        self.ensure_one()
        return sum(
            abs(child.amount) if child.operation == "refund" else child._get_refunded_amount()
            for child in self.child_transaction_ids
            if child.state == "done"
        )

    def _get_kept_amount(self):
        """Return what the shop keeps of a payment: less what was voided of it, or went back to the customer.

        Captured parts are transactions of their own below this one, and refunds may be below those.
        """
        self.ensure_one()
        kept = self.amount
        for child in self.child_transaction_ids:
            if child.operation == "refund":
                kept -= abs(child.amount) if child.state == "done" else 0
            elif child.state == "cancel":
                kept -= child.amount
            elif child.state == "done":
                kept -= child.amount - child._get_kept_amount()
        return kept
