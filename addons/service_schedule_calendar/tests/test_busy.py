from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.tests.common import NEXT_DAY, NOW

from .common import CalendarCase

OPEN = list(range(8, 20))


@tagged("post_install", "-at_install")
@freeze_time(NOW.replace(tzinfo=None))
class TestBusy(CalendarCase):
    """What takes away free times: the meetings of whoever serves, and nothing else."""

    def test_timed_meeting(self):
        """A meeting takes just the hours that it touches, only of who attends; no other day, nobody else's."""
        self.assertEqual(self.get_hours(), OPEN)
        self.meet(13, 15)
        self.assertEqual(self.get_hours(), [8, *range(11, 20)])
        self.assertEqual(self.get_hours(person=self.ann), OPEN)
        self.assertEqual(self.get_hours(NEXT_DAY + timedelta(days=1)), OPEN)

    def test_buffers_keep_clear_of_meetings(self):
        """Who has to clean up for a quarter of an hour is not in a meeting meanwhile."""
        self.hour.buffer_after_minutes = 15
        self.meet(13, 15)
        self.assertEqual(self.get_hours(), list(range(11, 20)))

    def test_what_does_not_count(self):
        """Declined, shown as free, archived, attended by others only: none of these takes time."""
        events = {
            "free": self.meet(show_as="free"),
            "declined": self.meet(),
            "archived": self.meet(),
            "hers to organise, not to attend": self.meet(partner_ids=[Command.set(self.colleague.partner_id.ids)]),
        }
        events["declined"].attendee_ids.do_decline()
        events["archived"].active = False
        self.assertEqual(self.get_hours(), OPEN)
        events["free"].show_as = "busy"
        self.assertNotIn(9, self.get_hours())
        events["free"].show_as = "free"
        events["declined"].attendee_ids.do_tentative()
        self.assertNotIn(9, self.get_hours())

    def test_invited_by_others(self):
        """A meeting that somebody else has entered, and that she has not answered, takes her time."""
        self.meet(user=self.colleague, partner_ids=[Command.set((self.user | self.colleague).partner_id.ids)])
        self.assertNotIn(9, self.get_hours())

    def test_private_meeting_tells_nothing(self):
        """A private meeting takes time, and what is told to whoever wants that time names neither it nor its kind."""
        self.meet(privacy="private")
        self.assertNotIn(9, self.get_hours())
        with self.assertRaises(NotBookable) as caught:
            self.book_hour(9)
        self.assertIn("Full: no place is left", str(caught.exception))
        self.assertNotIn("talk", str(caught.exception))

    def test_recurring_meeting(self):
        """Each occurrence takes time on its day; one that was moved takes it where it is now."""
        first = self.meet(
            recurrency=True, rrule_type="weekly", tue=True, end_type="count", count=3, event_tz="America/New_York"
        )
        weeks = [NEXT_DAY + timedelta(weeks=number) for number in range(4)]
        # the clocks go back between the second and the third: 9 o'clock stays 9 o'clock
        self.assertEqual([9 in self.get_hours(week) for week in weeks], [False, False, False, True])
        second = first.recurrence_id.calendar_event_ids.sorted("start")[1]
        second.write(
            {"start": f"{weeks[1]} 19:00:00", "stop": f"{weeks[1]} 20:00:00", "recurrence_update": "self_only"}
        )
        self.assertEqual(self.get_hours(weeks[1]), [hour for hour in OPEN if hour != 15])

    def test_all_day(self):
        """Two whole days away take these two days of her zone, no hour of those around."""
        away = NEXT_DAY + timedelta(days=1)
        self.meet(allday=True, start=8, stop=18, day=away, start_date=away, stop_date=away + timedelta(days=1))
        days = [NEXT_DAY + timedelta(days=number) for number in range(4)]
        self.assertEqual([self.get_hours(day) for day in days], [OPEN, [], [], OPEN])

    def test_all_day_around_the_world(self):
        """A whole day is the day of where she lives, also when the shop is open around the clock elsewhere."""
        self.point.calendar_id = self.create_calendar("Always", [(day, 0, 24) for day in range(7)])
        self.env["calendar.event"].create(
            {  # as Google's synchronisation writes it: midnight to midnight of the date
                "name": "Away",
                "allday": True,
                "start": f"{NEXT_DAY} 00:00:00",
                "stop": f"{NEXT_DAY} 00:00:00",
                "partner_ids": [Command.set(self.user.partner_id.ids)],
            }
        )
        day_before, day_after = NEXT_DAY - timedelta(days=1), NEXT_DAY + timedelta(days=1)
        for tz, expected in {
            # in Sydney the 20th begins at 9:00 of the 19th in New York, in Honolulu at 6:00 of the 20th
            "Australia/Sydney": (range(9), range(9, 24), range(24)),
            "America/New_York": (range(24), [], range(24)),
            "Pacific/Honolulu": (range(24), range(6), range(6, 24)),
        }.items():
            self.maria.tz = tz
            free = [self.get_hours(day) for day in (day_before, NEXT_DAY, day_after)]
            # what has passed of today is not offered: an hour's notice after 8 o'clock
            expected = [[hour for hour in expected[0] if hour >= 9], *map(list, expected[1:])]
            with self.subTest(tz=tz):
                self.assertEqual(free, expected)

    def test_all_day_when_the_clocks_change(self):
        """The day on which the clocks go back has 25 hours, and all of them are taken."""
        self.point.calendar_id = self.create_calendar("Always", [(day, 0, 24) for day in range(7)])
        sunday = date(2026, 11, 1)
        self.meet(allday=True, day=sunday, start=8, stop=18, start_date=sunday, stop_date=sunday)
        self.assertEqual(self.get_hours(sunday), [])
        self.assertEqual(self.get_hours(sunday + timedelta(days=1)), list(range(24)))
        self.assertEqual(self.get_hours(sunday - timedelta(days=1)), list(range(24)))

    def test_every_door(self):
        """A time that was offered before the meeting was entered is refused by each way to take it."""
        reservation = self.book_hour(15)
        held = self.env["service.reservation"]._hold(
            self.hour, f"time:{NEXT_DAY}T17:00:00-04:00", holder="partner:1", resources=self.maria, now=NOW
        )
        self.ann.active = False
        self.meet()
        nine = f"time:{NEXT_DAY}T09:00:00-04:00"
        reservations = self.env["service.reservation"]
        for door in (
            lambda: self.book_hour(9),
            lambda: reservations._book(self.hour, nine, partner=self.customer, now=NOW),
            lambda: reservations._hold(self.hour, nine, now=NOW),
            lambda: reservation._reschedule(nine, by_staff=True, now=NOW),
            lambda: held._move_hold(nine, now=NOW),
        ):
            with self.assertRaisesRegex(NotBookable, "Full: no place is left"):
                door()
        available = reservations.with_user(self.technician).is_available
        self.assertFalse(available(self.maria, f"{NEXT_DAY} 13:30:00", f"{NEXT_DAY} 13:45:00"))
        self.assertTrue(available(self.maria, f"{NEXT_DAY} 14:00:00", f"{NEXT_DAY} 15:00:00"))

    def test_anybody(self):
        """Whoever asks for anybody at that time gets the colleague without a meeting."""
        self.meet()
        choice = f"time:{NEXT_DAY}T09:00:00-04:00"
        reservation = self.env["service.reservation"]._book(self.hour, choice, partner=self.customer, now=NOW)
        self.assertEqual(reservation.resource_id, self.ann)

    def test_now(self):
        """Nobody in a meeting begins at once."""
        self.ann.active = False
        self.hour.allow_now = True
        self.assertFalse(self.hour.get_reasons(self.hour._get_now(NOW), now=NOW) and self.fail("she is free"))
        self.meet(day=NOW.date(), start=12, stop=13)
        with self.assertRaises(NotBookable):
            self.env["service.reservation"]._book(self.hour, "now", partner=self.customer, now=NOW)

    def test_window(self):
        """A window with one person is his whole time: a meeting within takes it."""
        self.offer.resource_ids = self.maria
        self.assertTrue(self.offer.get_reasons is not None)
        self.meet()
        with self.assertRaises(NotBookable):
            self.book(self.window_on(self.morning, NEXT_DAY))
        self.assertTrue(self.book(self.window_on(self.afternoon, NEXT_DAY)))


