from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from .common import FROZEN, WaitCase


@tagged("post_install", "-at_install")
@freeze_time(FROZEN)
class TestPortal(WaitCase, HttpCase):
    """The customer's pages: what he waits for, what is free for him, leaving."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "anna", groups="base.group_portal", password="annaanna")
        cls.other = new_test_user(cls.env, "bert", groups="base.group_portal", password="bertbert")
        with freeze_time(FROZEN):
            cls.nine, _ten = cls.fill()
            cls.entry = cls.join(cls.user.partner_id)

    def get_page(self, path):
        """Return the text of a page."""
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 200)
        return answer.text

    def post_leave(self, token=None):
        """Post the form of the page that asks."""
        page = self.get_page(self.entry._get_portal_url("/leave", token))
        csrf = page.split('name="csrf_token" value="')[1].split('"')[0]
        data = {"csrf_token": csrf, **({"token": token} if token else {})}
        return self.url_open(self.entry._get_portal_url("/leave"), data=data, allow_redirects=False)

    def test_list(self):
        """The list shows where he is in line and what is kept for him, and nothing of others."""
        self.authenticate("anna", "annaanna")
        self.assertIn("You are the first in line.", self.get_page("/my/waitlist"))
        self.nine._cancel(by_staff=True)
        page = self.get_page("/my/waitlist")
        self.assertIn("Tuesday, October 20, 2026 at 9:00", page)
        # by the address by which he came, which need not be the one in messages
        self.assertIn(f'href="/book/{self.entry.reservation_id.public_id}', page)
        self.authenticate("bert", "bertbert")
        page = self.get_page("/my/waitlist")
        self.assertIn("You wait for nothing", page)
        self.assertNotIn(self.entry.public_id, page)

    def test_leave(self):
        """Looking leaves nothing; the form does, once and for all."""
        self.authenticate("anna", "annaanna")
        self.get_page(self.entry._get_portal_url("/leave"))
        self.assertEqual(self.entry.state, "waiting")
        answer = self.post_leave()
        self.assertEqual((answer.status_code, self.entry.state), (303, "left"))
        self.assertIn("You are off that waitlist.", self.get_page("/my/waitlist?message=left"))
        self.assertIn("not on that waitlist any more", self.get_page(self.entry._get_portal_url("/leave")))

    def test_guest_with_a_link(self):
        """Without a log-in the link of the message opens his own entry, and leaves it."""
        token = self.entry._get_token()
        page = self.get_page(self.entry._get_portal_url("", token))
        self.assertIn("first in line", page)
        self.assertIn(self.entry.partner_id.email, page)  # where the message will go
        self.assertNotIn("o_portal_submenu", page)  # he has no list to go back to
        answer = self.post_leave(token)
        self.assertEqual((answer.status_code, self.entry.state), (303, "left"))
        self.assertIn(token, answer.headers["Location"])

    def test_strangers(self):
        """Others, with a wrong token or none, are sent to their own list; posting leaves nothing."""
        self.authenticate("bert", "bertbert")
        mine = self.join(self.other.partner_id)
        page = self.get_page(mine._get_portal_url("/leave"))
        csrf = page.split('name="csrf_token" value="')[1].split('"')[0]
        for token in (None, "wrong", "wr\u00f6ng"):
            for path in ("", "/leave"):
                answer = self.url_open(self.entry._get_portal_url(path, token), allow_redirects=False)
                self.assertEqual(answer.status_code, 303)
            data = {"csrf_token": csrf, **({"token": token} if token else {})}
            self.url_open(self.entry._get_portal_url("/leave"), data=data)
        self.assertEqual((self.entry.state, mine.state), ("waiting", "waiting"))

    def test_impossible_reference(self):
        """A reference that the database cannot hold is a wrong one, not a fault."""
        self.authenticate("bert", "bertbert")
        for query in ("", "?token=a"):
            self.assertEqual(self.url_open(f"/my/waitlist/%00{query}", allow_redirects=False).status_code, 303)

    def test_form_from_elsewhere(self):
        """A form without our token leaves nothing."""
        self.authenticate("anna", "annaanna")
        self.assertEqual(self.url_open(self.entry._get_portal_url("/leave"), data={"x": "y"}).status_code, 400)
        self.assertEqual(self.entry.state, "waiting")

    def test_home(self):
        """The portal's home counts what he waits for."""
        self.authenticate("anna", "annaanna")
        self.assertIn("/my/waitlist", self.get_page("/my"))
        counters = ["waitlist_count", "waitlist_offered_count"]
        counted = self.make_jsonrpc_request("/my/counters", {"counters": counters})
        self.assertEqual(counted, {"waitlist_count": 1, "waitlist_offered_count": 0})
        self.nine._cancel(by_staff=True)
        counted = self.make_jsonrpc_request("/my/counters", {"counters": counters})
        self.assertEqual(counted, {"waitlist_count": 1, "waitlist_offered_count": 1})
