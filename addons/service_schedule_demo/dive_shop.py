"""The demo's moving parts: orders around one moment, made through the doors that people use.

Nothing is drawn by lot: the same moment gives the same shop. What the hour leaves no room for (a late evening has no
"later today") is left out.
"""

from datetime import datetime, time, timedelta

from odoo import Command

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local_day, stamp

MINUTE = 60
SERVED_DAYS_AGO = (20, 17, 15, 13, 10, 8, 6, 5, 3, 2, 1)
FULL_FROM_DAY = 3
USERS = ("manager", "technician", "accountant", "customer", "oceandivers")
REGULARS = ("jane", "kai", "lena", "sam", "priya", "club", "school", "customer", "oceandivers")
PRODUCTS = ("air", "nitrox", "air", "nitrox", "air", "inspection")
STEPS = (("preparing", "started_at", 0), ("ready", "ready_at", 25), ("picked_up", "picked_up_at", 55))
NOTES = ("", "32 % please.", "", "", "O-ring looks worn, please check.", "")


class DiveShop:
    """Fills the dive shop with orders around ``now`` (aware UTC; None is this moment) and for ``coming_days``."""

    def __init__(self, env, now=None, coming_days=28):
        self.env = env
        self.now = now or timing.utc_now()
        self.coming_days = coming_days
        self.point = self._ref("point_blue_reef")
        self.zone = self.point._get_zone()
        self.today = local_day(stamp(self.now), self.zone)
        self.windows = {window.code: window for window in self.point.window_ids}

    def open(self):
        """Make everything."""
        self._keep_zones()
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

    def _keep_zones(self):
        """Have everybody logged in once: at the first time Odoo takes the browser's zone, and these are at the shop."""
        for name in USERS:
            user = self._ref(f"user_{name}")
            user.with_user(user)._update_last_login()

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
    # Orders
    # ------------------------------------------------------------------

    def _order_on(self, day, who, product, quantity, *, note="", hour=11, placed=None, is_confirmed=True):
        """Return an order for the time nearest to an hour of a day, None when that day has none left."""
        placed = placed or min(self._at_moment(day - timedelta(days=2), 10), self.now - timedelta(hours=2))
        slot = self._pick(self._read_slots(product, day, quantity, placed), near=self._at(day, hour))
        return slot and self._order(who, product, quantity, slot, placed, note, is_confirmed)

    def _order_today(self, who, product, quantity, *, window=None, note="", is_confirmed=True, **wish):
        """Return an order for a time of today that ``wish`` (see ``_pick``) describes, None when there is none."""
        placed = self._get_placing(1)
        slots = self._read_slots(product, self.today, quantity, placed)
        slot = self._pick(slots, window and self.windows[window], **wish)
        return slot and self._order(who, product, quantity, slot, placed, note, is_confirmed)

    def _order(self, who, product, quantity, slot=None, placed=None, note="", is_confirmed=True):
        """Return an order that the technician took at ``placed``; without a ``slot`` it is a walk-in."""
        order = (
            self.env["sale.order"]
            .with_user(self._ref("user_technician"))
            .create(
                {
                    "partner_id": self._ref(f"partner_{who}").id,
                    "service_point_id": self.point.id,
                    "order_notes": note,
                    "order_line": [Command.create(vals) for vals in self._prepare_lines(who, product, quantity)],
                }
            )
        )
        if slot:
            order._schedule(self._get_choice(product, slot), by_staff=True, now=placed)
        if is_confirmed:
            order.action_confirm()
        else:
            order.require_signature = False
            order.action_quotation_sent()  # as the portal leaves an order: the customer sees it, the shop accepts it
        order.date_order = timing.to_field(stamp(placed))  # confirming set it to now
        return order

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

    def _work(self, order, target, since=None):
        """Do the work on an order up to a step; it began at ``since`` (naive UTC), None is now."""
        if not order:
            return
        for step, stamp_field, minutes in STEPS:
            order._update_fulfilment(step)
            if since:
                order[stamp_field] = since + timedelta(minutes=minutes)  # the step stamped the present
            if step == target:
                return

    def _invoice(self, order, day, is_paid):
        """Invoice what was served, dated ``day``; the bank payment when ``is_paid``."""
        invoice = order.with_user(self._ref("user_accountant"))._create_invoices()
        invoice.invoice_date = day
        invoice.action_post()
        if is_paid:
            payment = self.env["account.payment.register"].with_user(self._ref("user_accountant"))
            payment = payment.with_context(active_model="account.move", active_ids=invoice.ids)
            payment.create({"payment_date": day + timedelta(days=3)})._create_payments()

    # ------------------------------------------------------------------
    # Times
    # ------------------------------------------------------------------

    def _read_slots(self, product, day, quantity, placed):
        """Return what the staff could book of a day at ``placed``."""
        offer = self._get_offer(product)
        return offer.get_availability(day, day, lanes=offer._get_lanes(quantity), by_staff=True, now=placed)

    @staticmethod
    def _pick(slots, window=None, *, since=None, until=None, near=None, is_last=False):
        """Return the slot of a window (None: a chosen time) within stamps; None when there is none.

        The first is taken, the last, or the one nearest to the stamp ``near``.
        """
        slots = [
            slot
            for slot in slots
            if slot.key == (window.id if window else None)
            and (since is None or (slot.stop if window else slot.start) >= since)
            and (until is None or slot.start <= until)
        ]
        if near is not None:
            return min(slots, key=lambda slot: abs(slot.start - near), default=None)
        return next(iter(slots[::-1] if is_last else slots), None)

    def _get_choice(self, product, slot):
        """Return the choice that books a slot."""
        return self._get_offer(product)._make_choice(slot)

    def _get_placing(self, days_ago):
        """Return the moment, at seven in the morning some days ago, when an order was placed."""
        return self._at_moment(self.today - timedelta(days=days_ago), 7)

    def _at_moment(self, day, hour):
        """Return a local hour of a day as an aware moment."""
        return datetime.combine(day, time(hour), self.zone)

    def _at(self, day, hour):
        """Return a local hour of a day as a stamp."""
        return stamp(self._at_moment(day, hour))

    # ------------------------------------------------------------------
    # Records
    # ------------------------------------------------------------------

    def _ref(self, name):
        """Return a record of the demo."""
        return self.env.ref(f"service_schedule_demo.{name}")

    def _get_offer(self, product):
        """Return the offer that a product books."""
        return self._ref(f"product_{product}").service_offer_ids.filtered(lambda offer: offer.point_id == self.point)
