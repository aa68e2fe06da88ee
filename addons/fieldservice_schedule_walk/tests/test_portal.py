from odoo.tests import HttpCase, new_test_user, tagged

from .common import NINE, WalkCase, make_photo


@tagged("post_install", "-at_install")
class TestPortal(WalkCase, HttpCase):
    """What the fleet's people see of walks on the portal, and what nobody else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_reader("fleet@field", cls.customer)
        cls.create_reader("rival@field", cls.env["res.partner"].create({"name": "Rival", "is_company": True}))
        cls.finding = cls.find(cls.crack, van=cls.vans[1], note="<b>low</b>", photos=[make_photo()])
        cls.walk.with_user(cls.user_maria)._see_unit(cls.vans)
        cls.walk.with_user(cls.user_maria)._finish_walk()
        cls.page = f"/my/walks/{cls.walk.id}"
        cls.photo = f"{cls.page}/photos/{cls.finding.finding_photo_ids.id}"

    @classmethod
    def create_reader(cls, login, company):
        """Return a portal user who works for a company."""
        user = new_test_user(cls.env, login, groups="base.group_portal", tz="UTC", lang="en_US")
        user.partner_id.parent_id = company
        return user

    @classmethod
    def find(cls, damage=None, van=None, **values):
        """Return a finding, written down by Maria."""
        walk = cls.walk.with_user(cls.user_maria)
        return walk._add_finding(van, {"damage": damage.id, **values}).sudo()

    def test_own_walk(self):
        """The customer finds the walk in his list: units, findings, photos, prices, and the file."""
        self.authenticate("fleet@field", "fleet@field")
        self.assertIn(self.page, self.url_open("/my/walks").text)
        self.assertEqual(self.make_jsonrpc_request("/my/counters", {"counters": ["walk_count"]}), {"walk_count": 1})
        text = self.url_open(self.page).text
        for words in ("Lot walk complete - 1 repair found", "Crack", "80.00", "Van #V-001", "&lt;b&gt;low&lt;/b&gt;"):
            self.assertIn(words, text)
        self.assertIn(self.photo, text)
        photo = self.url_open(self.photo)
        self.assertEqual((photo.status_code, photo.headers["Content-Type"]), (200, "image/jpeg"))
        self.assertEqual(photo.headers["Cache-Control"], "private, no-store")
        self.assertEqual(self.url_open(f"{self.page}/summary.pdf").status_code, 200)

    def test_strangers(self):
        """Another customer, and who is not logged in, are told that there is no such page; neither is it in lists."""
        pages = (self.page, self.photo, f"{self.page}/summary.pdf", f"{self.page}?access_token=x")
        self.assertEqual({self.url_open(page).status_code for page in pages}, {404})
        self.authenticate("rival@field", "rival@field")
        self.assertEqual({self.url_open(page).status_code for page in pages}, {404})
        self.assertNotIn(self.page, self.url_open("/my/walks").text)
        self.assertEqual(self.make_jsonrpc_request("/my/counters", {"counters": ["walk_count"]}), {"walk_count": 0})

    def test_link(self):
        """The link of the mail opens this walk without a log-in, with its photos and file, and no other."""
        token = self.walk._portal_ensure_token()
        for page in (self.page, self.photo, f"{self.page}/summary.pdf"):
            self.assertEqual(self.url_open(f"{page}?access_token={token}").status_code, 200)
        self.assertIn(f"{self.photo}?access_token={token}", self.url_open(f"{self.page}?access_token={token}").text)
        other = self.create_walk(person=self.maria, start=NINE.replace(hour=14))
        other.with_user(self.user_maria)._finish_walk(leave_open=True)
        self.assertEqual(self.url_open(f"/my/walks/{other.id}?access_token={token}").status_code, 404)
        self.assertEqual(self.url_open(f"/my/walks/{other.id}/photos/{self.photo.rpartition('/')[2]}").status_code, 404)

    def test_what_is_not_finished(self):
        """A walk that goes on is not shown, nor are jobs, nor files that are no photos of it."""
        self.authenticate("fleet@field", "fleet@field")
        going = self.create_walk(person=self.maria, start=NINE.replace(hour=16))
        self.assertEqual(self.url_open(f"/my/walks/{going.id}").status_code, 404)
        self.assertEqual(self.url_open(f"/my/walks/{self.finding.id}").status_code, 404)
        file = self.walk.walk_summary_id
        self.assertEqual(self.url_open(f"{self.page}/photos/{file.id}").status_code, 404)
        self.assertEqual(self.url_open("/my/walks/999999999").status_code, 404)
