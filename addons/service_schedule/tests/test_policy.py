from datetime import timedelta

from odoo.tests import freeze_time

from .common import NOW, ScheduleCase

TEN = "time:2026-10-20T10:00:00-04:00"
FAR = "time:2026-11-16T10:00:00-05:00"
LATE = NOW + timedelta(hours=3)


class TestPolicy(ScheduleCase):
    """A visit that is free of charge to change until a day before; later half is given back, and moving costs 7."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offer.write(
            {
                "allow_windows": False,
                "allow_times": True,
                "free_minutes": 1440,
                "refund_percent": 50,
                "reschedule_fee": 7,
            }
        )
        cls.visit = cls.book(TEN)

    def share(self, now=LATE, **kwargs):
        """Return the share that cancelling gives back."""
        return self.visit._get_refund_percent(now=now, **kwargs)

    def test_no_show_can_be_said_when_the_time_has_come(self):
        """The button comes with the time, wherever the staff's browser is; and only for what is confirmed."""
        for moment, may in (("13:59:00", False), ("14:00:00", True)):
            with freeze_time(f"2026-10-20 {moment}"):
                self.visit.invalidate_recordset(["may_be_no_show"])
                self.assertEqual(self.visit.may_be_no_show, may)
        with freeze_time("2026-10-20 14:01:00"):
            self.visit._no_show()
            self.assertFalse(self.visit.may_be_no_show)

    def test_policy_is_that_of_the_day(self):
        """What was agreed when booking binds, whatever the offer says later."""
        self.offer.write({"free_minutes": 0, "refund_percent": 0, "reschedule_fee": 99})
        self.assertEqual((self.share(NOW), self.visit._get_fee(now=NOW)), (100, 0))
        self.assertEqual((self.share(), self.visit._get_fee(now=LATE)), (50, 7))
        self.assertEqual(self.share(by_staff=True), 100)

    def test_late_move_wins_nothing_back(self):
        """Who moves it late to a far day gets no more for cancelling there than he would have got at once."""
        self.visit._reschedule(FAR, now=LATE)
        self.assertTrue(self.visit._is_free_change(now=LATE))
        self.assertEqual((self.share(), self.visit._get_fee(now=LATE)), (50, 0))
        self.visit._reschedule(TEN, now=LATE)
        self.visit._reschedule(FAR, by_staff=True, now=LATE)
        self.assertEqual(self.share(), 50, "no later move of anybody wins it back")

    def test_most_unfavourable_share_counts(self):
        """Of several late moves the one counts at which cancelling would have given back least."""
        self.visit.refund_limit_percent = 30
        self.visit._reschedule(FAR, now=LATE)
        self.assertEqual(self.share(), 30)

    def test_moves_in_time_cost_nothing(self):
        """A move in time leaves nothing behind."""
        self.visit._reschedule(FAR, now=NOW)
        self.assertEqual((self.visit.refund_limit_percent, self.share()), (100, 100))

    def test_shop_moves_never_count(self):
        """Neither what the staff move, nor what the customer moves because the shop could not keep it."""
        self.visit._reschedule(FAR, by_staff=True, now=LATE)
        self.assertEqual(self.share(), 100)
        self.visit._reschedule(TEN, by_staff=True, now=LATE)
        self.visit._set_trouble("away")
        self.visit._reschedule(FAR, now=LATE)
        self.assertEqual(self.share(), 100)

    def test_shop_gives_all_back_after_a_late_move(self):
        """When the shop cancels or cannot keep the time, everything is given back, also after a late move."""
        self.visit._reschedule(FAR, now=LATE)
        self.assertEqual(self.share(by_staff=True), 100)
        self.visit._set_trouble("closed")
        self.assertEqual(self.share(), 100)
