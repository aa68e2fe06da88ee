from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged

from odoo.addons.service_schedule.exceptions import NotBookable

from .common import NEXT_DAY, NOW, ScheduleCase


class TroubleCase(ScheduleCase):
    """A mechanic's shop: one hour with Maria or Ann, who work whenever it is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patch_mails()
        cls.customer.email = "john@example.com"
        cls.maria, cls.ann = cls.create_person("Maria"), cls.create_person("Ann")
        cls.hour = cls.env["service.offer"].create(
            {
                "name": "Brakes",
                "point_id": cls.point.id,
                "duration_minutes": 60,
                "step_minutes": 60,
                "allow_windows": False,
                "assignment": "first",
                "resource_ids": [Command.set((cls.maria + cls.ann).ids)],
            }
        )
        cls.point.user_ids = cls.technician
        cls.env.cr.flush()

    @classmethod
    def book_hour(cls, hour, day=NEXT_DAY, person=None, **kwargs):
        """Book an hour with Maria, or another person, in New York's summer time."""
        choice = f"time:{day.isoformat()}T{hour:02}:00:00-04:00"
        return cls.env["service.reservation"]._book(
            cls.hour, choice, partner=cls.customer, resources=person or cls.maria, now=NOW, **kwargs
        )

    def leave(self, resource=None, day=NEXT_DAY, start=0, stop=24, **values):
        """Enter a leave on a local day (New York is 4 hours behind UTC), by the hour."""
        return (
            self.env["resource.calendar.leaves"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Away",
                    "resource_id": resource.id if resource else False,
                    "date_from": f"{day + timedelta(days=(start + 4) // 24)} {(start + 4) % 24:02}:00:00",
                    "date_to": f"{day + timedelta(days=(stop + 4) // 24)} {(stop + 4) % 24:02}:00:00",
                    **values,
                }
            )
        )

    def settle(self):
        """Do what happens before a transaction is committed."""
        self.env.cr.flush()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
