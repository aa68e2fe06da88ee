import base64
import contextlib
import threading
import time

from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.sql_db import db_connect
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.service_schedule_waiver.exceptions import WaiverChanged, WaiverRefused

from .common import DAY, EVENING_BEFORE, LATE_EVENING, MIDNIGHT, ON_THE_DAY, OTHER_DAY, WaiverCase, draw_picture


@tagged("post_install", "-at_install")
class TestSigning(WaiverCase):
    def test_signature_keeps_what_was_signed(self):
        """Signer, version, language, time, zone, way, login and picture are kept; the history tells of it."""
        with freeze_time(ON_THE_DAY):
            signature = self.sign(name="  John   Doe ", picture=draw_picture(), now=None)
        self.assertEqual(signature.signer, "John Doe")
        self.assertEqual(signature.version_id, self.waiver.version_id)
        self.assertEqual(signature.day, DAY)
        self.assertEqual((signature.tz, signature.lang), ("America/New_York", "en_US"))
        self.assertEqual((signature.channel, signature.user_id), ("portal", self.env.user))
        self.assertEqual(signature.signed_on, ON_THE_DAY.replace(tzinfo=None))
        self.assertTrue(base64.b64decode(signature.signature).startswith(b"\x89PNG"))
        label = "October 20, 2026 at 09:00:00 AM (America/New_York, UTC-04:00)"
        self.assertEqual(signature._get_time_label(), label)
        change = self.reservation.change_ids[0]
        self.assertEqual((change.kind, change.waiver_day), ("waiver_signed", DAY))
        self.assertEqual(self.reservation.revision, 0, "nothing changed that an invitation would tell")
        self.assertEqual(self.reservation.waiver_state, "signed")
        self.assertRegex(
            self.reservation.waiver_label, r"Signed by John Doe on .*\(America/New_York, UTC-04:00\), version 1"
        )

    def test_day_is_the_shops(self):
        """Signing opens at midnight of the shop's day and not of UTC's, and stays open until the work is done."""
        self.assertEqual(self.reservation._get_waiver_step(EVENING_BEFORE), "early")
        with self.assertRaisesRegex(WaiverRefused, "Tuesday, October 20, 2026"):
            self.sign(now=EVENING_BEFORE)
        for moment in (MIDNIGHT, ON_THE_DAY, LATE_EVENING):
            self.assertEqual(self.reservation._get_waiver_step(moment), "open", moment)
        self.assertEqual(self.reservation._get_waiver_step(LATE_EVENING.replace(day=23)), "open", "late work")
        self.reservation._complete()
        with self.assertRaisesRegex(WaiverRefused, "over"):
            self.sign()

    def test_pending_task(self):
        """Messages ask to sign it, with a link that needs no log-in: on the day, from its midnight on at once."""
        for moment, when in ((EVENING_BEFORE, "on the day"), (ON_THE_DAY, "before your visit")):
            with freeze_time(moment):
                [(sentence, _label, url)] = self.reservation._get_pending_tasks()
            self.assertIn(f"“Liability release” {when}", sentence)
        self.assertEqual(url, f"{self.reservation.get_base_url()}{self.reservation._get_waiver_url(with_token=True)}")
        self.sign()
        self.assertEqual(self.reservation._get_pending_tasks(), [])

    def test_no_pending_task(self):
        """Nothing is asked for what is only held, cancelled, or needs no waiver."""
        held = self.env["service.reservation"]._hold(
            self.offer, self.window_on(self.afternoon, DAY), now=EVENING_BEFORE
        )
        self.assertEqual(held._get_pending_tasks(), [])
        self.reservation._cancel(by_staff=True)
        self.assertEqual(self.reservation._get_pending_tasks(), [])
        other = self.book(self.window_on(self.morning, OTHER_DAY))
        self.offer.waiver_id = False
        self.assertEqual(other._get_pending_tasks(), [])

    def test_day_east_of_utc(self):
        """A shop whose day begins before UTC's opens before it."""
        self.point.tz = "Pacific/Auckland"
        reservation = self.book(f"window:{self.evening.id}:{OTHER_DAY.isoformat()}")
        self.assertEqual(reservation._get_waiver_step(EVENING_BEFORE.replace(day=21, hour=10)), "early")
        self.assertEqual(reservation._get_waiver_step(EVENING_BEFORE.replace(day=21, hour=11)), "open")

    def test_signing_twice_is_one_signature(self):
        """A double submit returns the first signature, whatever the second says."""
        first = self.sign()
        self.assertEqual(self.sign(name="Somebody Else"), first)
        self.assertEqual(self.reservation.waiver_signature_ids, first)
        self.assertEqual(first.signer, "John Doe")
        kinds = self.reservation.change_ids.mapped("kind")
        self.assertEqual(kinds.count("waiver_signed"), 1)

    def test_twin_waits_and_starts_again(self):
        """While another request signs, this one waits; then it is begun anew, to see what the other has signed."""
        with self.registry.cursor() as other:
            key = self.reservation._get_signing_key()
            other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
            ending = threading.Thread(target=self.end_when_awaited, args=(other,), daemon=True)
            ending.start()
            with self.assertRaises(ConcurrencyError):
                self.sign()
            ending.join()
        self.assertTrue(self.sign())

    def end_when_awaited(self, holder):
        """End a transaction as soon as another one waits for a lock that it holds, or after a minute."""
        until = time.monotonic() + 60
        with contextlib.closing(db_connect(holder.dbname).cursor()) as cr:
            while time.monotonic() < until:
                cr.execute(
                    "SELECT FROM pg_locks WHERE NOT granted AND %s = ANY(pg_blocking_pids(pid))",
                    [holder.connection.info.backend_pid],
                )
                if cr.rowcount:
                    break
                time.sleep(0.01)
        holder.rollback()

    def test_refusals(self):
        """No name, another text, something that is no picture, a cancelled or held time: each is said."""
        with self.assertRaisesRegex(WaiverRefused, "full name"):
            self.sign(name="   ")
        for picture in ("nonsense", "é", base64.b64encode(b"<svg onload='x'/>").decode(), "A" * 1_100_000):
            with self.assertRaisesRegex(WaiverRefused, "could not be read"):
                self.sign(picture=picture)
        other = self.create_waiver("Photos")
        with self.assertRaises(WaiverChanged):
            self.sign(version=other.version_id)
        self.reservation._cancel(by_staff=True)
        with self.assertRaisesRegex(WaiverRefused, "does not take place"):
            self.sign()
        held = self.env["service.reservation"]._hold(
            self.offer, self.window_on(self.afternoon, DAY), holder="partner:1", now=ON_THE_DAY.replace(hour=12)
        )
        self.assertEqual(held._get_waiver_step(ON_THE_DAY), "held")
        self.assertEqual(held.waiver_state, "missing")
        self.offer.waiver_id = False
        self.assertEqual(held._get_waiver_step(ON_THE_DAY), "none")
        self.assertFalse(held.waiver_state)

    def test_new_version(self):
        """A version published while reading is to be read again; one published after signing changes nothing."""
        read = self.waiver.version_id
        self.waiver.body = "<p>Diving is very dangerous.</p>"
        self.waiver._publish()
        with self.assertRaises(WaiverChanged):
            self.sign(version=read)
        signature = self.sign()
        self.waiver.body = "<p>Diving is fun.</p>"
        self.waiver._publish()
        self.assertEqual(self.reservation.waiver_state, "signed")
        self.assertIn("very dangerous", signature.body)
        self.assertEqual(self.reservation._get_begin_obstacles(), [])

    def test_move(self):
        """A signature holds for its day: another day asks anew, another hour of the day and the way back do not."""
        first = self.sign()
        now = MIDNIGHT
        self.reservation._reschedule(self.window_on(self.evening, DAY), by_staff=True, now=now)
        self.assertEqual(self.reservation.waiver_state, "signed")
        self.reservation._reschedule(self.window_on(self.morning, OTHER_DAY), by_staff=True, now=now)
        self.assertEqual(self.reservation.waiver_state, "missing")
        self.assertEqual(self.reservation._get_waiver_step(ON_THE_DAY), "early")
        self.assertTrue(self.reservation._get_begin_obstacles())
        second = self.sign(now=ON_THE_DAY.replace(day=22))
        self.assertNotEqual(second, first)
        self.reservation._reschedule(self.window_on(self.evening, DAY), by_staff=True, now=now)
        self.assertEqual(self.reservation._get_waiver_signature(), first)

    def test_signature_never_changes(self):
        """Nobody changes or deletes a signature, the superuser neither."""
        signature = self.sign().sudo()
        for values in ({"signer": "Eve"}, {"signature": False}, {"signed_on": False}, {"day": OTHER_DAY}):
            with self.assertRaises(UserError):
                signature.write(values)
        with self.assertRaises(UserError):
            signature.unlink()


