"""What the races around the waitlist share: full windows and hours, those who wait for them, and what they do."""

from datetime import timedelta

from suite_race import RaceCase, transaction

from odoo import fields
from odoo.tools import mute_logger

WAITERS = 4


class WaitRaceCase(RaceCase):
    """A pool of four places a window and two people by the hour, all taken, with customers in line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with transaction() as env:
            pool = cls.make_resource(env, "Race waiting pool", lane_count=WAITERS)
            people = [cls.make_resource(env, f"Race waiting person {number}") for number in (1, 2)]
            cls.fill = cls.make_offer(env, "Race waiting fill", [pool], allow_times=False)
            cls.hour = cls.make_offer(
                env, "Race waiting hour", people, duration_minutes=60, step_minutes=60, allow_windows=False
            )
            cls.person_ids = people
            cls.partner_ids = env["res.partner"].create([{"name": f"Waiter {n}"} for n in range(WAITERS * 2)]).ids
            cls.addClassCleanup(cls._forget_partners)

    @classmethod
    def _forget_partners(cls):
        with transaction() as env:
            env.cr.execute("DELETE FROM service_waitlist_entry WHERE partner_id = ANY(%s)", [cls.partner_ids])
            env.cr.execute("DELETE FROM res_partner WHERE id = ANY(%s)", [cls.partner_ids])

    def setUp(self):
        super().setUp()
        # who loses at the constraint, or finds a row changed, leaves a "bad query" in the log
        self.enterContext(mute_logger("odoo.sql_db"))
        self.addCleanup(self._forget_line)

    def _forget_line(self):
        """Start the next test with nobody in line."""
        with transaction() as env:
            env.cr.execute("DELETE FROM service_waitlist_entry WHERE point_id = %s", [self.point_id])

    # -- Acts -----------------------------------------------------------------------------------

    def fill_window(self):
        """Take all places of the first window; return the reservations' ids."""
        return [self.book(self.fill, self.window_choice()) for _place in range(WAITERS)]

    def join(self, count, offer_id=None):
        """Let the first `count` customers wait for the day, in their order; return the entries' ids."""
        ids = []
        for partner_id in self.partner_ids[:count]:
            with transaction() as env:
                offer = env["service.offer"].browse(offer_id or self.fill)
                window = env["service.window"] if offer_id else env["service.window"].browse(self.window_ids[0])
                partner = env["res.partner"].browse(partner_id)
                ids.append(env["service.waitlist.entry"]._join(offer, self.day, partner, window=window).id)
        return ids

    def confirming(self, entry_id):
        """Return the act of taking what is offered."""
        return lambda env: env["service.waitlist.entry"].browse(entry_id).reservation_id._confirm()

    def leaving(self, entry_id):
        """Return the act of leaving the waitlist."""
        return lambda env: env["service.waitlist.entry"].browse(entry_id)._leave()

    def expiring(self, entry_id):
        """Return the act of the cron on an offered hold that is over."""
        return lambda env: env["service.waitlist.entry"].browse(entry_id).reservation_id._try_expire()

    def offering(self, entry_id):
        """Return the act of the cron on one who waits."""
        return lambda env: env["service.waitlist.entry"].browse(entry_id)._try_offer_any({})

    def end_offer(self, entry_id):
        """Let the hold that is offered be over."""
        with transaction() as env:
            hold = env["service.waitlist.entry"].browse(entry_id).reservation_id
            hold.expires_at = fields.Datetime.now() - timedelta(seconds=1)

    def _ask_again(self):
        """Let the cron hand over what is kept for the line."""
        with transaction() as env:
            env["service.waitlist.entry"]._expire_awaited()

    # -- What must hold -------------------------------------------------------------------------

    def read_states(self, entry_ids):
        """Return the states of entries."""
        with transaction() as env:
            return env["service.waitlist.entry"].browse(entry_ids).mapped("state")

    def assert_line(self, entry_ids, offered):
        """Check that just the first `offered` in line were offered something, each a time of its own, still held."""
        self.assertEqual(self.read_states(entry_ids), ["offered"] * offered + ["waiting"] * (len(entry_ids) - offered))
        with transaction() as env:
            holds = env["service.waitlist.entry"].browse(entry_ids[:offered]).reservation_id
            self.assertEqual((len(holds), set(holds.mapped("state"))), (offered, {"held"}))
        self.assert_none_double()

    def assert_no_error(self, bookers):
        """Check that all were carried out: no deadlock, no failure of serialization that would reach a client."""
        for booker in bookers:
            if booker.error:
                raise booker.error

    def _make_short_hours(self, env):
        """Return a calendar that is open from 10 to 13."""
        calendar = env["resource.calendar"].create({"name": "Race: short", "tz": self.zone_name})
        calendar.attendance_ids = [(5, 0, 0)] + [
            (0, 0, {"name": "open", "dayofweek": str(day), "hour_from": 10, "hour_to": 13, "day_period": "full_day"})
            for day in range(7)
        ]
        self.made["calendars"].append(calendar.id)
        return calendar

    def _open_always(self):
        with transaction() as env:
            env["service.point"].browse(self.point_id).calendar_id = self.made["calendars"][0]
