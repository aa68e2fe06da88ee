from datetime import timedelta

from freezegun import freeze_time
from icalendar import Calendar

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.service_schedule.tests.common import NEXT_DAY, NOW, ScheduleCase


@tagged("post_install", "-at_install")
class TestFeed(ScheduleCase):
    """Feeds show what their user may see at the moment of reading, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = new_test_user(cls.env, "ann@home", groups="base.group_portal")
        cls.bob = new_test_user(cls.env, "bob@home", groups="base.group_portal")
        cls.maria = cls.create_person()
        cls.maria.user_id = cls.technician
        cls.visit = cls.env["service.offer"].create(
            {"name": "Visit", "point_id": cls.point.id, "resource_ids": cls.maria.ids, "allow_windows": False}
        )
        choice = cls.window_on(cls.morning, NEXT_DAY)
        reservations = cls.env["service.reservation"]
        cls.anns = reservations._book(cls.offer, choice, partner=cls.ann.partner_id, now=NOW)
        cls.bobs = reservations._book(cls.visit, f"time:{NEXT_DAY}T15:00:00-04:00", partner=cls.bob.partner_id, now=NOW)
        cls.feeds = cls.env["service.calendar.feed"]

    def shown_to(self, user, kind, point=None):
        """Return the public references in a user's feed."""
        feed = self.feeds.with_user(user)._open(kind, point and point.with_user(user))
        return self.uids(feed)

    def uids(self, feed):
        """Return the public references that a feed shows."""
        with freeze_time(NOW):
            return {str(event["UID"]) for event in Calendar.from_ical(feed._read_feed()).walk("VEVENT")}

    def test_customer(self):
        """A customer's feed has his own appointments, also those of his company, and nobody else's."""
        self.assertEqual(self.shown_to(self.ann, "customer"), {self.anns.public_id})
        company = self.env["res.partner"].create({"name": "Fleet", "is_company": True})
        (self.ann.partner_id | self.bob.partner_id).parent_id = company
        self.assertEqual(self.shown_to(self.ann, "customer"), {self.anns.public_id, self.bobs.public_id})

    def test_technician(self):
        """A technician's feed has what he himself serves; a service point's all of it."""
        self.assertEqual(self.shown_to(self.technician, "technician"), {self.bobs.public_id})
        both = {self.anns.public_id, self.bobs.public_id}
        self.assertEqual(self.shown_to(self.technician, "point", self.point), both)

    def test_staff_only(self):
        """Who is not on the staff of a service point gets no feed of it; who leaves it has one that shows nothing."""
        feed = self.feeds.with_user(self.technician)._open("point", self.point.with_user(self.technician))
        self.point.user_ids = self.manager
        self.assertFalse(self.uids(feed))
        with self.assertRaises(AccessError):
            self.feeds.with_user(self.technician)._open("point", self.point.with_user(self.technician))
        with self.assertRaises(AccessError):
            self.feeds.with_user(self.ann)._open("point", self.point.with_user(self.ann))

    def test_portal_user_never_reads_staff_feeds(self):
        """Who was on the staff and is a customer now reads nothing by his old address."""
        feed = self.feeds.with_user(self.technician)._open("technician")
        self.technician.group_ids = self.env.ref("base.group_portal")
        self.assertFalse(self.uids(feed))

    def test_archived_user(self):
        """The address of an archived user is nobody's."""
        feed = self.feeds.with_user(self.technician)._open("technician")
        token = feed.token
        self.assertEqual(self.feeds._find_by_token(token), feed)
        self.technician.active = False
        self.assertFalse(self.feeds._find_by_token(token))

    def test_renew(self):
        """A new address ends the old one; there is one feed a kind."""
        feed = self.feeds.with_user(self.ann)._open("customer")
        old = feed.token
        self.assertEqual(self.feeds.with_user(self.ann)._open("customer"), feed)
        feed._renew()
        self.assertFalse(self.feeds._find_by_token(old))
        self.assertEqual(self.feeds._find_by_token(feed.token), feed)
        for wrong in ("", "x", "\0", None, old):
            with self.subTest(token=wrong):
                self.assertFalse(self.feeds._find_by_token(wrong))

    def test_feeds_are_private(self):
        """Nobody reads another's feed, its address, or writes one; not even a manager or an administrator."""
        feed = self.feeds.with_user(self.technician)._open("technician")
        admin = new_test_user(self.env, "admin@shop", groups="base.group_system")
        for user in (self.manager, admin):
            with self.subTest(user=user.login):
                self.assertFalse(self.feeds.with_user(user).search([("id", "=", feed.id)]))
                with self.assertRaises(AccessError):
                    feed.with_user(user).read(["url"])
                with self.assertRaises(AccessError):
                    feed.with_user(user).action_stop()
        with self.assertRaises(AccessError):
            feed.with_user(self.technician).write({"token": "known"})
        self.assertTrue(feed.with_user(self.technician).url.endswith(f"{feed.token}.ics"))

    def test_what_is_over(self):
        """Cancelled appointments and held times leave the feed; what was served stays a month."""
        self.anns._cancel(now=NOW)
        self.assertEqual(self.shown_to(self.ann, "customer"), set())
        self.bobs._complete()
        self.assertEqual(self.shown_to(self.bob, "customer"), {self.bobs.public_id})
        with freeze_time(NOW + timedelta(days=40)):
            feed = self.feeds.with_user(self.bob)._open("customer")
            self.assertFalse(Calendar.from_ical(feed._read_feed()).walk("VEVENT"))

    def test_query_count(self):
        """A feed of many appointments costs as many queries as one of a few."""
        feed = self.feeds.with_user(self.manager)._open("point", self.point.with_user(self.manager))

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.uids(feed)
            return self.env.cr.sql_log_count - before

        self.uids(feed)
        few = count()
        for _number in range(8):
            self.book(self.window_on(self.afternoon, NEXT_DAY))
        self.assertEqual(count(), few)
