from datetime import timedelta

from odoo.exceptions import UserError

from .common import NINE, WalkCase, make_photo

KEY = "5f0c"


class TestFindingChange(WalkCase):
    """What a device takes back and sends anew, not knowing that it had arrived, is one finding, as it was said last."""

    def say(self, damage=None, **values):
        """Return the finding of the device's one key."""
        return self.find(damage or self.chip, uuid=KEY, **values)

    def assert_said(self, finding, damage, count, price, note):
        """Check what the one finding of the walk says."""
        self.assertEqual(self.walk.finding_ids, finding)
        self.assertEqual(finding.damage_id, damage)
        self.assertEqual((finding.damage_count, finding.quoted_price, finding.damage_note), (count, price, note))
        self.assertIn(damage.name, finding.description)
        self.assertEqual(finding.scheduled_duration, damage.minutes * count / 60)
        self.assertEqual(finding.product_id, damage.product_id)

    def test_other_damage(self):
        """Another kind, number, note and photo: all that follows from them follows, the price too."""
        first = self.say(note="Left", photos=[make_photo()])
        again = self.say(self.crack, count=2, note="Right", photos=[make_photo(colour=(1, 2, 3)), make_photo()])
        self.assertEqual(first, again)
        self.assert_said(again, self.crack, 2, 80, "Right")
        self.assertEqual(len(again.finding_photo_ids), 2)
        self.assertEqual(self.walk.finding_count, 1)

    def test_price_of_the_same_kind(self):
        """Of the same kind the price stays as it was told."""
        self.say()
        self.chip.product_id.list_price = 999
        self.assert_said(self.say(count=3), self.chip, 3, 50, False)

    def test_repaired_after_all(self):
        """Repaired on the spot, or not after all: it is hers, or waits for whoever has time."""
        finding = self.say()
        self.say(done=True)
        self.assertEqual((finding.state, finding.person_id), ("assigned", self.maria))
        self.say()
        self.assertEqual((finding.state, finding.person_id), ("requested", self.env["fsm.person"]))

    def test_comes_late(self):
        """What was said before what is there, and arrives after it, changes nothing."""
        finding = self.say(self.crack, at=NINE + timedelta(minutes=2))
        self.say(at=NINE + timedelta(minutes=1))
        self.assert_said(finding, self.crack, 1, 80, False)

    def test_photo_of_somebody_else(self):
        """What a dispatcher attached to it stays."""
        finding = self.say(photos=[make_photo()])
        theirs = self.env["ir.attachment"].create(
            {"name": "x.jpg", "raw": b"x", "mimetype": "image/jpeg", "res_model": "fsm.order", "res_id": finding.id}
        )
        self.say(photos=[make_photo(colour=(9, 9, 9))])
        finding.invalidate_recordset()
        self.assertEqual(len(finding.finding_photo_ids), 2)
        self.assertIn(theirs, finding.finding_photo_ids)

    def test_too_late(self):
        """What is planned, sold, another unit's or another technician's stays as it is; the same is not refused."""
        self.walk.person_ids = self.tom
        finding = self.say()
        with self.assertRaisesRegex(UserError, finding.name):
            self.say(count=2, user=self.user_tom)
        with self.assertRaisesRegex(UserError, "tell dispatch"):
            self.say(count=2, van=self.vans[1])
        finding.write({"person_id": self.tom.id, "scheduled_date_start": NINE + timedelta(days=1)})
        with self.assertRaisesRegex(UserError, finding.name):
            self.say(count=2)
        self.assertEqual(self.say(), finding)
        finding.write({"person_id": False, "scheduled_date_start": False})
        self.see(self.vans[1:])
        self.walk.with_user(self.user_maria)._finish_walk()
        self.assertTrue(finding.sale_line_id)
        with self.assertRaisesRegex(UserError, finding.name):
            self.say(count=2)
        self.assertEqual(finding.damage_count, 1)
