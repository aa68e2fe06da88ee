"""The dive shop's orders: pre-orders for a window or a time, and walk-ins."""

from datetime import timedelta

from odoo.addons.service_schedule.schedlib import stamp

from .shop import MINUTE, Shop

SERVED_DAYS_AGO = (20, 17, 15, 13, 10, 8, 6, 5, 3, 2, 1)
FULL_FROM_DAY = 3
REGULARS = ("jane", "kai", "lena", "sam", "priya", "club", "school", "customer", "oceandivers")
PRODUCTS = ("air", "nitrox", "air", "nitrox", "air", "inspection")
NOTES = ("", "32 % please.", "", "", "O-ring looks worn, please check.", "")


class DiveShop(Shop):
    """Fills Blue Reef Dive Shop."""

    point_name = "point_blue_reef"
    clerk = "technician"

    def __init__(self, env, now=None, coming_days=28):
        super().__init__(env, now, coming_days)
        self.windows = {window.code: window for window in self.point.window_ids}

    def _fill(self):
        """Override of ``Shop``."""
        self._close_for_training()
        self._serve_past()
        self._leave_over()
        self._fill_today()
        self._take_walk_ins()
        self._fill_a_window()
        self._move_three_times()
        self._cancel_one()
        self._plan_ahead()

    # ------------------------------------------------------------------
    # The chapters
    # ------------------------------------------------------------------

    def _close_for_training(self):
        """Close the shop on the second Wednesday of next month."""
        first = (self.today.replace(day=1) + timedelta(days=32)).replace(day=1)
        day = first + timedelta(days=(2 - first.weekday()) % 7 + 7)
        start, stop = self.point._get_day_bounds(day)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Staff training: closed",
                "calendar_id": self.point.calendar_id.id,
                "company_id": self.point.company_id.id,
                "date_from": start,
                "date_to": stop,
            }
        )

    def _serve_past(self):
        """Orders of the last weeks: picked up; but for the latest invoiced, the older ones paid."""
        for count, ago in enumerate(SERVED_DAYS_AGO):
            day = self.today - timedelta(days=ago)
            who, product = REGULARS[count % len(REGULARS)], ("air", "nitrox")[count % 2]
            order = self._order_on(day, who, product, 1 + count % 3, hour=9 + count * 4 % 9)
            self._work(order, "picked_up", order.scheduled_start)
            if ago > 2:
                self._invoice(order, day, is_paid=ago > 10)

    def _leave_over(self):
        """An order of yesterday that nobody began, and one that waits to be picked up since then."""
        yesterday = self.today - timedelta(days=1)
        self._order_on(yesterday, "lena", "nitrox", 2, note="Diving with the club on Saturday.", hour=17)
        order = self._order_on(yesterday, "sam", "air", 1, hour=16)
        self._work(order, "ready", order.scheduled_start)

    def _fill_today(self):
        """Overdue, in progress, ready, due soon and later, as far as the hour leaves room for them."""
        now = stamp(self.now)
        self._order_today("customer", "air", 1, until=now - 20 * MINUTE, is_last=True)
        self._order_today("kai", "nitrox", 2, until=now - 100 * MINUTE, is_last=True, note="36 % if you can.")
        self._work(self._order_today("priya", "air", 2, near=now - 10 * MINUTE), "preparing")
        self._work(self._order_today("school", "air", 4, near=now - 40 * MINUTE), "ready")
        self._order_today("oceandivers", "nitrox", 4, since=now + 25 * MINUTE, until=now + 150 * MINUTE)
        self._order_today("lena", "air", 1, since=now + 90 * MINUTE, until=now + 175 * MINUTE)
        self._order_today("jane", "air", 1, since=now + 190 * MINUTE)
        self._order_today("club", "air", 3, since=now, window="EVENING", note="We come together, around seven.")
        self._order_today("sam", "nitrox", 1, since=now + 240 * MINUTE, is_last=True, is_confirmed=False)

    def _take_walk_ins(self):
        """Two who came without an appointment, a while ago, also when the shop is closed: somebody has to wait."""
        self._order("kai", "air", 1, placed=self.now - timedelta(minutes=12))
        earlier = self.now - timedelta(minutes=35)
        order = self._order("priya", "inspection", 1, placed=earlier, note="Sticker expires today.")
        self._work(order, "preparing")

    def _fill_a_window(self):
        """Sell out a Morning in a few days."""
        window = self.windows["MORNING"]
        for ahead in range(FULL_FROM_DAY, FULL_FROM_DAY + 7):
            placed = self._get_placing(1)
            slots = self._read_slots("air", self.today + timedelta(days=ahead), 1, placed)
            slot = next((slot for slot in slots if slot.key == window.id), None)
            if slot:
                self._order("oceandivers", "nitrox", 8, slot, placed, note="For the charter boat.")
                self._order("school", "air", slot.places - 8, slot, placed)
                return

    def _move_three_times(self):
        """An order that its customer moved three times: its chain names four days."""
        days = [self.today + timedelta(days=ahead) for ahead in (-5, -3, 1, 4)]
        reasons = ("", "Boat trip was moved.", "Flight is delayed.", "Weather.")
        order = self._order_on(days[0], "customer", "nitrox", 2, hour=15, placed=self._get_placing(8))
        for day, reason, ago in zip(days[1:], reasons[1:], (6, 4, 1), strict=True):
            placed = self._get_placing(ago)
            slot = self._pick(self._read_slots("nitrox", day, 2, placed), near=self._at(day, 15))
            order._schedule(self._get_choice("nitrox", slot), by_staff=True, reason=reason, now=placed)

    def _cancel_one(self):
        """An order that its customer took back."""
        order = self._order_on(self.today + timedelta(days=2), "oceandivers", "air", 6, hour=14)
        customer = self._ref("user_oceandivers")
        order.with_user(customer)._cancel_by_customer("The charter was called off.", now=self.now)

    def _plan_ahead(self):
        """A few orders a day over the coming weeks, more in the near future."""
        for ahead in range(1, self.coming_days + 1):
            day = self.today + timedelta(days=ahead)
            number = day.toordinal()
            for turn in range(number * 7 % 4 + (ahead <= 7)):
                key = number * 3 + turn * 5
                who, product = REGULARS[key % len(REGULARS)], PRODUCTS[key % len(PRODUCTS)]
                note, hour = NOTES[key % len(NOTES)], 8 + key * 5 % 11
                self._order_on(day, who, product, 1 + key % 3, note=note, hour=hour, is_confirmed=bool(key % 8))
            if number % 5 == 0:
                self._order_on(day, REGULARS[number % len(REGULARS)], "regulator", 1, hour=10)

    # ------------------------------------------------------------------
    # Things
    # ------------------------------------------------------------------

    def _prepare_lines(self, who, product, quantity):
        """Return the values of an order's lines: one for each of the customer's things, else one for all."""
        line = {"product_id": self._ref(f"product_{product}").id, "product_uom_qty": quantity}
        equipments = self._get_equipments(who, product)
        if quantity > len(equipments):
            return [line]  # rented tanks, or a caller who does not name his
        return [{**line, "product_uom_qty": 1, "equipment_id": equipment.id} for equipment in equipments[:quantity]]

    def _get_equipments(self, who, product):
        """Return what of a customer's things a product is for."""
        owner = self._ref(f"partner_{who}").commercial_partner_id
        equipments = self.env["fsm.equipment"].search([("owned_by_id", "=", owner.id)], order="serial_number, id")
        regulators = self._ref("equipment_john_reg")
        return equipments & regulators if product == "regulator" else equipments - regulators
