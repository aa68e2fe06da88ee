from odoo import fields, models
from odoo.exceptions import UserError

SAID = ("damage_id", "damage_count", "damage_note", "is_done_on_spot")
"""What a device says of a finding, photos apart."""
FOLLOWING = ("person_id", "description", "product_id", "skill_ids", "scheduled_duration", "found_at")
"""What follows from it."""
PRICE = ("quoted_price", "quoted_currency_id")
"""What follows from the kind of damage, too; of the same kind the price stays as it was told."""


class FsmOrder(models.Model):
    """A finding that its device takes back and sends anew, not knowing that it had arrived: it is one all the same."""

    _inherit = "fsm.order"

    def _change_finding(self, equipment, values):
        """Write down what a device says anew of this finding; see ``_add_finding``. The same again changes nothing.

        What was said earlier than what is there comes late, and changes nothing either.

        :raise UserError: it cannot be changed from the lot any more, or the values cannot be
        """
        at, visit = values.get("at") or fields.Datetime.now(), self.sudo().visit_id
        if at < self.sudo().found_at:  # sudo: what comes from the lot needs rights on the walk, which were checked
            return
        damage, count = visit._read_damage(values)
        photos = visit._read_photos(values.get("photos") or ())
        finding, user = self.sudo(), self.env.user
        fresh = visit.with_env(self.env)._prepare_finding_values(finding.walk_unit_id, damage, count, values)
        is_other = any(fresh[name] != getattr(finding[name], "id", finding[name]) for name in SAID)
        own = finding.finding_photo_ids.filtered(lambda photo: photo.create_uid == user)
        has_other_photos = own.mapped("raw") != photos
        if is_other or has_other_photos:
            finding._check_changeable(equipment, user)
        if is_other:
            names = FOLLOWING if damage == finding.damage_id else FOLLOWING + PRICE
            finding.write({name: fresh[name] for name in SAID + names})
        if has_other_photos:
            own.unlink()
            finding._attach_photos(photos)

    def _check_changeable(self, equipment, user):
        """Raise unless this finding is as it came from the lot: nobody has planned, begun or sold it. As superuser.

        :raise UserError: it names the job
        """
        is_fresh = self.state == ("assigned" if self.is_done_on_spot else "requested") and not self.scheduled_date_start
        if not is_fresh or self.sale_line_id or (self.equipment_id, self.found_by_id) != (equipment.sudo(), user):
            raise UserError(
                self.env._(
                    "%(job)s has arrived as it was, and is being worked on: tell dispatch what is different.",
                    job=self.name,
                )
            )