@tagged("post_install", "-at_install")
class TestBegin(WaiverCase):
    def test_work_waits_for_the_signature(self):
        """Without a signature there is an obstacle that names the waiver and the appointment; with it there is none."""
        [obstacle] = self.reservation.with_user(self.technician)._get_begin_obstacles()
        self.assertIn("Liability release", obstacle)
        self.assertIn("Tank fill", obstacle)
        self.sign()
        self.assertEqual(self.reservation._get_begin_obstacles(), [])

    def test_no_waiver_no_obstacle(self):
        """Offers without a waiver are as they were."""
        self.offer.waiver_id = False
        self.assertEqual(self.reservation._get_begin_obstacles(), [])
        self.assertFalse(self.reservation.waiver_label)

    def test_manager_overrides(self):
        """A manager lets the work begin with a reason, which the history keeps with his name."""
        action = self.reservation.with_user(self.manager).action_override_waiver()
        form = Form(self.env["service.waiver.override"].with_user(self.manager).with_context(**action["context"]))
        form.reason = "Signed on paper"
        form.save().action_override()
        self.assertEqual(self.reservation.waiver_state, "overridden")
        self.assertRegex(self.reservation.waiver_label, "Overridden by boss@shop.* on .*: Signed on paper")
        self.assertEqual(self.reservation._get_begin_obstacles(), [])
        change = self.reservation.change_ids[0]
        self.assertEqual(
            (change.kind, change.user_id, change.reason), ("waiver_overridden", self.manager, "Signed on paper")
        )
        with self.assertRaisesRegex(WaiverRefused, "no missing waiver"):
            self.reservation.with_user(self.manager)._override_waiver("Again")
        self.sign()
        self.assertEqual(self.reservation.waiver_state, "signed", "the customer may still sign")

    def test_override_holds_for_its_day(self):
        """Moved to another day, the appointment asks again."""
        self.reservation.with_user(self.manager)._override_waiver("Signed on paper")
        self.reservation._reschedule(self.window_on(self.morning, OTHER_DAY), by_staff=True, now=MIDNIGHT)
        self.assertEqual(self.reservation.waiver_state, "missing")

    def test_override_needs_manager_and_reason(self):
        """A technician cannot override, in no way; a manager must say why."""
        with self.assertRaises(AccessError):
            self.reservation.with_user(self.technician)._override_waiver("Let me")
        with self.assertRaises(AccessError):
            self.env["service.waiver.override"].with_user(self.technician).create(
                {"reservation_id": self.reservation.id, "reason": "Let me"}
            )
        with self.assertRaisesRegex(WaiverRefused, "reason"):
            self.reservation.with_user(self.manager)._override_waiver("  ")
        self.assertEqual(self.reservation.waiver_state, "missing")


