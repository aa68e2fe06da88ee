from odoo import fields, models


class RatingRating(models.Model):
    _inherit = "rating.rating"

    # Odoo shows it to every user: whoever has it rates in the customer's name
    access_token = fields.Char(groups="base.group_system")

    _job_uniq = models.UniqueIndex(
        "(res_id, partner_id) WHERE res_model = 'fsm.order'", "This customer has rated the job already."
    )
