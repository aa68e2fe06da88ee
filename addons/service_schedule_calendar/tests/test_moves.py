from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.service_schedule.tests.common import NEXT_DAY, NOW

from .common import CalendarCase

HOUR = timedelta(hours=1)


class MoveCase(CalendarCase):
    """Maria's nine o'clock, as it stands in her calendar."""

    def setUp(self):
        super().setUp()
        self.reservation = self.book_hour(9)
        self.sync()
        self.event = self.get_event(self.reservation)

    def drag(self, hours, event=None):
        """Move the event as Odoo's calendar does: both ends, in one writing, with the user's rights."""
        event = event or self.event
        event.write({"start": event.start + hours * HOUR, "stop": event.stop + hours * HOUR})

    def receive(self, **values):
        """Write the event as Google's and Outlook's synchronisation do: in the user's name, without his limits."""
        self.event.with_user(self.user).sudo().with_context(dont_notify=True).write(values)

    def assert_stays(self, kinds=("booked",)):
        """Assert that the reservation is where it was, and that the event is put back there."""
        self.sync()
        self.assertEqual(self.reservation.change_ids.sorted("id").mapped("kind"), list(kinds))
        self.assertEqual(self.get_event(self.reservation).start, self.reservation.start)
        self.assertEqual(str(self.reservation.start), f"{NEXT_DAY} 13:00:00")


