from odoo import api, fields, models

from .service_offer_question import plain_number


class ServiceReservationAnswer(models.Model):
    """What a customer answered to one question, with the question as it was asked."""

    _name = "service.reservation.answer"
    _description = "Intake Answer"
    _order = "reservation_id, sequence, id"
    _rec_name = "question"

    reservation_id = fields.Many2one("service.reservation", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="reservation_id.company_id", store=True, index=True)
    question_id = fields.Many2one("service.offer.question", "Asked", readonly=True, ondelete="set null")
    sequence = fields.Integer(readonly=True)
    question = fields.Char(required=True, readonly=True, help="As it was asked, in the customer's language.")
    kind = fields.Selection(
        [("text", "Short text"), ("long", "Long text"), ("choice", "Choice"), ("number", "Number"), ("file", "File")],
        required=True,
        readonly=True,
    )
    value_text = fields.Text(readonly=True)
    value_number = fields.Float(readonly=True, digits=False)
    attachment_id = fields.Many2one("ir.attachment", "File", readonly=True, ondelete="set null", copy=False)
    value = fields.Text("Answer", compute="_compute_value")

    _question_uniq = models.UniqueIndex(
        "(reservation_id, question_id) WHERE question_id IS NOT NULL", "This question has already been answered."
    )

    @api.depends("kind", "value_text", "value_number", "attachment_id.name")
    def _compute_value(self):
        for answer in self:
            if answer.kind == "number":
                answer.value = plain_number(answer.value_number)
            elif answer.kind == "file":
                # sudo: whoever reads the answer may know the file's name
                answer.value = answer.sudo().attachment_id.name
            else:
                answer.value = answer.value_text

    def action_open_file(self):
        """Download the file."""
        self.ensure_one()
        self.check_access("read")
        # sudo: the attachment belongs to this answer, which the user may read; the download checks it again
        attachment = self.sudo().attachment_id
        return {"type": "ir.actions.act_url", "url": f"/web/content/{attachment.id}?download=true", "target": "new"}

    def _attach(self, name, mimetype, data):
        """Keep a file with this answer, for nobody but those who may read it."""
        self.ensure_one()
        self.attachment_id.unlink()
        # as it was sent: a damaged picture, which nobody could shrink, is the customer's all the same
        self.attachment_id = (
            self.env["ir.attachment"]
            .with_context(image_no_postprocess=True)
            .create(
                {
                    "name": name,
                    "raw": data,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                    "public": False,
                }
            )
        )

    def unlink(self):
        """Override of ``base`` to delete the files with the answers."""
        attachments = self.attachment_id
        result = super().unlink()
        attachments.exists().unlink()  # what hung on the answers has gone with them
        return result
