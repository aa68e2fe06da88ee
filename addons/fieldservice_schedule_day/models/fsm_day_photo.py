import base64
import binascii
import io

from PIL import Image, UnidentifiedImageError

from odoo import models
from odoo.exceptions import UserError

FORMATS = {"JPEG": ".jpg", "PNG": ".png"}
"""What Odoo lets Pillow open, of what is a photo; the page itself sends JPEG only."""
LARGEST = 8 * 1024 * 1024
"""Bytes of a photo; the phone makes them smaller than 1 MB before it sends them."""
MOST_PIXELS = 50_000_000
MOST_PHOTOS = 60
"""Photos of one job: who takes more has a button that sticks."""


class FsmOrder(models.Model):
    """Photos of a job: attachments of it, as those that the office adds."""

    _inherit = "fsm.order"

    def _read_field_photos(self):
        """Return ``{job id: [{"id", "name"}]}`` of these jobs, the oldest first. One query for all."""
        found = {job.id: [] for job in self}
        # sudo: photos of jobs that one sees; only those of the job itself, no fields' files
        photos = (
            self.env["ir.attachment"]
            .sudo()
            .search_fetch(
                [
                    ("res_model", "=", "fsm.order"),
                    ("res_id", "in", self.ids),
                    ("res_field", "=", False),
                    ("mimetype", "=like", "image/%"),
                ],
                ["name", "res_id"],
                order="id",
            )
        )
        for photo in photos:
            found[photo.res_id].append({"id": photo.id, "name": photo.name})
        return found

    def _field_photo(self, values, at):
        """Add a photo. ``values``: ``data``, the file in base64, and a ``name``.

        :raise UserError: it is no photo, too large, or one too many
        """
        data, suffix = self._check_photo(values.get("data"))
        if len(self._read_field_photos()[self.id]) >= MOST_PHOTOS:
            raise UserError(self.env._("A job has up to %(most)s photos.", most=MOST_PHOTOS))
        name = f"{self.name} {at:%Y-%m-%d %H%M%S}{suffix}"
        self.message_post(attachments=[(name, data)], subtype_xmlid="mail.mt_note")

    def _check_photo(self, data):
        """Return ``(bytes, suffix)`` of a photo in base64: it is opened, whatever its name and type say.

        :raise UserError: see ``_field_photo``
        """
        if not isinstance(data, str) or len(data) > LARGEST * 4 // 3 + 4:
            raise UserError(self.env._("A photo has up to %(most)s MB.", most=LARGEST // 1024**2))
        try:
            content = base64.b64decode(data, validate=True)
            with Image.open(io.BytesIO(content), formats=list(FORMATS)) as picture:
                kind, (width, height) = picture.format, picture.size
                picture.verify()
        except (binascii.Error, UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            raise UserError(self.env._("This is no photo: JPEG and PNG are.")) from None
        if width * height > MOST_PIXELS:
            raise UserError(self.env._("This photo has too many pixels."))
        return content, FORMATS[kind]
