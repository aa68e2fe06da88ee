from odoo import api, fields, models


class RatingRating(models.Model):
    _inherit = "rating.rating"

    # Odoo shows it to every user: whoever has it rates in the customer's name
    access_token = fields.Char(groups="base.group_system")

    job_id = fields.Many2one(
        "fsm.order", compute="_compute_job_id", store=True, index="btree_not_null", ondelete="cascade"
    )

    _job_uniq = models.UniqueIndex(
        "(res_id, partner_id) WHERE res_model = 'fsm.order'", "This customer has rated the job already."
    )

    @api.depends("res_model", "res_id")
    def _compute_job_id(self):
        """Say which job is rated, so that rules know whose rating it is."""
        for rating in self:
            rating.job_id = rating.res_id if rating.res_model == "fsm.order" else False