@freeze_time(NOW.replace(tzinfo=None))
class TestFindTrouble(TroubleCase):
    """Which promises a change of hours breaks, and that it is never refused."""

    def test_leave_and_its_end(self):
        """A leave marks just what lies in it; shortened or deleted it takes the mark back; history tells."""
        early, late, others = self.book_hour(9), self.book_hour(15), self.book_hour(9, person=self.ann)
        leave = self.leave(self.maria, stop=12)
        self.assertFalse(early.trouble)  # until the transaction ends
        self.settle()
        self.assertEqual((early + late + others).mapped("trouble"), ["away", False, False])
        leave.date_to += timedelta(hours=8)
        self.settle()
        self.assertEqual((early + late).mapped("trouble"), ["away", "away"])
        leave.unlink()
        self.settle()
        self.assertEqual((early + late).mapped("trouble"), [False, False])
        self.assertEqual(early.change_ids.sorted("id").mapped("kind"), ["booked", "trouble", "trouble"])

    def test_public_holiday(self):
        """A holiday of the shop's hours, of the company, or of all: the service point is closed then."""
        reservation = self.book_hour(9)
        other = self.env["res.company"].create({"name": "Other"})
        for values, expected in (
            ({"calendar_id": self.point.calendar_id.id}, "closed"),
            ({"calendar_id": False, "company_id": self.point.company_id.id}, "closed"),
            ({"calendar_id": self.create_calendar("Another's", [(0, 8, 12)]).id}, False),
        ):
            with self.subTest(values=values):
                holiday = self.leave(**values)
                self.settle()
                self.assertEqual(reservation.trouble, expected)
                holiday.unlink()
                self.settle()
                self.assertFalse(reservation.trouble)
        self.leave(calendar_id=False).sudo().company_id = other
        self.settle()
        self.assertFalse(reservation.trouble)

    def test_opening_hours(self):
        """Closing at noon breaks what lies after it, once, however many lines the change takes."""
        morning, evening = self.book_hour(9), self.book_hour(15)
        lines = self.point.calendar_id.attendance_ids
        values = [line.copy_data()[0] for line in lines]
        self.point.calendar_id.with_user(self.manager).attendance_ids = [
            Command.clear(),
            *[Command.create({**value, "hour_to": 12}) for value in values],
        ]
        self.settle()
        self.assertEqual((morning + evening).mapped("trouble"), [False, "closed"])
        self.assertEqual(morning.change_ids.mapped("kind"), ["booked"])

    def test_working_hours(self):
        """A person who gets hours of her own keeps what lies in them."""
        early, late = self.book_hour(9), self.book_hour(15)
        self.maria.calendar_id = self.create_calendar("Afternoons", [(day, 13, 20) for day in range(5)])
        self.settle()
        self.assertEqual((early + late).mapped("trouble"), ["away", False])
        self.maria.calendar_id.attendance_ids.hour_from = 8
        self.settle()
        self.assertFalse(early.trouble)
        self.maria.tz = "America/Los_Angeles"
        self.settle()
        self.assertEqual((early + late).mapped("trouble"), ["away", False])

    def test_place_is_gone(self):
        """An archived person, one who does it no more, and fewer places at the counter: the place is gone."""
        reservation = self.book_hour(9)
        self.maria.active = False
        self.settle()
        self.assertEqual(reservation.trouble, "place")
        self.maria.active = True
        self.settle()
        self.assertFalse(reservation.trouble)
        self.hour.resource_ids = self.ann
        self.settle()
        self.assertEqual(reservation.trouble, "place")
        fills = self.env["service.reservation"].union(
            *[self.book(self.window_on(self.morning, NEXT_DAY)) for _fill in range(3)]
        )
        self.point.counter_lane_count = 2
        self.settle()
        self.assertEqual(fills.mapped("trouble"), [False, False, "place"])

    def test_closed_down(self):
        """Archiving the service point breaks all its promises."""
        reservation = self.book_hour(9)
        self.point.active = False
        self.settle()
        self.assertEqual(reservation.trouble, "closed")

    def test_what_is_not_reviewed(self):
        """What has passed, ended or is only held gets no mark; who paid too late keeps his."""
        passed, cancelled, late = self.book_hour(9), self.book_hour(10), self.book_hour(11)
        held = self.env["service.reservation"]._hold(
            self.hour, f"time:{NEXT_DAY}T12:00:00-04:00", resources=self.maria, now=NOW
        )
        cancelled._cancel(by_staff=True)
        late._set_trouble("late")
        with freeze_time("2026-10-20 13:30:00"):
            self.leave(self.maria)
            self.settle()
            self.assertEqual((passed + cancelled + held).mapped("trouble"), [False] * 3)
            self.env["resource.calendar.leaves"].search([("resource_id", "=", self.maria.id)]).unlink()
            self.settle()
        self.assertEqual(late.trouble, "late")

    def test_hold_is_looked_at_again(self):
        """A hold in a new leave is reviewed when it has ended: by then it may be confirmed."""
        cron = self.env.ref("service_schedule.ir_cron_review_trouble")
        held = self.env["service.reservation"]._hold(
            self.hour, f"time:{NEXT_DAY}T12:00:00-04:00", resources=self.maria, now=NOW
        )
        before = self.env["ir.cron.trigger"].search([])
        self.leave(self.maria)
        self.settle()
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]) - before
        self.assertIn(held.expires_at, triggers.mapped("call_at"))

    def test_cron(self):
        """The cron finds what a transaction could not see: a booking made while the leave was being entered."""
        self.leave(self.maria)
        self.settle()
        reservation = self.book_hour(9, person=self.ann)
        reservation.sudo().resource_id = self.maria
        with self.enter_registry_test_mode():
            self.env.ref("service_schedule.ir_cron_review_trouble").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(reservation.trouble, "away")
        self.assertEqual(len(self.point.activity_ids), 1)

    def test_dst_day(self):
        """On the day of 25 hours the leave's hours are the clock's: 9 to 12 in winter time breaks 9 to 12."""
        sunday = NEXT_DAY.replace(month=11, day=1)
        self.point.calendar_id.attendance_ids = [
            Command.create(
                {"name": "Sunday", "dayofweek": "6", "hour_from": 0, "hour_to": 24, "day_period": "full_day"}
            )
        ]
        self.settle()
        make = self.env["service.reservation"]._book
        choices = ("01:00:00-04:00", "01:00:00-05:00", "09:00:00-05:00", "12:00:00-05:00")
        booked = [
            make(self.hour, f"time:{sunday}T{choice}", partner=self.customer, resources=self.maria, now=NOW)
            for choice in choices
        ]
        self.leave(self.maria, day=sunday, start=2, stop=13)  # 6:00 to 17:00 UTC: from the second 1:00 to 12:00
        self.settle()
        self.assertEqual([reservation.trouble for reservation in booked], [False, "away", "away", False])

    def count_queries(self, function):
        """Return how many queries ``function`` makes from cold records."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        return self.env.cr.sql_log_count - before

    def test_queries(self):
        """Eighty promises of two people on four days are judged with no more queries than one of them."""
        many = self.env["service.reservation"].union(
            *[
                self.book_hour(hour, NEXT_DAY + timedelta(days=day), person)
                for day in range(4)
                for hour in range(10, 20)
                for person in (self.maria, self.ann)
            ]
        )
        many._find_trouble()  # rights into the registry's caches
        self.assertLessEqual(self.count_queries(many._find_trouble), self.count_queries(many[:1]._find_trouble))

    def test_queries_of_nothing(self):
        """A leave that touches no promise costs two searches, and what the note for the cron takes."""
        self.book_hour(9)
        self.leave(self.maria, day=NEXT_DAY + timedelta(days=1))
        self.settle()
        leave = self.leave(self.maria, day=NEXT_DAY + timedelta(days=2))
        self.env.flush_all()
        self.env.cr.precommit.clear()
        self.env["service.reservation"]._review_before_commit(leave._get_promises_domain())
        self.assertLessEqual(self.count_queries(self.env.cr.precommit.run), 7)


@tagged("post_install", "-at_install")
@freeze_time(NOW.replace(tzinfo=None))
class TestTellStaff(TroubleCase):
    """Who hears of it."""

    def test_todo(self):
        """One to-do a service point, for its staff, that counts along and is done when nothing is left to do."""
        first, second = self.book_hour(9), self.book_hour(10)
        self.leave(self.maria, stop=9)
        self.settle()
        self.assertFalse(self.point.activity_ids)
        self.leave(self.maria, start=9, stop=10)
        self.settle()
        todo = self.point.activity_ids
        self.assertEqual((len(todo), todo.summary), (1, "1 reservation needs a new time or person"))
        self.assertEqual((todo.user_id, todo.date_deadline), (self.technician, NEXT_DAY - timedelta(days=1)))
        self.leave(self.maria, start=10, stop=11)
        self.settle()
        self.assertEqual(self.point.activity_ids.mapped("summary"), ["2 reservations need a new time or person"])
        first._cancel(by_staff=True)
        second._reassign()
        self.settle()
        self.assertFalse(self.point.activity_ids)

    def test_todo_without_staff_list(self):
        """Where everybody is on the staff, a manager of the company sees to it."""
        self.point.user_ids = False
        self.book_hour(9)
        self.leave(self.maria)
        self.settle()
        user = self.point.activity_ids.user_id
        self.assertTrue(user.has_group("service_schedule.group_manager"))
        self.assertIn(self.point.company_id, user.company_ids)

    def test_whoever_did_it_is_told(self):
        """The manager who enters the leave hears on the bus how many promises it breaks; nobody when it breaks none."""
        self.env["bus.bus"].search([]).unlink()
        self.book_hour(9)
        self.book_hour(10)
        self.leave(self.maria, day=NEXT_DAY + timedelta(days=1))
        self.settle()
        self.assertFalse(self._find_messages())
        self.leave(self.maria)
        self.settle()
        [message] = self._find_messages()
        self.assertIn("2 reservations need a new time or person", message.message)
        self.assertIn(f'"res.partner",{self.manager.partner_id.id}', message.channel.replace(" ", ""))

    def _find_messages(self):
        return self.env["bus.bus"].search([("message", "like", "service_schedule/trouble")])


@tagged("post_install", "-at_install")
@freeze_time(NOW.replace(tzinfo=None))
class TestReassign(TroubleCase):
    """Somebody else at the same time."""

    def test_reassign(self):
        """Ann takes what Maria cannot; the time stays, the mark goes, the history says who and why."""
        reservation = self.book_hour(9)
        self.leave(self.maria)
        self.settle()
        start = reservation.start
        reservation.with_user(self.technician)._reassign(reason="Maria is ill")
        self.assertEqual((reservation.resource_id, reservation.start, reservation.trouble), (self.ann, start, False))
        change = reservation.change_ids.sorted("id")[-1]
        self.assertEqual(
            (change.kind, change.from_resource_id, change.to_resource_id, change.reason, change.user_id),
            ("reassigned", self.maria, self.ann, "Maria is ill", self.technician),
        )
        self.assertEqual((reservation.revision, reservation.reschedule_count), (1, 0))

    def test_nobody_is_free(self):
        """Ann is busy, or away as well: it is refused with the reason, and nothing changes."""
        reservation = self.book_hour(9)
        self.book_hour(9, person=self.ann)
        self.leave(self.maria)
        self.settle()
        with self.assertRaisesRegex(NotBookable, "Full"):
            reservation._reassign()
        with self.assertRaisesRegex(NotBookable, "works"):
            self.leave(self.ann)
            reservation._reassign()
        self.assertEqual((reservation.resource_id, reservation.trouble), (self.maria, "away"))

    def test_only_to(self):
        """Only who was named gets it."""
        bob = self.create_person("Bob")
        self.hour.resource_ids += bob
        reservation = self.book_hour(9)
        reservation._reassign(bob)
        self.assertEqual(reservation.resource_id, bob)
        with self.assertRaises(NotBookable):
            reservation._reassign(self.create_person("Stranger"))

    def test_other_place_of_the_counter(self):
        """A place that no longer exists becomes another one of the same counter."""
        fills = [self.book(self.window_on(self.morning, NEXT_DAY)) for _fill in range(3)]
        self.point.counter_lane_count = 2
        fills[0]._cancel(by_staff=True)
        self.settle()
        fills[2]._reassign()
        self.assertEqual((fills[2].resource_id, fills[2].lane, fills[2].trouble), (self.point.counter_id, 0, False))

    def test_cancelled_is_not_reassigned(self):
        """What has ended stays ended."""
        reservation = self.book_hour(9)
        reservation._cancel(by_staff=True)
        with self.assertRaises(NotBookable):
            reservation._reassign()


@tagged("post_install", "-at_install")
@freeze_time(NOW.replace(tzinfo=None))
class TestResolve(TroubleCase):
    """The wizard: in bulk, each by itself."""

    def resolve(self, reservations, user=None, **values):
        """Apply the wizard to reservations and return it."""
        wizard = (
            self.env["service.reservation.resolve"]
            .with_user(user or self.technician)
            .with_context(active_model="service.reservation", active_ids=reservations.ids)
            .create(values)
        )
        wizard.action_apply()
        return wizard

    def test_reassign_in_bulk(self):
        """Of three two can be moved: both are, and the third says why not and keeps its mark."""
        reservations = self.book_hour(9) + self.book_hour(10) + self.book_hour(11)
        self.book_hour(10, person=self.ann)
        self.leave(self.maria)
        self.settle()
        wizard = self.resolve(reservations, action="reassign")
        self.assertEqual(wizard.summary, "2 of 3 done.")
        self.assertEqual(reservations.mapped("trouble"), [False, "away", False])
        failed = wizard.line_ids.filtered(lambda line: not line.is_done)
        self.assertEqual(failed.reservation_id, reservations[1])
        self.assertIn("Full", failed.result)
        self.assertIn("Moved to Ann", wizard.line_ids.filtered("is_done").mapped("result")[0])

    def test_offer_times(self):
        """The customer is written to once, with the nearest times; nothing is bound any more; without address: call."""
        reservation, other = self.book_hour(9), self.book_hour(10)
        other.sudo().partner_id = self.env["res.partner"].create({"name": "No Mail"})
        self.leave(self.maria)
        self.settle()
        wizard = self.resolve(reservation + other, action="offer")
        self.assertEqual(wizard.line_ids.mapped("is_done"), [False, True])
        self.assertTrue(reservation.times_offered_at)
        self.assertFalse(other.times_offered_at)
        mail = self.env["mail.mail"].sudo().search([("model", "=", reservation._name), ("res_id", "=", reservation.id)])
        self.assertEqual(mail.recipient_ids, self.customer)
        for text in ("Brakes", "8:00 AM", "America/New_York", "call us"):
            self.assertIn(text, mail.body_html)
        with freeze_time("2026-10-20 12:30:00"):  # half an hour before, the cut-off is two hours
            reservation._reschedule(f"time:{NEXT_DAY}T15:00:00-04:00", resources=self.ann)
        self.assertFalse(reservation.trouble)

    def test_cancel(self):
        """The staff cancel with a reason, which stands in the history; without one they are asked."""
        reservations = self.book_hour(9) + self.book_hour(10)
        with self.assertRaisesRegex(UserError, "Say why"):
            self.resolve(reservations, action="cancel")
        self.resolve(reservations, action="cancel", reason="Flood")
        self.assertEqual(reservations.mapped("state"), ["cancelled"] * 2)
        self.assertEqual(reservations[0].change_ids.sorted("id")[-1].reason, "Flood")

    def test_hundreds(self):
        """A hundred and twenty are mended in one go."""
        reservations = self.env["service.reservation"].union(
            *[
                self.book_hour(hour, NEXT_DAY + timedelta(days=day))
                for day in (0, 1, 2, 3, 4, 6, 7, 8, 9, 10)
                for hour in range(8, 20)
            ]
        )
        self.leave(self.maria, stop=24 * 14)
        self.settle()
        self.assertEqual(set(reservations.mapped("trouble")), {"away"})
        wizard = self.resolve(reservations, action="reassign")
        self.assertEqual(len(wizard.line_ids.filtered("is_done")), len(reservations))

    def test_form(self):
        """The form opens for what was selected and proposes the people of the offer."""
        reservation = self.book_hour(9)
        wizard = Form(
            self.env["service.reservation.resolve"]
            .with_user(self.technician)
            .with_context(active_model="service.reservation", active_ids=reservation.ids, default_action="reassign")
        ).save()
        self.assertEqual(wizard.choosable_resource_ids, self.maria + self.ann)

    def test_strangers_reservations(self):
        """Nobody mends what he may not see."""
        stranger = new_test_user(self.env, "other@shop", groups="service_schedule.group_technician")
        with self.assertRaises(AccessError):
            self.resolve(self.book_hour(9), user=stranger, action="cancel", reason="x")
