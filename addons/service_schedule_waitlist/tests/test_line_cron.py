from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from odoo.addons.service_schedule.tests.common import NEXT_DAY

from .common import DAY, FROZEN, MINUTE, WaitCase

CRON = "service_schedule_waitlist.ir_cron_offer_waiting"


@tagged("post_install", "-at_install")
@freeze_time(FROZEN)
class TestLineCron(WaitCase):
    """What no cancellation frees is found by the cron, and the cron tells the customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patch_mails()

    def get_mails(self, entry):
        """Return the messages about an entry."""
        return self.env["mail.mail"].search([("model", "=", entry._name), ("res_id", "=", entry.id)], order="id")

    def count_triggers(self):
        """Return how often the cron is to be called."""
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", self.env.ref(CRON).id)])

    def test_other_offer_of_the_same_person(self):
        """An hour that another offer of Maria's frees goes to who waits for brakes; the cron is called at once."""
        oil = self.hour.copy({"name": "Oil", "resource_ids": [(6, 0, self.maria.ids)]})
        nine = self.take(9, offer=oil)
        self.take(10)
        first, second = self.join(self.anna), self.join(self.bert)
        before = self.count_triggers()
        nine._cancel(by_staff=True)
        self.assertGreater(self.count_triggers(), before)
        self.assertEqual(first.state, "waiting")
        self.run_cron()
        self.assertEqual((first.state, second.state), ("offered", "waiting"))
        self.assertEqual((first.reservation_id.start, first.reservation_id.offer_id), (nine.start, self.hour))
        self.assertEqual(first.offered_until, FROZEN + 60 * MINUTE)

    def test_nobody_waits(self):
        """Where nobody waits, freed time calls nobody."""
        nine, _ten = self.fill()
        before = self.count_triggers()
        nine._cancel(by_staff=True)
        self.assertEqual(self.count_triggers(), before)

    def test_more_people(self):
        """A new colleague makes room: for as many as fit, in the order of the line, the earliest first."""
        self.fill()
        entries = [self.join(partner) for partner in (self.anna, self.bert, self.carl)]
        self.run_cron()
        self.assertEqual({entry.state for entry in entries}, {"waiting"})
        self.hour.resource_ids += self.create_person("Tom")
        self.run_cron()
        self.assertEqual([entry.state for entry in entries], ["offered", "offered", "waiting"])
        self.assertLess(entries[0].reservation_id.start, entries[1].reservation_id.start)

    def test_days_are_apart(self):
        """Each day has its line; a time that somebody moved away from is found."""
        other = NEXT_DAY + DAY
        self.fill()
        moving, _stays = self.fill(other)
        first, second = self.join(self.anna), self.join(self.bert, other)
        moving._reschedule(f"time:{NEXT_DAY + 3 * DAY}T09:00:00-04:00")
        self.run_cron()
        self.assertEqual((first.state, second.state), ("waiting", "offered"))

    def test_over(self):
        """When the day has passed by the shop's clock the wait is over, not a minute earlier."""
        self.fill()
        entry = self.join(self.anna)
        with freeze_time(f"{NEXT_DAY + DAY} 03:59:00"):
            self.run_cron()
            self.assertEqual(entry.state, "waiting")
        with freeze_time(f"{NEXT_DAY + DAY} 04:01:00"):
            self.run_cron()
            self.assertEqual(entry.state, "over")

    def test_messages(self):
        """Each is told once that a time is free, until when and in whose zone, and once that he missed it."""
        nine, _ten = self.fill()
        first, second = self.join(self.anna), self.join(self.bert)
        nine._cancel(by_staff=True)
        self.assertFalse(self.get_mails(first))  # nothing is written while the day is locked
        self.run_cron()
        self.run_cron()
        mail = self.get_mails(first)
        self.assertEqual((len(mail), mail.recipient_ids), (1, self.anna))
        self.assertEqual(mail.subject, "A time is free for you until Monday, October 19, 2026 at 9:00 AM")
        hold = first.reservation_id
        for text in (
            "Tuesday, October 20, 2026 at 9:00 AM",
            "America/New_York",
            f"/book/{hold.public_id}?token={hold._get_token()}",
            f"/my/waitlist/{first.public_id}?token={first._get_token()}",
        ):
            self.assertIn(text, mail.body_html)
        with freeze_time(FROZEN + 61 * MINUTE):
            self.run_cron()
            self.run_cron()
        self.assertIn("gone to the next in line", self.get_mails(first)[1:].subject)
        self.assertEqual(len(self.get_mails(second)), 1)

    def test_taken_before_it_was_told(self):
        """Who finds his time before the message goes out gets none."""
        nine, _ten = self.fill()
        first = self.join(self.anna)
        nine._cancel(by_staff=True)
        first.reservation_id._confirm()
        self.run_cron()
        self.assertFalse(self.get_mails(first))

    def test_language(self):
        """The customer reads the dates of his own language, whatever the cron's is."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.anna.lang = "fr_FR"
        nine, _ten = self.fill()
        first = self.join(self.anna)
        nine._cancel(by_staff=True)
        self.run_cron()
        self.assertIn("mardi 20 octobre 2026", self.get_mails(first).body_html)

    def test_availability_is_read_once(self):
        """Ten who wait for the same full day cost one reading of it."""
        self.fill()
        for partner in self.env["res.partner"].create([{"name": f"Waiter {number}"} for number in range(10)]):
            self.join(partner)
        first, *others = self.entries.search([("offer_id", "=", self.hour.id)])
        found = {}
        self.assertEqual(first._try_offer_any(found), "unfit")
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.assertEqual({entry._try_offer_any(found) for entry in others}, {"unfit"})
        self.assertEqual(self.env.cr.sql_log_count, before)

    def test_full_days_are_not_walked(self):
        """A run costs as many queries for ten in line of a full day as for one: nobody in it is looked at."""
        self.fill()
        partners = self.env["res.partner"].create([{"name": f"Waiter {number}"} for number in range(10)])
        self.join(partners[0])
        self.find_servable()  # what is read once
        few = self.find_servable()
        for partner in partners[1:]:
            self.join(partner)
        self.assertEqual(self.find_servable(), few)

    def find_servable(self):
        """Return how many queries it takes to find that nobody of the brakes' line can be served."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        servable = self.entries._find_servable()
        count = self.env.cr.sql_log_count - before
        self.assertNotIn(self.hour, servable.offer_id)  # the demo has lines of its own
        return count

    def test_one_that_fails(self):
        """Who cannot be served for a fault of the data is told in the log by id, each time; those behind are served."""
        self.fill()
        first, second, third = (self.join(partner) for partner in (self.anna, self.bert, self.carl))
        self.hour.resource_ids += self.create_person("Tom")
        offering = type(self.entries)._offer_slot

        def fail_for_first(entry, slot):
            if entry == first:
                raise ValueError("broken")
            return offering(entry, slot)

        with (
            patch.object(type(self.entries), "_offer_slot", fail_for_first),
            self.assertLogs("odoo.addons.service_schedule_waitlist", "ERROR") as log,
        ):
            self.run_cron()
        self.assertIn(f"service.waitlist.entry {first.id} failed", log.output[0])
        self.assertEqual([entry.state for entry in (first, second, third)], ["waiting", "offered", "offered"])
        third._leave()
        self.run_cron()
        self.assertEqual(first.state, "offered")

    def test_one_that_fails_at_once(self):
        """Somebody's cancellation is not lost because the first in line cannot be served; the next has the time."""
        nine, _ten = self.fill()
        first, second = self.join(self.anna), self.join(self.bert)
        holding = type(self.entries)._hold_place

        def fail_for_first(entry, *arguments):
            if entry == first:
                # what the database refuses must not spoil the transaction either
                self.env.cr.execute("SELECT 1 / 0", log_exceptions=False)
            return holding(entry, *arguments)

        with (
            patch.object(type(self.entries), "_hold_place", fail_for_first),
            self.assertLogs("odoo.addons.service_schedule_waitlist", "ERROR") as log,
        ):
            nine._cancel(by_staff=True)
        self.assertIn(f"service.waitlist.entry {first.id} failed", log.output[0])
        self.assertEqual((nine.state, first.state, second.state), ("cancelled", "waiting", "offered"))

    def test_only_what_has_passed_is_looked_at(self):
        """What a run looks at has its indexes: days that have passed, lines, service points, those not yet told."""
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'service_waitlist_entry' AND indexdef LIKE '%WHERE%'"
        )
        indexes = " ".join(row[0] for row in self.env.cr.fetchall())
        for columns in ("(day) WHERE", "(offer_id, day, id) WHERE", "(point_id) WHERE", "(id) WHERE"):
            self.assertIn(columns, indexes)

    def test_the_zone_decides_when_a_day_is_over(self):
        """East of the date line a day is over while it has not begun to end in Greenwich."""
        self.point.tz = "Pacific/Kiritimati"
        entry = self.entries.create({"offer_id": self.hour.id, "partner_id": self.anna.id, "day": NEXT_DAY})
        with freeze_time(f"{NEXT_DAY} 09:59:00"):
            self.entries._close_past()
            self.assertEqual(entry.state, "waiting")
        with freeze_time(f"{NEXT_DAY} 10:01:00"):
            self.entries._close_past()
            self.assertEqual(entry.state, "over")