@tagged("post_install", "-at_install")
@freeze_time(NOW.replace(tzinfo=None))
class TestMoves(MoveCase):
    """Who moves the event moves the appointment, if that can be."""

    def test_drag(self):
        """Dragged to a free hour: rescheduled once, with its history, the same event, the same person."""
        self.drag(6)
        self.assertEqual(str(self.reservation.start), f"{NEXT_DAY} 19:00:00")
        self.assertIn("3:00 PM", self.event.description)
        self.assertNotIn(self.reservation.id, self.reservation._find_out_of_step())
        self.sync()
        change = self.reservation.change_ids[:1]
        self.assertEqual(
            (change.kind, change.user_id, change.reason), ("rescheduled", self.user, "Moved in the calendar")
        )
        self.assertEqual(len(self.reservation.change_ids), 2)
        self.assertEqual(self.get_event(self.reservation), self.event)
        self.assertIn("3:00 PM", self.event.description)
        self.assertEqual((self.event.start, self.reservation.resource_id), (self.reservation.start, self.maria))
        self.drag(1)
        self.assertEqual(str(self.reservation.start), f"{NEXT_DAY} 20:00:00")

    def test_refused(self):
        """Taken, closed, off the grid, past, longer, a whole day: refused, and the transaction of the user with it."""
        self.book_hour(15)
        self.meet(20, 21)
        self.settle()
        for what, values in {
            "taken": {"start": f"{NEXT_DAY} 19:00:00", "stop": f"{NEXT_DAY} 20:00:00"},
            "meeting": {"start": f"{NEXT_DAY} 20:00:00", "stop": f"{NEXT_DAY} 21:00:00"},
            "closed": {"start": f"{NEXT_DAY} 04:00:00", "stop": f"{NEXT_DAY} 05:00:00"},
            "off the grid": {"start": f"{NEXT_DAY} 14:20:00", "stop": f"{NEXT_DAY} 15:20:00"},
            "past": {"start": "2026-10-17 14:00:00", "stop": "2026-10-17 15:00:00"},
            "longer": {"stop": f"{NEXT_DAY} 15:00:00"},
            "whole day": {"allday": True, "start_date": NEXT_DAY, "stop_date": NEXT_DAY},
        }.items():
            with self.subTest(what=what):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    self.event.write(values)
                self.assert_stays()

    def test_refusal_names_times(self):
        """Whatever forbids the new time, the nearest that the same person has are named, not where it is."""
        self.book_hour(15)
        for start, times in {"19:00": ("1:00", "2:00", "4:00"), "14:20": ("8:00", "11:00", "12:00")}.items():
            with self.subTest(start=start), self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                begin = fields.Datetime.to_datetime(f"{NEXT_DAY} {start}:00")
                self.event.write({"start": begin, "stop": begin + HOUR})
            free = str(caught.exception).partition("Still free:")[2].splitlines()[1:]
            self.assertEqual([line.rpartition(" at ")[2].split()[0] for line in free], list(times))

    def test_work_has_begun(self):
        """What the addons above call begun is not moved by a slip of the mouse."""
        self.patch(type(self.reservation), "_filter_not_begun", lambda reservations: reservations.browse())
        with self.assertRaisesRegex(UserError, "has begun"), self.env.cr.savepoint():
            self.drag(2)
        self.assert_stays()

    def test_stale_event(self):
        """An event that does not show the newest time moves nothing: two changes at once do not undo each other."""
        self.reservation._reschedule(f"time:{NEXT_DAY}T16:00:00-04:00", now=NOW)
        with self.assertRaisesRegex(UserError, "4:00 PM"), self.env.cr.savepoint():
            self.drag(2)
        self.receive(start=f"{NEXT_DAY} 15:00:00", stop=f"{NEXT_DAY} 16:00:00")
        self.sync()
        self.assertEqual(str(self.reservation.start), f"{NEXT_DAY} 20:00:00")
        self.assertEqual(self.event.start, self.reservation.start)

    def test_window(self):
        """An event of a window moves to the window that begins where it is dropped."""
        self.offer.resource_ids = self.maria
        self.offer.allow_times = False
        booked = self.book(self.window_on(self.morning, NEXT_DAY + timedelta(days=1)))
        self.sync()
        event = self.get_event(booked)
        self.drag(4, event)  # the afternoon begins at 12 and lasts five hours
        self.sync()
        self.assertEqual(booked.window_id, self.afternoon)
        self.assertEqual((event.start, event.stop), (booked.start, booked.stop))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.drag(1, event)

    def test_other_changes(self):
        """Its colour, its words, its reminder are the user's own: nothing happens to the appointment."""
        self.event.write({"name": "Mine", "description": "Bring the jack", "show_as": "free"})
        self.event.write({"start": self.event.start, "stop": self.event.stop})
        self.assert_stays()

    # -- By synchronisation ---------------------------------------------------------------------

    def test_received(self):
        """Moved in Google's calendar or Outlook's: rescheduled by whose calendar it is."""
        self.receive(start=f"{NEXT_DAY} 19:00:00", stop=f"{NEXT_DAY} 20:00:00", allday=False, show_as="busy")
        self.assertEqual(str(self.reservation.start), f"{NEXT_DAY} 19:00:00")
        self.sync()
        self.assertEqual(self.reservation.change_ids[:1].user_id, self.user)
        self.assertEqual(len(self.reservation.change_ids), 2)

    def test_received_longer(self):
        """Moved and drawn out: it is moved, and lasts as long as was booked."""
        self.receive(start=f"{NEXT_DAY} 19:00:00", stop=f"{NEXT_DAY} 22:00:00")
        self.sync()
        self.assertEqual(str(self.reservation.start), f"{NEXT_DAY} 19:00:00")
        self.assertEqual(self.event.stop - self.event.start, HOUR)

    def test_received_and_refused(self):
        """The synchronisation is not stopped: the event is put back, and its user told why, once."""
        self.book_hour(15)
        mails = self.env["mail.message"].search([("model", "=", "calendar.event")])
        self.receive(start=f"{NEXT_DAY} 19:00:00", stop=f"{NEXT_DAY} 20:00:00")
        self.assert_stays()
        told = self.env["mail.message"].search([("model", "=", "calendar.event")]) - mails
        self.assertEqual((len(told), told.partner_ids), (1, self.user.partner_id))
        self.assertIn("Full: no place is left", told.body)

    def test_echo(self):
        """What comes back of our own writing is no change."""
        self.receive(start=self.event.start, stop=self.event.stop, allday=False, location="Dive shop")
        self.assert_stays()

    # -- Removed --------------------------------------------------------------------------------

    def test_deleted(self):
        """Users are told to cancel it where it is booked, whether they delete or archive."""
        for remove in (self.event.unlink, self.event.action_archive, self.event.action_unlink_event):
            with self.assertRaisesRegex(UserError, "Reschedule or cancel it"), self.env.cr.savepoint():
                action = remove()
                self.assertEqual(action["res_model"], "calendar.popover.delete.wizard")
                wizard = self.env[action["res_model"]].with_user(self.user).with_context(**action["context"]).create({})
                wizard.action_delete()
        self.assert_stays()

    def test_deleted_elsewhere(self):
        """Deleted, or archived and then deleted, by a synchronisation: the appointment stands, a new event is made."""
        for remove in ("unlink", "action_archive"):
            getattr(self.event.with_user(self.user).sudo(), remove)()
            self.assert_stays()
            new = self.get_event(self.reservation)
            self.assertNotEqual(new, self.event)
            self.event = new
        archived = self.env["calendar.event"].sudo().with_context(active_test=False)
        self.assertFalse(archived.search([("service_reservation_id", "!=", False), ("active", "=", False)]))

    def test_past_ones_may_go(self):
        """What is over, cancelled or somebody else's by now may be deleted by its user."""
        with freeze_time("2026-10-20 18:00:00"):
            self.event.unlink()
            self.run_cron("service_schedule_calendar.ir_cron_sync_events", now="2026-10-20 18:00:00")
        self.assertFalse(self.get_event(self.reservation))

    def test_attendees_are_the_users_own(self):
        """Who asks a colleague along to an appointment does so with Odoo's own invitation; nothing is rescheduled."""
        self.event.partner_ids = [Command.link(self.colleague.partner_id.id)]
        self.settle()
        self.assertEqual(len(self.reservation.change_ids), 1)