@tagged("post_install", "-at_install")
class TestLists(WaiverCase):
    def test_search_finds_what_is_computed(self):
        """The filter of the lists and the field agree, for every value and every kind of reservation."""
        days = (self.morning, self.afternoon, self.evening)
        signed, overridden, moved = (self.book(self.window_on(window, DAY)) for window in days)
        done, gone, free = (self.book(self.window_on(window, OTHER_DAY)) for window in days)
        self.sign(signed)
        self.sign(moved)
        moved._reschedule(self.window_on(self.morning, OTHER_DAY), by_staff=True, now=MIDNIGHT)
        overridden.with_user(self.manager)._override_waiver("Paper")
        done._complete()
        gone._cancel(by_staff=True)
        plain = self.offer.copy({"waiver_id": False})
        free = self.env["service.reservation"]._book(
            plain, self.window_on(self.evening, OTHER_DAY), by_staff=True, now=MIDNIGHT
        )
        everything = self.reservation | signed | overridden | moved | done | gone | free
        wanted = {
            "signed": signed,
            "overridden": overridden,
            "missing": self.reservation | moved,
            False: done | gone | free,
        }
        mine = [("id", "in", everything.ids)]
        for user in (self.technician, self.manager):
            reservations = self.env["service.reservation"].with_user(user)
            for state, found in wanted.items():
                self.assertEqual(reservations.search([*mine, ("waiver_state", "=", state)]), found.sorted(), state)
                self.assertEqual(set(found.mapped("waiver_state")), {state})
            not_signed = reservations.search([*mine, ("waiver_state", "!=", "signed")])
            self.assertEqual(set(not_signed), set(everything - signed))
            two = reservations.search([*mine, ("waiver_state", "in", ["signed", "missing"])])
            self.assertEqual(set(two), set(signed | moved | self.reservation))
        self.assertEqual(everything.filtered_domain([("waiver_state", "=", "missing")]), self.reservation | moved)

    def test_today_is_each_shops_own(self):
        """ "To be signed today" goes by the day of each service point: late on Tuesday in New York it is Wednesday
        in Auckland."""
        kiwi = self.point.copy({"name": "Kiwi", "tz": "Pacific/Auckland", "calendar_id": False})
        kiwi.calendar_id.tz = kiwi.tz
        offer = self.offer.copy({"point_id": kiwi.id, "resource_ids": kiwi.counter_id.ids})
        there = {
            day: self.env["service.reservation"]._book(
                offer, f"time:2026-10-{day}T10:00:00+13:00", by_staff=True, now=MIDNIGHT.replace(day=18)
            )
            for day in (20, 21, 22)
        }
        later = self.book(self.window_on(self.morning, OTHER_DAY))
        mine = self.reservation | later | self.reservation.union(*there.values())
        for moment, found in (
            (EVENING_BEFORE, there[20]),
            (MIDNIGHT, there[20] | self.reservation),
            (LATE_EVENING, there[20] | there[21] | self.reservation),
        ):
            with freeze_time(moment):
                self.env.invalidate_all()
                domain = [("id", "in", mine.ids), ("is_waiver_open", "=", True)]
                self.assertEqual(set(mine.search(domain)), set(found), moment)
                self.assertEqual(set(mine.filtered("is_waiver_open")), set(found), moment)
                closed = mine.search([("id", "in", mine.ids), ("is_waiver_open", "=", False)])
                self.assertEqual(set(closed), set(mine - found), moment)
