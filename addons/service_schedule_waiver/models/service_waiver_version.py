from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceWaiverVersion(models.Model):
    """A waiver's text as it was published. Rows are added by ``service.waiver`` and never changed.

    The text is kept outside Odoo's translated fields, whose translations could be edited behind ``write``.
    """

    _name = "service.waiver.version"
    _description = "Waiver Version"
    _order = "waiver_id, number desc"

    waiver_id = fields.Many2one("service.waiver", required=True, readonly=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="waiver_id.company_id")
    number = fields.Integer("Version", required=True, readonly=True)
    texts = fields.Json(
        required=True,
        readonly=True,
        help="Heading and text in every language that was installed when it was published.",
    )
    published_on = fields.Datetime(required=True, readonly=True)
    published_by = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    name = fields.Char(compute="_compute_text")
    # not sanitized again: it came out of a sanitized field, and people read exactly what was published
    body = fields.Html("Text", compute="_compute_text", sanitize=False)
    signature_ids = fields.One2many("service.waiver.signature", "version_id", "Signatures", readonly=True)

    _number_uniq = models.Constraint("UNIQUE (waiver_id, number)", "This version has just been published.")

    @api.depends("texts")
    @api.depends_context("lang")
    def _compute_text(self):
        for version in self:
            text = version._get_text(self.env.lang)
            version.name, version.body = text["name"], text["body"]

    @api.depends("texts", "number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(waiver)s (version %(number)s)", waiver=version.name, number=version.number
            )

    def _get_lang(self, lang):
        """Return the language in which somebody who reads ``lang`` (a code, or empty) gets this version."""
        self.ensure_one()
        return next(code for code in (lang, "en_US", *self.texts) if code in self.texts)

    def _get_text(self, lang):
        """Return ``{"name": heading, "body": HTML}`` for somebody who reads ``lang``; empty texts for no version."""
        if not self:
            return {"name": "", "body": Markup()}
        text = self.texts[self._get_lang(lang)]
        # it came out of a sanitized field, see the draft's
        return {"name": text["name"], "body": Markup(text["body"])}

    def write(self, vals):
        """Override of ``base``: what was published stays as it is, also for the superuser."""
        if vals:
            raise UserError(self.env._("A published version cannot be changed. Publish a new one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A published version cannot be deleted."))
