from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _update_state(self, allowed_states, target_state, state_message):
        """Override of ``payment`` to let held times follow at once, whenever the provider's word comes.

        Not in ``_post_process``, which may run minutes later, when the hold is over.
        """
        updated = super()._update_state(allowed_states, target_state, state_message)
        for transaction in updated.filtered(lambda tx: tx.operation not in ("validation", "refund")):
            # sudo: the payment decides, whoever made it
            transaction.sudo().sale_order_ids._follow_payment(transaction)
        return updated
