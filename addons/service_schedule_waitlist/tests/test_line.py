from odoo.tests import freeze_time, tagged

from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.tests.common import NEXT_DAY, TODAY

from .common import DAY, FROZEN, MINUTE, WaitCase


@tagged("post_install", "-at_install")
@freeze_time(FROZEN)
class TestLine(WaitCase):
    """What is freed goes to the first in line, in the same transaction."""

    def test_cancelled(self):
        """The first in line gets just the freed place as a hold; the second waits on; nobody else can have it."""
        nine, _ten = self.fill()
        first, second = self.join(self.anna), self.join(self.bert)
        nine._cancel(by_staff=True)
        hold = first.reservation_id
        self.assertEqual((first.state, second.state, second.position), ("offered", "waiting", 1))
        self.assertEqual((hold.state, hold.partner_id, hold.start), ("held", self.anna, nine.start))
        self.assertEqual((hold.resource_id, hold.lane), (nine.resource_id, nine.lane))
        self.assertEqual((hold.expires_at, first.offered_until), (FROZEN + 60 * MINUTE,) * 2)
        self.assertFalse(hold.sudo().holder)
        # he reads that he missed it, and no second time that it is not kept
        self.assertEqual((hold._is_end_told(), nine._is_end_told()), (True, False))
        self.assertFalse(self.hour.get_availability(NEXT_DAY, NEXT_DAY))
        with self.assertRaises(NotBookable):
            self.take(9)

    def test_taken(self):
        """Who takes what is offered has a confirmed reservation and waits no more."""
        nine, _ten = self.fill()
        first, second = self.join(self.anna), self.join(self.bert)
        nine._cancel(by_staff=True)
        first.reservation_id._confirm()
        self.assertEqual((first.state, first.reservation_id.state), ("taken", "confirmed"))
        self.assertEqual(second.state, "waiting")

    def test_declined(self):
        """Who says no, or leaves, passes it to the next at once; when nobody is left it is free for all."""
        nine, _ten = self.fill()
        first, second, third = (self.join(partner) for partner in (self.anna, self.bert, self.carl))
        nine._cancel(by_staff=True)
        first._leave()
        self.assertEqual((first.state, second.state), ("left", "offered"))
        third._leave()
        second.reservation_id._release("no")
        self.assertEqual((second.state, third.state), ("left", "left"))
        self.assertEqual(len(self.hour.get_availability(NEXT_DAY, NEXT_DAY)), 1)
        self.assertFalse(third.reservation_id)

    def test_missed(self):
        """An offer that ends goes to the next, not to a stranger who is quicker than the cron."""
        nine, _ten = self.fill()
        first, second = self.join(self.anna), self.join(self.bert)
        nine._cancel(by_staff=True)
        with freeze_time(FROZEN + 61 * MINUTE):
            self.assertFalse(self.hour.get_availability(NEXT_DAY, NEXT_DAY))
            with self.assertRaises(NotBookable):
                self.take(9)
            self.run_cron()
            self.assertEqual((first.state, second.state), ("missed", "offered"))
            self.assertEqual(second.offered_until, FROZEN + 121 * MINUTE)

    def test_missed_and_nobody_waits(self):
        """When nobody is left in line the time is free for all, as any hold that is over."""
        nine, _ten = self.fill()
        first = self.join(self.anna)
        nine._cancel(by_staff=True)
        with freeze_time(FROZEN + 61 * MINUTE):
            self.take(9)
            self.assertEqual(first.state, "missed")

    def test_paid_after_it_was_missed(self):
        """Who pays late has the time when it can still be had."""
        nine, _ten = self.fill()
        first = self.join(self.anna)
        nine._cancel(by_staff=True)
        with freeze_time(FROZEN + 61 * MINUTE):
            self.assertTrue(first.reservation_id._try_expire())
            self.assertEqual(first.state, "missed")
            first.reservation_id._confirm()
        self.assertEqual(first.state, "taken")

    def test_released_hold(self):
        """A hold that somebody gives up, or lets expire, is freed time like any other."""
        choice = f"time:{NEXT_DAY}T09:00:00-04:00"
        hold = self.reservations._hold(self.hour, choice, holder="partner:1")
        self.take(10)
        first = self.join(self.anna)
        hold._release()
        self.assertEqual(first.state, "offered")
        first._leave()
        hold = self.reservations._hold(self.hour, choice, holder="partner:1")
        second = self.join(self.bert)
        with freeze_time(FROZEN + 16 * MINUTE):
            with self.assertRaises(NotBookable):
                self.take(9)
            self.assertTrue(hold._try_expire())
            self.assertEqual(second.state, "offered")

    def test_shop_is_closed_by_now(self):
        """Time that is given up because the shop cannot keep it is offered to nobody."""
        nine, ten = self.fill()
        first = self.join(self.anna)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ill",
                "resource_id": self.maria.id,
                "date_from": f"{NEXT_DAY} 04:00:00",
                "date_to": f"{NEXT_DAY} 14:00:00",
            }
        )
        nine._cancel(by_staff=True)
        self.assertEqual(first.state, "waiting")
        ten._cancel(by_staff=True)
        self.assertEqual((first.state, first.reservation_id.start), ("offered", ten.start))

    def test_not_for_customers_any_more(self):
        """What customers cannot book any more, or not as it was, is handed to none of them."""
        nine, ten = self.fill()
        first = self.join(self.anna)
        self.hour.is_published = False
        nine._cancel(by_staff=True)
        self.assertEqual(first.state, "waiting")
        self.hour.write({"is_published": True, "duration_minutes": 30})
        ten._cancel(by_staff=True)
        self.assertEqual(first.state, "waiting")  # there are no such hours any more
        self.run_cron()
        self.assertEqual((first.state, first.reservation_id.start), ("offered", nine.start))

    def test_notice(self):
        """The offer ends when the notice begins; within the notice nothing is offered."""
        with freeze_time(FROZEN - DAY):
            nine, ten = self.fill(TODAY)
        with freeze_time(FROZEN - 30 * MINUTE):
            first, second = self.join(self.anna, TODAY), self.join(self.bert, TODAY)
        with freeze_time(FROZEN - 20 * MINUTE):  # 7:40; 9:00 may be booked until 8:00
            nine._cancel(by_staff=True)
            self.assertEqual(first.offered_until, FROZEN)
        with freeze_time(FROZEN + 60 * MINUTE):  # 9:00; 10:00 may be booked until 9:00
            ten._cancel(by_staff=True)
            self.assertEqual(second.state, "waiting")

    def test_who_fits(self):
        """Not the first in line who wants something else, but the first whom it fits."""
        tom = self.create_person("Tom")
        self.hour.resource_ids += tom
        booked = {(person, hour): self.take(hour, resources=person) for person in (self.maria, tom) for hour in (9, 10)}
        wants_tom = self.join(self.anna, resource=tom)
        wants_any, wants_maria = self.join(self.bert), self.join(self.carl, resource=self.maria)
        booked[self.maria, 9]._cancel(by_staff=True)
        self.assertEqual((wants_tom.state, wants_any.state, wants_maria.state), ("waiting", "offered", "waiting"))
        booked[self.maria, 10]._cancel(by_staff=True)
        self.assertEqual((wants_tom.state, wants_maria.state), ("waiting", "offered"))
        self.assertTrue(wants_maria.reservation_id.is_resource_chosen)
        booked[tom, 9]._cancel(by_staff=True)
        self.assertEqual(wants_tom.reservation_id.resource_id, tom)

    def test_windows_and_times(self):
        """A freed window goes to who waits for it or for anything, a freed time only to who waits for anything."""
        self.point.calendar_id = self.create_calendar("Long", [(day, 8, 12) for day in range(7)])
        self.point.counter_lane_count = 1
        self.offer.write({"duration_minutes": 240, "step_minutes": 240})
        at_eight = self.book(f"time:{NEXT_DAY}T08:00:00-04:00")
        for_window = self.join(self.anna, offer=self.offer, window=self.morning)
        for_any = self.join(self.bert, offer=self.offer)
        at_eight._cancel(by_staff=True)
        self.assertEqual((for_window.state, for_any.state), ("waiting", "offered"))
        for_any._leave()
        self.run_cron()
        self.assertEqual(for_window.reservation_id.window_id, self.morning)
        late_comer = self.join(self.carl, offer=self.offer)
        for_window._leave()
        self.assertEqual((late_comer.state, late_comer.reservation_id.window_id), ("offered", self.morning))

    def test_places(self):
        """Of four freed places who wants two takes two; who wants more than was freed is passed over."""
        self.point.calendar_id = self.create_calendar("Long", [(day, 8, 12) for day in range(7)])
        self.point.counter_lane_count = 5
        self.offer.allow_times = False
        choice = self.window_on(self.morning, NEXT_DAY)
        four = self.book(choice, lanes=4)
        self.book(choice)
        wide, narrow = self.join(self.anna, offer=self.offer, lanes=5), self.join(self.bert, offer=self.offer, lanes=2)
        four._cancel(by_staff=True)
        hold = narrow.reservation_id
        self.assertEqual((wide.state, narrow.state), ("waiting", "offered"))
        self.assertEqual((hold.lane, hold.lanes), (four.lane, 2))
        self.assertEqual(self.offer.get_availability(NEXT_DAY, NEXT_DAY)[0].places, 2)

    def test_offered_time_counts_against_no_limit(self):
        """What is offered to somebody does not keep him from holding other times."""
        self.point.hold_limit = 1
        nine, _ten = self.fill()
        first = self.join(self.anna)
        nine._cancel(by_staff=True)
        self.assertEqual(first.state, "offered")
        other = self.reservations._hold(
            self.hour,
            f"time:{NEXT_DAY + DAY}T09:00:00-04:00",
            partner=self.anna,
            holder=f"partner:{self.anna.id}",
        )
        self.assertEqual(other.state, "held")

    def test_dst_day(self):
        """On the day of 25 hours both one o'clocks are the same day, and each goes to who waits for it."""
        sunday = TODAY.replace(month=11, day=1)
        self.point.calendar_id = self.create_calendar("Night", [(6, 1, 2)])
        starts = [f"time:{sunday}T01:00:00-04:00", f"time:{sunday}T01:00:00-05:00"]
        booked = [self.reservations._book(self.hour, start, partner=self.customer) for start in starts]
        entries = [self.join(partner, sunday) for partner in (self.anna, self.bert)]
        for reservation, entry in zip(reversed(booked), entries, strict=True):
            reservation._cancel(by_staff=True)
            self.assertEqual(entry.reservation_id.start, reservation.start)
            self.assertEqual(entry.reservation_id.wall_start, reservation.wall_start)

    def test_local_day(self):
        """The day is the shop's: 1:00 in Tokyo is the day before in UTC."""
        self.point.tz = "Asia/Tokyo"
        self.point.calendar_id = self.create_calendar("Night", [(day, 1, 2) for day in range(7)], tz="Asia/Tokyo")
        self.maria.tz = "Asia/Tokyo"
        day = NEXT_DAY + DAY
        night = self.reservations._book(self.hour, f"time:{day}T01:00:00+09:00", partner=self.customer)
        entry = self.join(self.anna, day)
        night._cancel(by_staff=True)
        self.assertEqual(entry.state, "offered")

    def test_staff_take_off(self):
        """Staff take a customer off the list; what he was offered goes to the next."""
        nine, _ten = self.fill()
        first, second = self.join(self.anna), self.join(self.bert)
        nine._cancel(by_staff=True)
        first.with_user(self.manager).action_leave()
        self.assertEqual((first.state, second.state), ("left", "offered"))

    def test_done_early(self):
        """Work that is done, and customers who did not come, free time that has begun: it is offered to nobody."""
        with freeze_time(FROZEN - DAY):
            nine, ten = self.fill(TODAY)
        first = self.join(self.anna, TODAY)
        with freeze_time(FROZEN + 70 * MINUTE):
            nine._complete()
        with freeze_time(FROZEN + 130 * MINUTE):
            ten._no_show()
        self.assertEqual(first.state, "waiting")

    def test_moved_offer(self):
        """Who is offered a time and takes another one keeps it; the offer he left goes to the next by the cron."""
        nine, ten = self.fill()
        first, second = self.join(self.anna), self.join(self.bert)
        nine._cancel(by_staff=True)
        first.reservation_id._move_hold(f"time:{NEXT_DAY + DAY}T09:00:00-04:00")
        first.reservation_id._confirm()
        self.run_cron()
        self.assertEqual((first.state, second.state), ("taken", "offered"))
        self.assertEqual(second.reservation_id.start, nine.start)
        self.assertEqual(ten.state, "confirmed")
