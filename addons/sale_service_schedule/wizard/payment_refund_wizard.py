from odoo import models


class PaymentRefundWizard(models.TransientModel):
    _inherit = "payment.refund.wizard"

    def _compute_amount_to_refund(self):
        """Override of ``account_payment``: of a cancelled order suggest what was promised, not all that was paid."""
        result = super()._compute_amount_to_refund()
        for wizard in self.filtered(lambda wizard: wizard.support_refund != "full_only"):
            payment = wizard.sudo().transaction_id  # sudo: accountants need not read orders to give money back
            orders = payment.sale_order_ids or payment.source_transaction_id.sale_order_ids
            if promised := sum(orders.mapped("refund_due")):
                wizard.amount_to_refund = min(promised, wizard.amount_available_for_refund)
        return result
