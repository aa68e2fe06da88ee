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
        return updated

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
