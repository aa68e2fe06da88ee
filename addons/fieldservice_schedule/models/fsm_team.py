from odoo import fields, models


class FsmTeam(models.Model):
    _inherit = "fsm.team"

    # fieldservice's own rule lets everybody see teams without a company, but it requires one: what it seeds belongs to
    # the first company, and the others have no team for their jobs
    company_id = fields.Many2one(required=False, help="Left empty, the team works for all companies.")
