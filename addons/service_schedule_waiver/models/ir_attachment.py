from odoo import api, models
from odoo.exceptions import UserError

SIGNATURE = "service.waiver.signature"
HARMLESS = {"raw", "mimetype", "access_token"}
"""What may be written to a kept document: core writes the same content back when attachments change their storage."""


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _get_waiver_documents(self):
        """Return those of the attachments that are documents of waivers."""
        # sudo: whose attachment it is decides what may be done with it, whoever asks
        return self.sudo().filtered(lambda attachment: attachment.res_model == SIGNATURE)

    def write(self, vals):
        """Override of ``base``: a signed document is kept as it is, also by the superuser."""
        documents = self._get_waiver_documents()
        if documents:
            is_same = "raw" not in vals or all(document.raw == vals["raw"] for document in documents)
            if not is_same or set(vals) - HARMLESS:
                raise UserError(self.env._("A signed waiver cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_waivers(self):
        if self._get_waiver_documents():
            raise UserError(self.env._("A signed waiver cannot be deleted."))
