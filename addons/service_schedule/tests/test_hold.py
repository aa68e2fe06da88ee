from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.addons.service_schedule.exceptions import NotBookable, TimeTaken
from odoo.addons.service_schedule.models import service_reservation_hold
from odoo.addons.service_schedule.schedlib import Reason

from .common import NEXT_DAY, NOW, ScheduleCase

MINUTE = timedelta(minutes=1)


class TestHold(ScheduleCase):
    """One person, half an hour each, held for a quarter of an hour while the customer pays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maria = cls.create_person()
        cls.tom = cls.create_person("Tom")
        cls.visit = cls.env["service.offer"].create(
            {
                "name": "Visit",
                "point_id": cls.point.id,
                "resource_ids": [(6, 0, cls.maria.ids)],
                "lead_minutes": 0,
                "allow_windows": False,
            }
        )
        cls.ten = "time:2026-10-20T10:00:00-04:00"
        cls.eleven = "time:2026-10-20T11:00:00-04:00"

    def hold(self, choice=None, holder="partner:1", now=NOW, offer=None, **kwargs):
        """Hold a time of the visit."""
        return self.env["service.reservation"]._hold(
            offer or self.visit, choice or self.ten, holder=holder, now=now, **kwargs
        )

    def test_hold_ends_after_the_offers_minutes(self):
        """A hold lasts as long as the offer says; until then nobody else gets the time, afterwards anybody."""
        hold = self.hold()
        self.assertEqual(hold.state, "held")
        self.assertEqual(hold.expires_at, (NOW + 15 * MINUTE).replace(tzinfo=None))
        with self.assertRaises(NotBookable) as refused:
            self.hold(holder="partner:2", now=NOW + 14 * MINUTE)
        self.assertEqual(refused.exception.reasons, (Reason.FULL,))
        other = self.hold(holder="partner:2", now=NOW + 15 * MINUTE)
        self.assertEqual((hold.state, other.state), ("expired", "held"))
        self.assertEqual(hold.change_ids.mapped("kind"), ["expired", "held"])

    def test_stale_hold_is_offered(self):
        """What a stale hold keeps is shown as free, without any cron."""
        self.hold()
        day = {"first_day": NEXT_DAY, "last_day": NEXT_DAY}
        starts = [slot.start for slot in self.visit.get_availability(**day, now=NOW)]
        later = [slot.start for slot in self.visit.get_availability(**day, now=NOW + 15 * MINUTE)]
        ten = self.visit.parse_choice(self.ten)[0]
        self.assertNotIn(ten, starts)
        self.assertIn(ten, later)

    def test_holding_again_prolongs_nothing(self):
        """The same holder gets the same hold with the same end."""
        hold = self.hold()
        again = self.hold(now=NOW + 10 * MINUTE)
        self.assertEqual(again, hold)
        self.assertEqual(hold.expires_at, (NOW + 15 * MINUTE).replace(tzinfo=None))

    def test_holds_are_bounded(self):
        """Nobody holds more than the service point allows; a hold that ended does not count."""
        self.point.hold_limit = 2
        self.hold("time:2026-10-20T10:00:00-04:00")
        self.hold("time:2026-10-20T11:00:00-04:00")
        with self.assertRaises(NotBookable) as refused:
            self.hold("time:2026-10-20T12:00:00-04:00")
        self.assertEqual(refused.exception.reasons, (Reason.TOO_MANY_HELD,))
        self.hold("time:2026-10-20T12:00:00-04:00", holder="partner:2")
        self.hold("time:2026-10-20T13:00:00-04:00", now=NOW + 16 * MINUTE)

    def test_guests_are_bounded_by_address(self):
        """Guests of one address have the guests' bound."""
        self.point.guest_hold_limit = 1
        self.hold(holder="address:x")
        with self.assertRaises(NotBookable):
            self.hold(self.eleven, holder="address:x")
        self.hold(self.eleven, holder="address:y")

    def test_confirm(self):
        """A confirmed hold keeps its row and its time; confirming twice is once."""
        hold = self.hold()
        hold._confirm(now=NOW + MINUTE)
        revision = hold.revision
        hold._confirm(now=NOW + 2 * MINUTE)
        self.assertEqual((hold.state, hold.expires_at, hold.revision), ("confirmed", False, revision))
        with self.assertRaises(NotBookable):
            self.hold(holder="partner:2", now=NOW + 60 * MINUTE)

    def test_confirm_stale_but_unclaimed(self):
        """Paid late, but nobody has taken the time: it is his."""
        hold = self.hold()
        hold._confirm(now=NOW + 20 * MINUTE)
        self.assertEqual(hold.state, "confirmed")

    def test_confirm_expired_takes_the_time_again(self):
        """Expired, then paid, and the time is still free: the same row is confirmed."""
        hold = self.hold()
        with freeze_time(NOW + 20 * MINUTE):
            self.assertTrue(hold._try_expire())
        hold._confirm(now=NOW + 21 * MINUTE)
        self.assertEqual(hold.state, "confirmed")
        self.assertEqual(hold.resource_id, self.maria)

    def test_paid_late_and_taken_by_another(self):
        """Expired, taken by somebody else, then paid: another person of the offer serves at the same time."""
        hold = self.hold()
        self.hold(holder="partner:2", now=NOW + 20 * MINUTE)
        self.visit.resource_ids += self.tom
        self.assertTrue(hold._confirm_or_park(now=NOW + 21 * MINUTE))
        self.assertEqual((hold.state, hold.resource_id), ("confirmed", self.tom))

    def test_paid_late_but_asked_for_by_name(self):
        """Who asked for Maria does not get Tom: he chooses a new time."""
        hold = self.hold(resources=self.maria)
        self.visit.resource_ids += self.tom
        self.hold(holder="partner:2", now=NOW + 20 * MINUTE, resources=self.maria)
        self.assertFalse(hold._confirm_or_park(now=NOW + 21 * MINUTE))
        self.assertEqual((hold.state, hold.trouble), ("expired", "late"))

    def test_paid_late_and_nothing_left(self):
        """Nobody is free at that time: the reservation is kept without a time, and a new one can be chosen."""
        hold = self.hold()
        self.hold(holder="partner:2", now=NOW + 20 * MINUTE)
        self.assertFalse(hold._confirm_or_park(now=NOW + 21 * MINUTE))
        self.assertFalse(hold._confirm_or_park(now=NOW + 22 * MINUTE))
        self.assertEqual((hold.state, hold.trouble), ("expired", "late"))
        self.assertEqual(hold.change_ids.mapped("kind"), ["trouble", "expired", "held"])
        public_id = hold.public_id
        hold._reschedule(self.eleven, now=NOW + 30 * MINUTE)
        self.assertEqual((hold.state, hold.trouble, hold.public_id), ("confirmed", False, public_id))

    def test_paid_after_it_was_served(self):
        """Money for what was served, or never come for, needs no new time."""
        served, missed = self.hold("time:2026-10-19T09:00:00-04:00"), self.hold("time:2026-10-19T10:00:00-04:00")
        (served | missed)._confirm(now=NOW)
        late = NOW + timedelta(hours=3)
        served._complete()
        missed._no_show(now=late)
        for reservation, state in ((served, "done"), (missed, "no_show")):
            self.assertTrue(reservation._confirm_or_park(now=late))
            self.assertEqual((reservation.state, reservation.trouble), (state, False))

    def test_paid_after_the_time_itself(self):
        """Money that arrives after the appointment's time gets a new time, not a past one."""
        hold = self.hold("time:2026-10-19T09:00:00-04:00")
        late = NOW + timedelta(hours=3)
        self.assertFalse(hold._confirm_or_park(now=late))
        self.assertEqual(hold.trouble, "late")

    def test_released_and_held_again(self):
        """A released hold can be taken up again, also at another time; a confirmed one cannot be released."""
        hold = self.hold()
        hold._release()
        hold._release()
        self.assertEqual(hold.state, "released")
        hold._move_hold(self.eleven, holder="partner:1", now=NOW + MINUTE)
        self.assertEqual((hold.state, hold.expires_at), ("held", (NOW + 16 * MINUTE).replace(tzinfo=None)))
        hold._confirm(now=NOW + 2 * MINUTE)
        with self.assertRaises(NotBookable):
            hold._release()

    def test_hold_never_outlasts_its_time(self):
        """A hold for a time in five minutes ends in five minutes."""
        hold = self.hold("time:2026-10-19T08:15:00-04:00", now=NOW + 10 * MINUTE)
        self.assertEqual(hold.expires_at, hold.start)

    def test_rescheduled_hold_never_outlasts_its_time(self):
        """A hold that is moved to an earlier time ends when that begins, though it would have lasted longer."""
        hold = self.hold("time:2026-10-19T09:00:00-04:00", now=NOW + 10 * MINUTE)
        hold._reschedule("time:2026-10-19T08:15:00-04:00", by_staff=True, now=NOW + 11 * MINUTE)
        self.assertEqual((hold.state, hold.expires_at), ("held", hold.start))

    def test_now(self):
        """Who wants to be served now is, when someone is free; the session begins when it is paid."""
        self.visit.allow_now = True
        self.assertEqual(self.visit._get_now_choice(now=NOW), "now")
        hold = self.hold("now")
        self.assertEqual(hold.start, (NOW + MINUTE).replace(tzinfo=None))
        self.assertEqual(self.visit._get_now_choice(now=NOW), "")
        self.assertEqual(self.hold("now", now=NOW + 2 * MINUTE), hold)
        hold._confirm(now=NOW + 9 * MINUTE)
        self.assertEqual(hold.start, (NOW + 10 * MINUTE).replace(tzinfo=None))
        self.assertEqual(hold.stop, (NOW + 40 * MINUTE).replace(tzinfo=None))
        self.assertEqual(hold.blocked_stop, hold.stop)
        self.assertEqual(hold.wall_start, "2026-10-19T08:10:00-04:00")

    def test_now_is_not_offered_everywhere(self):
        """Without the offer's leave, now is no choice."""
        with self.assertRaises(NotBookable):
            self.hold("now")

    def test_anyone_is_spread_evenly(self):
        """Of two who are free, the one with less to do in that week gets the next; asked for by name, that one."""
        self.visit.resource_ids += self.tom
        holds = [self.hold(f"time:2026-10-20T1{hour}:00:00-04:00", holder=f"partner:{hour}") for hour in range(4)]
        self.assertEqual([hold.resource_id for hold in holds], [self.maria, self.tom, self.maria, self.tom])
        named = self.hold("time:2026-10-20T15:00:00-04:00", holder="partner:9", resources=self.tom)
        self.assertEqual(named.resource_id, self.tom)

    def test_first_in_the_list(self):
        """An offer may rather fill one after the other."""
        self.visit.write({"assignment": "first", "resource_ids": [(4, self.tom.id)]})
        holds = [self.hold(f"time:2026-10-20T1{hour}:00:00-04:00", holder=f"partner:{hour}") for hour in range(2)]
        self.assertEqual([hold.resource_id for hold in holds], [self.maria, self.maria])

    def test_cron_expires(self):
        """The cron marks what has ended and leaves the others."""
        stale, live = self.hold(), self.hold(self.eleven, now=NOW + 10 * MINUTE)
        with (
            freeze_time(NOW + 16 * MINUTE),
            self.enter_registry_test_mode(),
            patch.object(service_reservation_hold._logger, "info") as log,
        ):
            self.env.ref("service_schedule.ir_cron_expire_holds").method_direct_trigger()
        self.assertEqual((stale.state, live.state), ("expired", "held"))
        self.assertEqual(log.call_args.args, ("%s holds expired", 1))

    def test_is_available(self):
        """A person is available when she works and is not taken; a stale hold does not count."""
        reservations = self.env["service.reservation"]
        self.hold()
        span = (NOW.replace(day=20, hour=14), NOW.replace(day=20, hour=14, minute=30))
        with freeze_time(NOW):
            self.assertFalse(reservations.is_available(self.maria, *span))
        with freeze_time(NOW + 15 * MINUTE):
            self.assertTrue(reservations.is_available(self.maria, *span))
            night = [moment.replace(hour=3) for moment in span]
            self.assertFalse(reservations.is_available(self.maria, *night))

    def test_is_available_to_ones_own_company(self):
        """Who serves another company is not available; one who serves both is not while the other has booked him."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        point = self.env["service.point"].create({"name": "Elsewhere", "tz": self.point.tz, "company_id": other.id})
        self.maria.company_id = self.tom.company_id = False
        there = self.visit.copy({"name": "There", "point_id": point.id, "resource_ids": [(6, 0, self.tom.ids)]})
        span = (NOW.replace(day=20, hour=14), NOW.replace(day=20, hour=14, minute=30))
        here = self.env["service.reservation"].with_context(allowed_company_ids=self.env.company.ids)
        both = here.with_context(allowed_company_ids=(self.env.company | other).ids)
        with freeze_time(NOW):
            self.assertEqual((here.is_available(self.tom, *span), both.is_available(self.tom, *span)), (False, True))
            self.assertTrue(here.is_available(self.maria, *span))
            there.resource_ids += self.maria
            self.hold(offer=there, resources=self.maria)
            self.assertFalse(here.is_available(self.maria, *span))
            self.assertFalse(here.is_available(0, *span), "nobody")

    def park(self):
        """Return a hold that ended, whose time is gone, and whose money came afterwards."""
        parked = self.hold()
        self.hold(holder="partner:2", now=NOW + 20 * MINUTE)
        self.assertFalse(parked._confirm_or_park(now=NOW + 30 * MINUTE))
        self.assertEqual((parked.state, parked.trouble), ("expired", "late"))
        return parked

    def test_parked_and_held_anew(self):
        """What was paid too late needs a new time until it is confirmed, also when another hold of it ends."""
        parked = self.park()
        for end in ("cron", "taken", "released"):
            parked._move_hold(self.eleven, now=NOW + 30 * MINUTE)
            self.assertEqual((parked.state, parked.trouble), ("held", "late"))
            if end == "cron":
                self.run_cron("ir_cron_expire_holds", NOW + 50 * MINUTE)
            elif end == "taken":
                self.hold(self.eleven, holder="partner:3", now=NOW + 50 * MINUTE)._release()
            else:
                parked._release()
            self.assertEqual((parked.state, parked.trouble), ("released" if end == "released" else "expired", "late"))
        parked._move_hold(self.eleven, now=NOW + 30 * MINUTE)
        parked._confirm(now=NOW + 31 * MINUTE)
        self.assertEqual((parked.state, parked.trouble), ("confirmed", False))

    def test_parked_held_anew_and_cancelled(self):
        """Cancelling what was paid ends it, though its time is only held; rescheduling it books the new time."""
        parked = self.park()
        parked._move_hold(self.eleven, now=NOW + 30 * MINUTE)
        parked._reschedule("time:2026-10-20T12:00:00-04:00", now=NOW + 31 * MINUTE)
        self.assertEqual((parked.state, parked.trouble, parked.expires_at), ("confirmed", False, False))
        other = self.hold("time:2026-10-20T13:00:00-04:00", holder="partner:4")
        other._set_trouble("late")
        other._cancel(now=NOW + MINUTE)
        self.assertEqual((other.state, other.trouble), ("cancelled", False))

    def test_token(self):
        """A link's secret opens its own reservation and no other."""
        first, second = self.hold(), self.hold(self.eleven)
        reservations = self.env["service.reservation"]
        self.assertEqual(reservations._find_by_token(first.public_id, first._get_token()), first)
        self.assertFalse(reservations._find_by_token(second.public_id, first._get_token()))
        self.assertFalse(reservations._find_by_token("", ""))
        self.assertFalse(reservations._find_by_token(first.public_id, "é"))

    def test_no_show_and_arrival(self):
        """Only after the start, with its time free again; who came after all gets it back unless it is taken."""
        visit = self.hold("time:2026-10-19T09:00:00-04:00")
        visit._confirm(now=NOW)
        with self.assertRaisesRegex(Exception, "before the time"):
            visit._no_show(now=NOW)
        visit._no_show(now=NOW + timedelta(hours=2))
        self.assertEqual(visit.state, "no_show")
        visit._record_arrival()
        self.assertEqual(visit.state, "confirmed")
        visit._no_show(now=NOW + timedelta(hours=2))
        self.env["service.reservation"]._book(
            self.visit, "time:2026-10-19T09:00:00-04:00", by_staff=True, now=NOW + MINUTE
        )
        with self.assertRaises(TimeTaken):
            visit._record_arrival()

    def test_automatic_no_show(self):
        """After the grace, where the offer wants it; the customer's count rises, also for colleagues."""
        self.visit.write({"auto_no_show": True, "grace_minutes": 10})
        visit = self.hold("time:2026-10-19T09:00:00-04:00", partner=self.customer)
        visit._confirm(now=NOW)
        cron = self.env.ref("service_schedule.ir_cron_no_shows")
        for minutes, state in ((69, "confirmed"), (70, "no_show")):
            with freeze_time(NOW + minutes * MINUTE), self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.assertEqual(visit.state, state)
        self.assertEqual(self.customer.no_show_count, 1)
