import base64
import binascii
import io

import psycopg2
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL import WebPImagePlugin as _webp  # noqa: F401 - Odoo keeps Pillow from looking for its plugins itself

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError

MOST_PHOTOS = 8
MOST_BYTES = 15 * 2**20
MOST_PIXELS = 60 * 10**6
LONG_SIDE = 1600
MOST_COUNT = 99
LONGEST_NOTE = 2000


class FsmOrder(models.Model):
    """A finding: the job that comes of a damage which was seen on a walk."""

    _inherit = "fsm.order"

    def _add_finding(self, equipment, values):
        """Write down a damage, and return the job that repairs it.

        :param equipment: the ``fsm.equipment`` that has it
        :param dict values: ``damage`` (id), ``count`` (1), ``note`` (""), ``done`` (False: repaired later), ``photos``
            (pictures as base64: JPEG, PNG or WebP), ``uuid`` (of the device's: the same is one finding; sent again with
            other values it is changed) and ``at`` (naive UTC, when it was found)
        :raise UserError: something of it cannot be; it says what
        """
        self._take_up_walk()
        key = str(values.get("uuid") or "") or False
        present = key and self._find_finding(key)
        if present:
            present._change_finding(equipment, values)
            return present
        damage, count = self._read_damage(values)
        photos = self._read_photos(values.get("photos") or ())
        row = self._get_row_or_add(equipment)
        if not row.seen_at:
            row.write({"seen_at": values.get("at") or fields.Datetime.now(), "seen_by_id": self.env.uid})
        # sudo: technicians may not create jobs; those of a walk that they are on, in this way, they may
        finding = self.sudo()._create_finding(self._prepare_finding_values(row, damage, count, values))
        finding._attach_photos(photos)
        return finding.with_env(self.env)

    def _find_finding(self, key):
        """Return the finding that a device wrote down already.

        :raise ValidationError: it did so on another walk
        """
        finding = self.sudo().search([("found_key", "=", key)])  # sudo: whose it is, is checked here
        if finding and finding.visit_id != self:
            raise ValidationError(self.env._("This finding was written down on another walk."))
        return finding.with_env(self.env)

    @api.model
    def _create_finding(self, values):
        """Create a finding; the same from two requests at once is one: the later is tried again and finds it."""
        try:
            with self.env.cr.savepoint():
                return self.create(values)
        except psycopg2.errors.UniqueViolation as error:
            if error.diag.constraint_name != "fsm_order_found_key_uniq":
                raise
            raise ConcurrencyError(self.env._("This finding is being written down.")) from error

    def _read_damage(self, values):
        """Return ``(damage, how many)`` of the values of a finding."""
        damage = self.env["fsm.damage"].sudo().browse(int(values.get("damage") or 0)).exists()
        if not damage.active or damage.company_id not in (self.company_id, damage.company_id.browse()):
            raise ValidationError(self.env._("Choose what is damaged."))
        count = int(values.get("count") or 1)
        if not 1 <= count <= MOST_COUNT:
            raise ValidationError(self.env._("There can be 1 to %(most)s of one damage.", most=MOST_COUNT))
        return damage, count

    def _prepare_finding_values(self, row, damage, count, values):
        """Return the values of the job of a finding."""
        prices, currency = damage._get_prices(self.partner_id, self.company_id)
        price = currency.round(prices[damage])
        is_done, note = bool(values.get("done")), (values.get("note") or "").strip()[:LONGEST_NOTE]
        at = values.get("at") or fields.Datetime.now()
        return {
            "visit_id": self.id,
            "walk_unit_id": row.id,
            "company_id": self.company_id.id,
            "location_id": self.location_id.id,
            "team_id": self.team_id.id,
            # what is repaired later is given to whoever has time then
            "person_id": self._get_walker().id if is_done else False,
            "equipment_ids": [(6, 0, row.equipment_id.ids)],
            "equipment_id": row.equipment_id.id,
            "damage_id": damage.id,
            "damage_count": count,
            "description": damage._describe(count, note),
            "damage_note": note or False,
            "is_done_on_spot": is_done,
            "quoted_price": price,
            "quoted_currency_id": currency.id,
            "product_id": damage.product_id.id,
            "skill_ids": [(6, 0, damage.skill_ids.ids)],
            "scheduled_duration": damage.minutes * count / 60,
            "found_at": at,
            "found_by_id": self.env.uid,
            "found_key": str(values.get("uuid") or "") or False,
        }

    def _get_walker(self):
        """Return the technician who works on this walk just now: the user, if he is on it, else the first of it."""
        own = self.env["fsm.person"]._get_own()
        return own if own in self.sudo().person_ids else self.sudo().person_id

    @api.model
    def _read_photos(self, photos):
        """Return the photos of a finding as JPEG, upright, at most 1,600 pixels wide or high, and without their place.

        :param photos: base64, with or without the head of a data URL
        :raise UserError: too many, too big, or no pictures
        """
        if len(photos) > MOST_PHOTOS:
            raise UserError(self.env._("A finding can have at most %(most)s photos.", most=MOST_PHOTOS))
        return [self._read_photo(photo) for photo in photos]

    @api.model
    def _read_photo(self, photo):
        """Return one photo, see ``_read_photos``."""
        text = photo.decode() if isinstance(photo, bytes) else str(photo)
        if len(text) * 3 / 4 > MOST_BYTES:
            raise UserError(self.env._("A photo can have at most %(most)s MB.", most=MOST_BYTES // 2**20))
        try:
            raw = base64.b64decode(text.rpartition(",")[2], validate=True)
            image = Image.open(io.BytesIO(raw), formats=("JPEG", "PNG", "WEBP"))
            if image.width * image.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            return self._write_jpeg(image)
        except (
            binascii.Error,
            UnidentifiedImageError,
            Image.DecompressionBombError,
            OSError,
            ValueError,
            SyntaxError,
        ) as error:
            raise UserError(self.env._("This is not a photo that can be read: use JPEG, PNG or WebP.")) from error

    @api.model
    def _write_jpeg(self, image, side=LONG_SIDE):
        """Return a picture as JPEG, upright and not longer than ``side``; nothing but the picture is kept."""
        upright = ImageOps.exif_transpose(image).convert("RGB")
        upright.thumbnail((side, side))
        out = io.BytesIO()
        upright.save(out, "JPEG", quality=85)
        return out.getvalue()

    def _compute_finding_photo_ids(self):
        """List the pictures among the attachments: those of the walk, and those that came later by other ways."""
        photos = self.env["ir.attachment"].search_fetch(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("res_field", "=", False),
                ("mimetype", "=like", "image/%"),
            ],
            ["name", "res_id", "mimetype"],
            order="id",
        )
        found = photos.grouped("res_id")
        for job in self:
            job.finding_photo_ids = found.get(job._origin.id, photos.browse())

    def _attach_photos(self, photos):
        """Keep the photos (bytes) with this finding. Called as superuser."""
        self.env["ir.attachment"].create(
            [
                {
                    "name": f"{self.name} {number}.jpg",
                    "raw": photo,
                    "mimetype": "image/jpeg",
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for number, photo in enumerate(photos, 1)
            ]
        )

    def _get_thumbnail(self, photo, side=420):
        """Return a photo of this finding, smaller, as base64 for a page: a summary holds many."""
        image = Image.open(io.BytesIO(photo.sudo().raw))
        return base64.b64encode(self._write_jpeg(image, side)).decode()
