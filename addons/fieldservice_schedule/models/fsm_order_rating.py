from odoo import models
from odoo.exceptions import AccessError

RATED = ("completed", "closed")


class FsmOrder(models.Model):
    """What the customer thinks of a job that is done: one rating, by a link that he alone is given."""

    _name = "fsm.order"
    _inherit = ["rating.mixin", "fsm.order"]  # the mixin is a thread itself, and comes before it

    def _get_rating_url(self):
        """Return the address where the customer rates this job, "" while there is nothing to rate.

        It opens without a log-in and belongs to this job and its customer, so it is for messages to him only. Before
        he has rated, and afterwards to change his mind, it stays the same.
        """
        self.ensure_one()
        if self.state not in RATED or not self.person_id or not self.partner_id:
            return ""
        token = self.sudo()._rating_get_access_token(self.sudo().partner_id)  # sudo: what customers do by links
        return f"{self.get_base_url()}/rate/{token}/5"

    def _rating_get_access_token(self, partner=None):
        """Override of ``rating`` to keep one rating for a job and its customer, of whoever did the work last."""
        self.check_access("read")
        rating = self._get_rating(partner or self._rating_get_partner())
        if not rating:
            return super()._rating_get_access_token(partner)
        if not rating.consumed:
            rating.rated_partner_id = self._rating_get_operator()
        return rating.access_token

    def _get_rating(self, partner):
        """Return the rating of this job by a customer, as superuser; empty when there is none."""
        self.ensure_one()
        # sudo: ratings are written by nobody but by the customers' links
        return (
            self.env["rating.rating"]
            .sudo()
            .search(
                [("res_model", "=", self._name), ("res_id", "=", self.id), ("partner_id", "=", partner.id)], limit=1
            )
        )

    def _rating_get_operator(self):
        """Override of ``rating``: the technician is rated."""
        return self.sudo().person_id.partner_id  # sudo: the link is for a customer

    def message_post(self, **kwargs):
        """Override of ``rating``: a note in the chatter is no rating."""
        if kwargs.get("rating_value") and not self.env.su:
            raise AccessError(self.env._("Only the customer rates a job, by the link in his message."))
        return super().message_post(**kwargs)
