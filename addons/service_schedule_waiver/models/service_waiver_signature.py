import logging
import subprocess

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local

from ..moments import format_moment

_logger = logging.getLogger(__name__)


class ServiceWaiverSignature(models.Model):
    """One person's signature below one version of a waiver, for one day of one reservation.

    Rows are added by ``service.reservation`` and never changed; only the document is added later, once.
    """

    _name = "service.waiver.signature"
    _description = "Waiver Signature"
    _order = "signed_on desc, id desc"
    _rec_name = "signer"

    reservation_id = fields.Many2one(
        "service.reservation", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="reservation_id.company_id")
    point_id = fields.Many2one(related="reservation_id.point_id")
    partner_id = fields.Many2one(related="reservation_id.partner_id")
    day = fields.Date(required=True, readonly=True, help="The appointment's day for which it was signed.")
    version_id = fields.Many2one(
        "service.waiver.version", "Version Signed", required=True, readonly=True, ondelete="restrict", index=True
    )
    waiver_id = fields.Many2one(related="version_id.waiver_id", store=True, index=True)
    lang = fields.Char("Language", required=True, readonly=True, help="In which the signer read the text.")
    body = fields.Html("Text as Signed", compute="_compute_body", sanitize=False)
    signer = fields.Char("Signed By", required=True, readonly=True)
    signed_on = fields.Datetime(required=True, readonly=True)
    tz = fields.Char("Time Zone", required=True, readonly=True)
    # in the row, not an attachment: so nothing of it can be changed on its own
    signature = fields.Binary(
        attachment=False, readonly=True, help="A picture; empty when the name was typed without JavaScript."
    )
    channel = fields.Selection(
        [("portal", "Portal"), ("tablet", "Tablet of the shop")], "Signed Through", required=True, readonly=True
    )
    user_id = fields.Many2one("res.users", "Login Used", required=True, readonly=True, ondelete="restrict")
    document_id = fields.Many2one("ir.attachment", readonly=True, copy=False, ondelete="restrict")

    _day_uniq = models.Constraint("UNIQUE (reservation_id, day)", "The waiver has just been signed.")
    _no_document_idx = models.Index("(id) WHERE document_id IS NULL")

    @api.depends("version_id", "lang")
    def _compute_body(self):
        for signature in self:
            signature.body = signature._get_text()["body"]

    def _get_text(self):
        """Return heading and text as they were signed: ``{"name": text, "body": HTML}``."""
        self.ensure_one()
        return self.version_id._get_text(self.lang)

    def _get_heading(self):
        """Return the waiver's name as it was signed, False for no signature."""
        return self._get_text()["name"] if self else False

    def _get_time_label(self):
        """Return when it was signed, on the shop's clock."""
        self.ensure_one()
        return format_moment(self.env, self.signed_on, self.tz)

    def _get_published_label(self):
        """Return the day on which the text was published, on the shop's clock."""
        self.ensure_one()
        published = local(timing.to_stamp(self.version_id.published_on), timing.zone(self.tz))
        return format_date(self.env, published.date(), date_format="long")

    def _get_day_label(self):
        """Return the day for which it was signed."""
        self.ensure_one()
        return format_date(self.env, self.day, date_format="full")

    # ------------------------------------------------------------------
    # Nothing changes
    # ------------------------------------------------------------------

    def write(self, vals):
        """Override of ``base``: a signature is never changed, also by the superuser; its document is added once."""
        is_first_document = set(vals) == {"document_id"} and not any(signature.document_id for signature in self)
        if vals and not is_first_document:
            raise UserError(self.env._("A signature cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A signature cannot be deleted."))

    # ------------------------------------------------------------------
    # The document
    # ------------------------------------------------------------------

    def _render_document(self):
        """Return ``(content, "pdf" or "html")`` of the document; HTML is what a run of the tests renders.

        :raise UserError, OSError: the document cannot be made at present
        """
        self.ensure_one()
        # sudo: a customer has no rights on reports; his right to this signature was checked before
        report = self.env["ir.actions.report"].sudo().with_context(lang=self.lang)
        return report._render_qweb_pdf("service_schedule_waiver.service_waiver_report", self.ids)

    def _make_document(self):
        """Render and keep the document; one that is kept stays.

        :raise UserError, OSError: it cannot be made at present
        """
        self.ensure_one()
        if self.document_id:
            return
        content, kind = self._render_document()
        values = {
            "name": f"{self._get_file_name()}.{kind}",
            "raw": content,
            "mimetype": "application/pdf" if kind == "pdf" else "text/html",
            "res_model": self._name,
            "res_id": self.id,
        }
        # sudo: nobody has rights to write signatures or to add to them
        self.sudo().document_id = self.env["ir.attachment"].sudo().create(values)

    def _get_file_name(self):
        """Return the document's name without its ending."""
        self.ensure_one()
        return self.env._("Waiver %(signer)s %(day)s", signer=self.signer.replace("/", "-"), day=self.day.isoformat())

    def _try_document(self):
        """Make the document if it can be made; return whether it is there now. The signature stays in any case."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._make_document()
        except (UserError, OSError, subprocess.SubprocessError) as error:
            _logger.warning("the document of waiver signature %s cannot be made yet: %s", self.id, error)
        return bool(self.document_id)

    @api.model
    def _cron_make_documents(self):
        """Make the documents that are missing: of new signatures, and of those whose document failed before."""
        domain = [("document_id", "=", False)]
        waiting = self.search(domain, order="id")
        self.env["ir.cron"]._commit_progress(remaining=len(waiting))
        for signature in waiting:
            # a signature that another worker has taken, or finished meanwhile, is none of ours
            if signature.try_lock_for_update().filtered_domain(domain):
                signature._try_document()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def action_open_document(self):
        """Open the document, made now if it is not there yet."""
        self.ensure_one()
        self.check_access("read")
        self._make_document()
        return {"type": "ir.actions.act_url", "url": f"/web/content/{self.document_id.id}", "target": "new"}
