from datetime import timedelta

from odoo.tests import tagged

from ..exceptions import NotBookable
from .common import NOW, ScheduleCase

MINUTE = timedelta(minutes=1)


@tagged("post_install", "-at_install")
class TestHoldBound(ScheduleCase):
    """Nobody keeps a time for ever without paying, however often he holds it again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.env["service.offer"].create(
            {
                "name": "Visit",
                "point_id": cls.point.id,
                "resource_ids": [(6, 0, cls.create_person().ids)],
                "lead_minutes": 0,
                "allow_windows": False,
            }
        )
        cls.ten, cls.eleven = (f"time:2026-10-20T{hour}:00:00-04:00" for hour in (10, 11))

    def hold(self, holder="partner:1", now=NOW, **kwargs):
        """Hold ten o'clock."""
        return self.env["service.reservation"]._hold(self.visit, self.ten, holder=holder, now=now, **kwargs)

    def test_again_and_again(self):
        """Held again each time it ended, a booking of 15 minutes has an hour, then it is refused."""
        hold = self.hold()
        for minutes in (20, 40, 55):
            hold._move_hold(self.ten, now=NOW + minutes * MINUTE)
            end = min(minutes + 15, 60)
            self.assertEqual(hold.expires_at, (NOW + end * MINUTE).replace(tzinfo=None))
        with self.assertRaisesRegex(NotBookable, "kept for you for 60 minutes"):
            hold._move_hold(self.ten, now=NOW + 60 * MINUTE)
        other = self.hold(holder="partner:2", now=NOW + 61 * MINUTE)
        self.assertEqual(other.state, "held")

    def test_moving_to_and_fro(self):
        """Moving a live hold away and back wins no more than holding it again."""
        hold = self.hold()
        for minutes, choice in ((14, self.eleven), (28, self.ten), (42, self.eleven), (56, self.ten)):
            hold._move_hold(choice, now=NOW + minutes * MINUTE)
        self.assertEqual(hold.expires_at, (NOW + 60 * MINUTE).replace(tzinfo=None))

    def test_chosen_anew(self):
        """Chosen from the free times after it had ended, it begins anew, as for anybody."""
        hold = self.hold()
        hold._move_hold(self.ten, anew=True, now=NOW + 90 * MINUTE)
        self.assertEqual(hold.expires_at, (NOW + 105 * MINUTE).replace(tzinfo=None))
        self.assertEqual(hold.first_held_at, (NOW + 90 * MINUTE).replace(tzinfo=None))

    def test_coming_back(self):
        """Whoever comes back hours later, after others could have had the time, has not used up anything."""
        hold = self.hold()
        hold._move_hold(self.ten, now=NOW + 29 * MINUTE)
        self.assertEqual(hold.first_held_at, NOW.replace(tzinfo=None))
        hold._move_hold(self.ten, now=NOW + 180 * MINUTE)
        self.assertEqual(hold.expires_at, (NOW + 195 * MINUTE).replace(tzinfo=None))

    def test_paid_too_late(self):
        """Who has paid, and lost his time, holds another one however long it took: he is not after free holds."""
        hold = self.hold()
        hold._give_up("expired", "")
        hold._set_trouble("late")
        hold._move_hold(self.eleven, now=NOW + 61 * MINUTE)
        self.assertEqual(hold.expires_at, (NOW + 76 * MINUTE).replace(tzinfo=None))

    def test_what_it_has_it_keeps(self):
        """A hold that was given longer, as by the waitlist, may move as long as it lasts."""
        hold = self.hold(minutes=300)
        hold._move_hold(self.eleven, now=NOW + 100 * MINUTE)
        self.assertEqual(hold.expires_at, (NOW + 115 * MINUTE).replace(tzinfo=None))
