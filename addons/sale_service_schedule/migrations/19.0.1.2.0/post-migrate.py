"""To 19.0.1.2.0: what customers order to be served at once is the shop's when it is paid."""


def migrate(cr, version):
    """Take walk-ins that wait for their payment off the board, as new ones are."""
    cr.execute(
        """UPDATE sale_order SET fulfilment_state = NULL
            WHERE fulfilment_state = 'pending' AND submission_key IS NOT NULL AND require_payment
              AND reservation_id IS NULL AND state IN ('draft', 'sent')"""
    )
