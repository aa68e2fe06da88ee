from odoo import fields, models

PROBLEMS = [
    ("status", "The receiver refused"),
    ("redirect", "The receiver sends elsewhere; redirects are not followed"),
    ("timeout", "No answer in time"),
    ("connect", "No connection"),
    ("tls", "Certificate or encryption not trusted"),
    ("protocol", "The answer is not HTTP"),
    ("lookup", "The name of the host is not known"),
    ("private", "The host is inside a private network"),
    ("never", "The host has a forbidden address"),
    ("url", "The URL is not sent to"),
    ("interrupted", "The server stopped before it knew the answer"),
    ("error", "Fault of the sender; see the log"),
]


class ServiceWebhookAttempt(models.Model):
    """One try to deliver, and what came of it."""

    _name = "service.webhook.attempt"
    _description = "Webhook Attempt"
    _order = "id desc"

    delivery_id = fields.Many2one("service.webhook.delivery", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", related="delivery_id.company_id")
    ended_at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    milliseconds = fields.Integer(aggregator="avg")
    status = fields.Integer(aggregator=None, help="Of the answer; 0: there was none.")
    problem = fields.Selection(PROBLEMS)
    detail = fields.Char()
    excerpt = fields.Text("Answer", help="Its beginning.")
