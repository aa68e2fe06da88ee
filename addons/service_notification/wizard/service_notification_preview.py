from odoo import api, fields, models

from ..models.service_notification_reminder import AUDIENCE_LABELS
from ..sms_segments import count_segments


class ServiceNotificationPreview(models.TransientModel):
    """Shows what people get: an event's texts with a record of the database, in a language. Nothing is sent."""

    _name = "service.notification.preview"
    _description = "Notification Preview"

    @api.model
    def _selection_models(self):
        # sudo: the names of models
        return [(model.model, model.name) for model in self.env["ir.model"].sudo().search([])]

    @api.model
    def _selection_languages(self):
        return self.env["res.lang"].get_installed()

    event_id = fields.Many2one("service.notification.event", required=True, ondelete="cascade")
    record_ref = fields.Reference(
        "_selection_models",
        "Record",
        compute="_compute_record_ref",
        store=True,
        readonly=False,
        compute_sudo=False,
    )
    lang = fields.Selection("_selection_languages", "Language", default=lambda self: self.env.lang)
    audience = fields.Selection(AUDIENCE_LABELS, "As", required=True, default="customer")
    recipient_id = fields.Many2one("res.partner", compute="_compute_texts")
    subject = fields.Char(compute="_compute_texts")
    body_html = fields.Html("E-mail", compute="_compute_texts", sanitize=False)
    body_plain = fields.Text("Plain Text", compute="_compute_texts")
    sms_text = fields.Text("SMS", compute="_compute_texts")
    sms_size = fields.Char("SMS Size", compute="_compute_texts")
    error = fields.Char(compute="_compute_texts")

    @api.depends("event_id")
    def _compute_record_ref(self):
        for preview in self:
            model = preview.event_id.model
            record = model and self.env[model].search([], limit=1, order="id desc")
            preview.record_ref = f"{model},{record.id}" if record else False

    @api.depends("record_ref", "lang", "audience", "event_id")
    def _compute_texts(self):
        for preview in self:
            preview.update(
                dict.fromkeys(("subject", "body_html", "body_plain", "sms_text", "sms_size", "error", "recipient_id"))
            )
            if preview.record_ref:
                # the texts are rendered as superuser, as they are sent: the user must see the record himself
                preview.record_ref.check_access("read")
                preview._show(preview.record_ref)

    def _show(self, record):
        """Render the texts of a record for its first recipient, or the user when it has none."""
        renderer = self.env["service.notification.renderer"]
        message = self._make_message(record)
        self.recipient_id = message.partner_id
        errors = {}
        if self.event_id.mail_template_id:
            mails, errors = renderer._render_emails(message, self.lang)
            for mail in mails.values():
                self.update({"subject": mail["subject"], "body_html": mail["html"], "body_plain": mail["plain"]})
        if self.event_id.sms_template_id:
            texts, failed = renderer._render_texts(message, self.lang)
            errors = {**errors, **failed}
            for text in texts.values():
                size = count_segments(text)
                self.sms_text = text
                self.sms_size = self.env._(
                    "%(count)s segments (%(units)s characters, %(encoding)s)",
                    count=size.count,
                    units=size.units,
                    encoding=size.encoding,
                )
        self.error = "\n".join(str(error) for error in errors.values())

    def _make_message(self, record):
        """Return a row of the outbox that is not in the database."""
        record = record.sudo()  # sudo: as it is sent; the user may read the record
        recipients = record._get_notification_recipients(self.event_id.sudo(), self.audience).get(record.id)
        partner = (recipients or self.env.user.partner_id)[:1].sudo()
        return (
            self.env["service.notification.message"]
            .sudo()
            .new(
                {
                    "event_id": self.event_id.id,
                    "res_model": record._name,
                    "res_id": record.id,
                    "partner_id": partner.id,
                    "audience": self.audience,
                    "channel_id": self.env.ref("service_notification.channel_email").id,
                    "company_id": record._get_notification_company()[record.id].id,
                }
            )
        )
