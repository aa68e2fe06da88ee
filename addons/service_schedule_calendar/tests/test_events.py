from datetime import timedelta

from odoo.tests import freeze_time, tagged

from odoo.addons.service_schedule.tests.common import NEXT_DAY, NOW
from odoo.addons.service_schedule_calendar.hooks import post_init_hook

from .common import CalendarCase

LOGGER = "odoo.addons.service_schedule_calendar.models.service_reservation_event"


@tagged("post_install", "-at_install")
@freeze_time(NOW.replace(tzinfo=None))
class TestEvents(CalendarCase):
    """Reservations stand in the calendars of those who serve them, and follow."""

    def test_booked(self):
        """A confirmed reservation is one private event of whoever serves it, complete, an hour that is busy."""
        self.hour.name = "Brakes & oil"
        reservation = self.book_hour(9)
        self.assertFalse(self.get_event(reservation))
        self.sync()
        event = self.get_event(reservation)
        self.assertEqual(event.name, "Brakes & oil · John Doe")
        self.assertEqual((event.start, event.stop, event.allday), (reservation.start, reservation.stop, False))
        self.assertEqual((event.privacy, event.show_as, event.alarm_ids.ids), ("private", "busy", []))
        self.assertEqual(event.user_id, self.user)
        self.assertEqual(event.attendee_ids.partner_id, self.user.partner_id)
        self.assertEqual(event.attendee_ids.state, "accepted")
        self.assertEqual(event.location, "Dive shop")
        self.assertIn(f"/odoo/service.reservation/{reservation.id}", event.description)
        self.assertNotIn("Organizer", event.description)

    def test_it_does_not_block_itself(self):
        """The event of a reservation is no meeting: it takes no time, and what it shows is in no trouble."""
        reservation = self.book_hour(9)
        self.sync()
        self.assertTrue(self.get_event(reservation))
        self.run_cron("ir_cron_review_trouble")
        self.env.invalidate_all()
        self.assertFalse(reservation.trouble)
        self.assertFalse(self.env["service.reservation"]._read_busy(self.maria, 0, 2**32))
        reservation._resize(1)
        reservation._reschedule(f"time:{NEXT_DAY}T10:00:00-04:00", now=NOW)
        self.assertIn(9, self.get_hours())

    def test_who_has_none(self):
        """No event for a time that is only held, for people without a user and for counters."""
        held = self.env["service.reservation"]._hold(
            self.hour, f"time:{NEXT_DAY}T17:00:00-04:00", resources=self.maria, now=NOW
        )
        others = self.book_hour(9, person=self.ann) + self.book(self.window_on(self.morning, NEXT_DAY))
        self.sync()
        self.assertFalse(self.get_event(held))
        self.assertFalse(self.env["calendar.event"].search([("service_reservation_id", "in", others.ids)]))
        held._confirm(now=NOW)
        self.sync()
        self.assertTrue(self.get_event(held))

    def test_moved(self):
        """Moved to another time it is the same event, with the new time in its words as well."""
        reservation = self.book_hour(9)
        self.sync()
        event = self.get_event(reservation)
        reservation._reschedule(f"time:{NEXT_DAY}T15:00:00-04:00", now=NOW)
        self.sync()
        self.assertEqual(self.get_event(reservation), event)
        self.assertEqual(event.start, reservation.start)
        self.assertIn("3:00 PM", event.description)
        self.assertEqual(event.attendee_ids.state, "accepted")

    def test_given_to_somebody_else(self):
        """Another person's calendar gets an event of its own, and the old one is gone."""
        self.ann.user_id = self.colleague
        reservation = self.book_hour(9)
        self.sync()
        old = self.get_event(reservation)
        reservation._reassign(self.ann, now=NOW)
        self.sync()
        self.assertFalse(old.exists())
        new = self.get_event(reservation).with_user(self.colleague)
        self.assertEqual((new.user_id, new.partner_ids), (self.colleague, self.colleague.partner_id))

    def test_taken_away(self):
        """Cancelled, or a no-show before its end: gone. Served or over: it stays, it was so."""
        cancelled, missed, served, over = (self.book_hour(hour) for hour in (9, 10, 11, 12))
        self.sync()
        events = [self.get_event(reservation) for reservation in (cancelled, missed, served, over)]
        self.assertEqual([len(event) for event in events], [1, 1, 1, 1])
        cancelled._cancel(by_staff=True, now=NOW)
        served._complete()
        with freeze_time("2026-10-20 14:10:00"):
            missed._no_show()
        self.sync()
        self.assertEqual([bool(event.exists()) for event in events], [False, False, True, True])
        with freeze_time("2026-10-20 18:00:00"):
            over._cancel(by_staff=True)
            self.assertFalse(self.env["service.reservation"]._find_out_of_step())
        missed._record_arrival()
        self.sync()
        self.assertTrue(self.get_event(missed))

    def test_preference(self):
        """Who does not want them has none; who wants them again gets those to come. Everybody chooses for himself."""
        reservation = self.book_hour(9)
        self.sync()
        self.user.with_user(self.user).has_service_events = False
        self.sync()
        self.assertFalse(self.get_event(reservation))
        self.user.with_user(self.user).has_service_events = True
        self.sync()
        self.assertTrue(self.get_event(reservation))

    def test_another_user(self):
        """A person who gets another user has his appointments in that calendar, and in none without."""
        reservation = self.book_hour(9)
        self.sync()
        self.maria.user_id = self.colleague
        self.sync()
        self.assertEqual(self.get_event(reservation).user_id, self.colleague)
        self.maria.user_id = False
        self.sync()
        self.assertFalse(self.get_event(reservation))

    def test_waking(self):
        """What is cancelled together wakes the action once; what concerns nobody's calendar does not."""
        cron = self.env.ref("service_schedule_calendar.ir_cron_sync_events")

        def count():
            self.settle()
            return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

        before = count()
        self.book_hour(9, person=self.ann)
        self.assertEqual(count(), before)
        booked = self.env["service.reservation"].union(*[self.book_hour(hour) for hour in (9, 10, 11)])
        before = count()
        booked._cancel(by_staff=True, now=NOW)
        self.assertEqual(count(), before + 1)

    def test_nothing_to_do(self):
        """When all is in step the action finds nothing: our own writing is no change."""
        reservation = self.book_hour(9)
        self.sync()
        self.assertNotIn(reservation.id, reservation._find_out_of_step())
        self.assertEqual((reservation.revision, reservation.change_ids.mapped("kind")), (0, ["booked"]))

    def test_nobody_is_written_to(self):
        """Neither the user nor the customer gets a message of Odoo's calendar: made, moved, reassigned, cancelled."""
        self.ann.user_id = self.colleague
        # a mail is a message of its record, too
        notes = self.env["mail.message"].search_count([("model", "=", "calendar.event")])
        reservation = self.book_hour(9)
        self.sync()
        reservation._reschedule(f"time:{NEXT_DAY}T15:00:00-04:00", now=NOW)
        self.sync()
        reservation._reassign(self.ann, now=NOW)
        self.sync()
        reservation._cancel(by_staff=True, now=NOW)
        self.sync()
        self.assertEqual(self.env["mail.message"].search_count([("model", "=", "calendar.event")]), notes)

    def test_fault_in_a_calendar(self):
        """One event that cannot be written keeps no other from following, and no booking; the next run does it."""
        bad, good = self.book_hour(9), self.book_hour(10)
        self.sync()
        event = self.get_event(bad)
        self.spoil(event)
        bad._reschedule(f"time:{NEXT_DAY}T15:00:00-04:00", now=NOW)
        good._reschedule(f"time:{NEXT_DAY}T16:00:00-04:00", now=NOW)
        self.sync(failing=(bad, LOGGER))
        self.assertEqual(self.get_event(good).start, good.start)
        self.assertNotEqual(event.start, bad.start)
        self.heal(event)
        self.sync()
        self.assertEqual(event.start, bad.start)

    def test_language_and_remote(self):
        """The words are the user's; a session on video is where its room is."""
        self.hour.kind_id = self.env["service.session.kind"].create(
            {"name": "Video", "code": "v", "is_remote": True, "meeting_url": "https://meet.example.com/{reference}"}
        )
        reservation = self.book_hour(9)
        self.sync()
        self.assertEqual(self.get_event(reservation).location, f"https://meet.example.com/{reservation.public_id}")

    def test_zone_rules(self):
        """A promise whose UTC moves with the rules of its zone takes its event along."""
        reservation = self.book_hour(9)
        self.sync()
        event = self.get_event(reservation)
        self.env.cr.execute(  # as if the offset had been another when it was booked
            "UPDATE service_reservation SET start = start - interval '1 hour', stop = stop - interval '1 hour',"
            " blocked_start = blocked_start - interval '1 hour', blocked_stop = blocked_stop - interval '1 hour'"
            " WHERE id = %s",
            [reservation.id],
        )
        self.env.invalidate_all()
        self.sync()
        self.assertEqual(event.start, reservation.start)
        self.run_cron("ir_cron_keep_wall_clock")
        self.env.invalidate_all()
        self.sync()
        self.assertEqual(str(reservation.start), f"{NEXT_DAY} 13:00:00")
        self.assertEqual(event.start, reservation.start)

    def test_across_the_change_of_clocks(self):
        """9 o'clock stays 9 o'clock when it moves over the night on which the clocks go back."""
        reservation = self.book_hour(9)
        self.sync()
        reservation._reschedule("time:2026-11-03T09:00:00-05:00", now=NOW)
        self.sync()
        self.assertEqual(str(self.get_event(reservation).start), "2026-11-03 14:00:00")
        self.assertEqual(self.get_event(reservation).stop - reservation.start, timedelta(hours=1))

    def test_backfill(self):
        """The hook of the installation has all that is coming made, by the action."""
        reservation = self.book_hour(9)
        self.settle()
        cron = self.env.ref("service_schedule_calendar.ir_cron_sync_events")
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()
        post_init_hook(self.env)
        self.settle()
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))
        self.run_sync()
        self.assertTrue(self.get_event(reservation))
