from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.mimetypes import guess_mimetype

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/tiff", "image/heic", "image/heif")
PDF = ("application/pdf",)
DOCUMENTS = (
    "text/plain",
    "text/csv",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
)
FILE_TYPES = {"picture": PICTURES, "pdf": PDF, "document": PICTURES + PDF + DOCUMENTS}
"""What a file may be, by its contents and not by what the browser says. None of it runs in a browser."""
LARGEST_FILE_MB = 25
LONGEST_TEXT = 200
LONGEST_LONG_TEXT = 4000


class ServiceOfferQuestion(models.Model):
    """Something that the shop wants to know before the appointment."""

    _name = "service.offer.question"
    _description = "Intake Question"
    _order = "offer_id, sequence, id"

    offer_id = fields.Many2one("service.offer", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="offer_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char("Question", required=True, translate=True)
    help_text = fields.Char("Hint", translate=True, help="Shown below the question.")
    kind = fields.Selection(
        [("text", "Short text"), ("long", "Long text"), ("choice", "Choice"), ("number", "Number"), ("file", "File")],
        required=True,
        default="text",
    )
    is_required = fields.Boolean("Required")
    choices = fields.Text(translate=True, help="One choice per line.")
    is_bounded = fields.Boolean("Bounded", help="The number has a least and a greatest value.")
    number_min = fields.Float("From")
    number_max = fields.Float("To")
    file_types = fields.Selection(
        [("picture", "Pictures"), ("pdf", "PDF"), ("document", "Pictures, PDF and documents")],
        default="document",
        help="What a file may be is checked by its contents. Programs and web pages are never taken.",
    )
    file_limit_mb = fields.Integer("Up To (MB)", default=10)

    _number_order = models.Constraint(
        "CHECK (NOT is_bounded OR number_min <= number_max)", "The least number is not above the greatest."
    )
    _file_limit = models.Constraint(
        f"CHECK (file_limit_mb IS NULL OR file_limit_mb BETWEEN 1 AND {LARGEST_FILE_MB})",
        f"A file may have between 1 and {LARGEST_FILE_MB} MB.",
    )

    @api.constrains("kind", "choices")
    def _check_choices(self):
        for question in self.filtered(lambda question: question.kind == "choice"):
            if len(question._get_choices()) < 2:
                raise ValidationError(
                    self.env._(
                        "Question %(question)s needs at least two choices, one per line.", question=question.name
                    )
                )

    def _get_choices(self):
        """Return the choices in the user's language."""
        self.ensure_one()
        lines = [line.strip() for line in (self.choices or "").splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    # ------------------------------------------------------------------
    # Reading an answer
    # ------------------------------------------------------------------

    def _read_answer(self, raw):
        """Return ``(values of the answer, error)`` of what a form sent; ``(None, "")`` when nothing was answered.

        :param raw: a text, or for a file an uploaded ``FileStorage``
        """
        self.ensure_one()
        if self.kind == "file":
            return self._read_file(raw)
        text = raw.strip() if isinstance(raw, str) else ""
        if not text:
            return None, self._get_missing_error()
        return getattr(self, f"_read_{self.kind}")(text)

    def _get_missing_error(self):
        """Return what to say when nothing was answered."""
        return self.env._("Please answer: %(question)s", question=self.name) if self.is_required else ""

    def _read_text(self, text, longest=LONGEST_TEXT):
        if len(text) > longest:
            return None, self.env._(
                "%(question)s: at most %(longest)s characters; yours has %(length)s.",
                question=self.name,
                longest=longest,
                length=len(text),
            )
        return {"value_text": text}, ""

    def _read_long(self, text):
        return self._read_text(text, LONGEST_LONG_TEXT)

    def _read_choice(self, text):
        if text not in self._get_choices():
            return None, self.env._("%(question)s: choose one of the answers listed.", question=self.name)
        return {"value_text": text}, ""

    def _read_number(self, text):
        number = self._parse_number(text)
        if number is None:
            return None, self.env._("%(question)s: please enter a number.", question=self.name)
        if self.is_bounded and not self.number_min <= number <= self.number_max:
            return None, self.env._(
                "%(question)s: a number from %(least)s to %(most)s.",
                question=self.name,
                least=plain_number(self.number_min),
                most=plain_number(self.number_max),
            )
        return {"value_number": number}, ""

    @staticmethod
    def _parse_number(text):
        """Return the number, None for what is none; a decimal comma is one, too."""
        try:
            number = float(text.replace(",", ".")) if len(text) <= 20 and text.isascii() else None
        except ValueError:
            return None
        return number if number is not None and abs(number) < 1e15 else None

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def _read_file(self, upload):
        """Return ``(values, error)`` of an uploaded file; its kind is told by its contents."""
        name = getattr(upload, "filename", "") or ""
        if not name:
            return None, self._get_missing_error()
        limit = (self.file_limit_mb or LARGEST_FILE_MB) * 1024 * 1024
        data = upload.stream.read(limit + 1)
        upload.stream.seek(0)
        error = self._get_file_error(data, limit)
        if error:
            return None, self.env._("%(question)s: %(error)s", question=self.name, error=error)
        return {"file_name": clean_file_name(name), "file_type": guess_mimetype(data), "file_data": data}, ""

    def _get_file_error(self, data, limit):
        """Return what is wrong with a file's contents, "" when nothing is."""
        if not data:
            return self.env._("the file is empty.")
        if len(data) > limit:
            return self.env._("the file is too large; it may have %(limit)s MB.", limit=limit // 1024 // 1024)
        if guess_mimetype(data) not in FILE_TYPES[self.file_types or "document"]:
            kinds = dict(self._fields["file_types"]._description_selection(self.env))
            return self.env._("this kind of file is not taken, only: %(kinds)s.", kinds=kinds[self.file_types])
        return ""

    def _get_file_accept(self):
        """Return what a browser's file dialog offers."""
        return ",".join(FILE_TYPES[self.file_types or "document"])


def clean_file_name(name):
    """Return a file's name without folders and control characters, at most 100 characters with its ending."""
    name = "".join(char for char in name.replace("\\", "/").rsplit("/", 1)[-1] if char.isprintable()).strip() or "file"
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:90]}{dot}{ending[:9]}" if dot and stem else name[:100]


def plain_number(number):
    """Return a number without needless decimals."""
    return f"{number:.10g}"