@tagged("post_install", "-at_install")
@freeze_time(NOW.replace(tzinfo=None))
class TestMeetingOverAppointment(CalendarCase):
    """A meeting that is entered over a promise is not refused: the promise needs a new time or person."""

    def test_trouble_comes_and_goes(self):
        """Entered, moved off, moved on, declined, accepted, deleted: the list says how it stands after each."""
        nine, noon = self.book_hour(9), self.book_hour(12)
        meeting = self.meet()
        for change, expected in (
            (lambda: None, "busy"),
            (lambda: meeting.write({"start": f"{NEXT_DAY} 14:00:00", "stop": f"{NEXT_DAY} 15:00:00"}), False),
            (lambda: meeting.write({"start": f"{NEXT_DAY} 13:30:00"}), "busy"),
            (lambda: meeting.attendee_ids.do_decline(), False),
            (lambda: meeting.attendee_ids.do_accept(), "busy"),
            (lambda: meeting.write({"show_as": "free"}), False),
            (lambda: meeting.write({"show_as": "busy"}), "busy"),
            (lambda: meeting.write({"partner_ids": [Command.unlink(self.user.partner_id.id)]}), False),
            (lambda: meeting.write({"partner_ids": [Command.link(self.user.partner_id.id)]}), "busy"),
            (lambda: meeting.unlink(), False),
        ):
            change()
            self.settle()
            self.assertEqual((nine + noon).mapped("trouble"), [expected, False])

    def test_staff_are_told_and_can_mend_it(self):
        """It lists with its reason, the staff have a to-do, and a colleague can take it over."""
        reservation = self.book_hour(9)
        self.meet()
        self.settle()
        self.assertTrue(self.point.activity_ids.filtered(lambda todo: "needs a new time" in todo.summary))
        label = dict(reservation._fields["trouble"]._description_selection(self.env))[reservation.trouble]
        self.assertEqual(label, "Person is busy with something else then")
        reservation._reassign(self.ann, now=NOW)
        self.assertEqual((reservation.resource_id, reservation.trouble), (self.ann, False))

    def test_recurring_and_whole_days(self):
        """All promises that a meeting of every week, or days away, lie over are found at once."""
        weeks = [NEXT_DAY + timedelta(weeks=number) for number in range(3)]
        booked = self.env["service.reservation"].union(*[self.book_hour(9, day) for day in weeks])
        self.meet(
            recurrency=True, rrule_type="weekly", tue=True, end_type="count", count=2, event_tz="America/New_York"
        )
        self.settle()
        self.assertEqual(booked.mapped("trouble"), ["busy", "busy", False])
        self.meet(allday=True, day=weeks[2], start=8, stop=18, start_date=weeks[2], stop_date=weeks[2])
        self.settle()
        self.assertEqual(booked[2].trouble, "busy")

    def test_meeting_that_nobody_saw(self):
        """What was booked while the meeting was being entered, or held then, the review finds a little later."""
        self.meet()
        self.settle()
        reservation = self.book_hour(15)
        # as if its transaction had begun before that of the meeting
        self.env.cr.execute(
            "UPDATE service_reservation SET start = %(start)s, blocked_start = %(start)s, stop = %(stop)s,"
            " blocked_stop = %(stop)s, promised = %(start)s WHERE id = %(id)s",
            {"id": reservation.id, "start": f"{NEXT_DAY} 13:00:00", "stop": f"{NEXT_DAY} 14:00:00"},
        )
        self.env.invalidate_all()
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref("service_schedule.ir_cron_review_trouble").id)]
        )
        self.assertIn(NOW.replace(tzinfo=None) + timedelta(minutes=5), triggers.mapped("call_at"))
        self.run_cron("ir_cron_review_trouble")
        self.env.invalidate_all()
        self.assertEqual(reservation.trouble, "busy")

    def test_meetings_of_others_wake_nobody(self):
        """Meetings of people who serve nobody, and past ones, have nothing reviewed."""
        cron = self.env.ref("service_schedule.ir_cron_review_trouble")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.meet(user=self.clerk)
        self.meet(day=NEXT_DAY - timedelta(days=9))
        self.settle()
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), before)

    def test_another_user(self):
        """Who gets another user has that one's meetings."""
        reservation = self.book_hour(9)
        self.meet(user=self.colleague)
        self.settle()
        self.assertFalse(reservation.trouble)
        self.maria.user_id = self.colleague
        self.settle()
        self.assertEqual(reservation.trouble, "busy")
