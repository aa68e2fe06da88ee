from odoo.tests import HttpCase, tagged

from odoo.addons.fieldservice_schedule.tests.common import FieldCase

from .common import WalkMixin


@tagged("post_install", "-at_install")
class TestWalkTours(WalkMixin, FieldCase, HttpCase):
    """A walk on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpWalk()
        cls.create_vans(146, first=5)
        cls.bring_walk_to_now()

    def test_walk(self):
        """A tick and its undo, a damage with a photo in under 20 seconds and six taps, a new unit, the end."""
        self.start_tour("/field", "field_walk", login="maria@field")
        finding = self.walk.finding_ids
        self.assertEqual((finding.damage_id, finding.equipment_id.serial_number), (self.crack, "V-117"))
        self.assertEqual(finding.finding_photo_ids.mapped("mimetype"), ["image/jpeg"])
        rows = {row.number: row.state for row in self.walk.walk_unit_ids}
        self.assertEqual(len(rows), 151)
        self.assertEqual([rows[number] for number in ("V-001", "V-002", "NEW-9")], ["open", "seen", "seen"])
        self.assertEqual((self.walk.state, self.walk.is_partial), ("completed", True))
