"""The corner shop's orders: placed ahead to be picked up at a time, packed in its prep time, handed over."""

from datetime import timedelta

from odoo.addons.service_schedule.schedlib import stamp

from .shop import MINUTE, Shop

NEIGHBOURS = ("kiran", "rosa", "dev", "june", "school_bell")
GOODS = ("milk", "lunch", "box")


class CornerShop(Shop):
    """Fills Maple Street Corner Shop."""

    point_name = "point_corner"
    clerk = "shopkeeper"

    def __init__(self, env, now=None, coming_days=5):
        super().__init__(env, now, coming_days)

    def _fill(self):
        """Override of ``Shop``."""
        self._serve_past()
        self._fill_today()
        self._take_walk_in()
        self._plan_ahead()

    def _serve_past(self):
        """What was picked up on the last days."""
        for count, ago in enumerate((3, 2, 2, 1)):
            day = self.today - timedelta(days=ago)
            order = self._order_on(day, NEIGHBOURS[count], GOODS[count % 3], 1 + count % 2, hour=8 + 3 * count)
            self._work(order, "picked_up", order.scheduled_start)

    def _fill_today(self):
        """Picked up, late, being packed, ready, due soon, for later, and one that waits to be accepted."""
        now = stamp(self.now)
        served = self._order_today("june", "lunch", 2, until=now - 90 * MINUTE, is_last=True)
        self._work(served, "picked_up", served and served.scheduled_start)
        self._order_today("rosa", "milk", 1, until=now - 20 * MINUTE, is_last=True)
        self._work(self._order_today("dev", "box", 1, near=now + 15 * MINUTE), "preparing")
        self._work(self._order_today("kiran", "lunch", 3, near=now), "ready")
        self._order_today("school_bell", "samosa", 2, since=now + 75 * MINUTE, note="For twelve children, not too hot.")
        self._order_today("june", "box", 1, since=now + 60 * MINUTE)
        note = "Will be there on the dot."
        self._order_today("kiran", "milk", 1, since=now + 45 * MINUTE, note=note, is_confirmed=False)

    def _take_walk_in(self):
        """Somebody who stands at the counter."""
        self._order("rosa", "lunch", 1, placed=self.now - timedelta(minutes=4))

    def _plan_ahead(self):
        """An order or two a day; the preschool's lunch on each."""
        for ahead in range(1, self.coming_days + 1):
            day = self.today + timedelta(days=ahead)
            number = day.toordinal()
            self._order_on(day, NEIGHBOURS[number % 4], GOODS[number % 3], 1 + number % 2, hour=9 + number * 3 % 9)
            self._order_on(day, "school_bell", "lunch", 6, hour=11, note="Without nuts, please.")
