from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.service_schedule_waiver.exceptions import WaiverRefused

from .common import ON_THE_DAY, WaiverCase, draw_picture

WAY_IN = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install")
class TestSecurity(WaiverCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.frozen = freeze_time(ON_THE_DAY)
        cls.frozen.start()
        cls.addClassCleanup(cls.frozen.stop)

    def assert_rights(self, record, user, rights):
        """``user`` has exactly these rights on ``record``."""
        found = [operation for operation in WAY_IN if record.with_user(user).has_access(operation)]
        self.assertEqual(found, list(rights), (record, user.login))

    def test_staff(self):
        """Managers write waivers, technicians read them; versions, signatures and documents are nobody's to write."""
        signature = self.sign()
        signature._make_document()
        self.assert_rights(self.waiver, self.manager, WAY_IN)
        self.assert_rights(self.waiver, self.technician, ["read"])
        for user in (self.manager, self.technician):
            for record in (self.waiver.version_id, signature):
                self.assert_rights(record, user, ["read"])
            self.assert_rights(signature.document_id, user, ["read"])
        with self.assertRaises(AccessError):
            self.waiver.with_user(self.technician)._publish()
        with self.assertRaises(AccessError):
            self.waiver.with_user(self.technician).action_publish()

    def test_portal_and_plain_users(self):
        """Customers and employees without a scheduling role have no rights here at all; the portal checks by itself."""
        signature = self.sign()
        portal = new_test_user(self.env, "customer@home", groups="base.group_portal")
        employee = new_test_user(self.env, "clerk@shop", groups="base.group_user")
        public = self.env.ref("base.public_user")
        for user in (portal, employee, public):
            for record in (self.waiver, self.waiver.version_id, signature):
                self.assert_rights(record, user, [])
            mine = self.reservation.with_user(user)
            with self.assertRaises(AccessError):
                mine.get_waiver_form()
            with self.assertRaises(AccessError):
                mine.sign_waiver_on_tablet("Eve", self.waiver.version_id.id, draw_picture())
            with self.assertRaises(AccessError):
                mine._override_waiver("Because")

    def test_companies_keep_apart(self):
        """A manager of another company sees nothing, signs nothing and overrides nothing here."""
        signature = self.sign()
        other = self.book(self.window_on(self.evening, self.reservation._get_waiver_day()), by_staff=True)
        company = self.env["res.company"].create({"name": "Other"})
        boss = new_test_user(
            self.env,
            "boss@other",
            groups="service_schedule.group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for record in (self.waiver, self.waiver.version_id, signature):
            self.assert_rights(record, boss, [])
        with self.assertRaises(AccessError):
            other.with_user(boss)._override_waiver("Because")
        with self.assertRaises(AccessError):
            other.with_user(boss).sign_waiver_on_tablet("Eve", self.waiver.version_id.id, draw_picture())

    def test_staff_list(self):
        """A technician of another service point neither reads nor takes a signature."""
        stranger = new_test_user(self.env, "other@shop", groups="service_schedule.group_technician")
        self.point.user_ids = [Command.set(self.technician.ids)]
        with self.assertRaises(AccessError):
            self.reservation.with_user(stranger).get_waiver_form()
        with self.assertRaises(AccessError):
            self.reservation.with_user(stranger).sign_waiver_on_tablet("Eve", self.waiver.version_id.id, draw_picture())
        signature = self.sign()
        self.assert_rights(signature, stranger, [])
        self.assert_rights(signature, self.technician, ["read"])
        self.assert_rights(signature, self.manager, ["read"])

    def test_tablet(self):
        """A technician reads the form and takes the signature in his name; it needs a picture."""
        mine = self.reservation.with_user(self.technician)
        form = mine.get_waiver_form()
        self.assertEqual((form["step"], form["customer"], form["title"]), ("open", "John Doe", "Liability release"))
        with self.assertRaisesRegex(WaiverRefused, "in the box"):
            mine.sign_waiver_on_tablet("John Doe", form["version_id"], "")
        done = mine.sign_waiver_on_tablet("John Doe", form["version_id"], draw_picture())
        self.assertEqual(done["step"], "signed")
        self.assertIn("John Doe", done["signed"])
        signature = self.reservation.waiver_signature_ids
        self.assertEqual((signature.channel, signature.user_id), ("tablet", self.technician))
        self.assertEqual(self.reservation.change_ids[0].user_id, self.technician)
        again = mine.sign_waiver_on_tablet("John Doe", form["version_id"], draw_picture())
        self.assertEqual(again["step"], "signed")
        self.assertEqual(len(self.reservation.waiver_signature_ids), 1)

    def test_own_reservations(self):
        """A reservation is found by colleagues of the customer's company and by nobody else."""
        acme, other = self.env["res.partner"].create([{"name": "Acme"}, {"name": "Other"}])
        users = {}
        for login, company in (("ann@acme", acme), ("bob@acme", acme), ("eve@other", other)):
            users[login] = new_test_user(self.env, login, groups="base.group_portal")
            users[login].partner_id.parent_id = company
        self.customer.parent_id = acme
        reservations = self.env["service.reservation"]
        for login, found in (("ann@acme", True), ("bob@acme", True), ("eve@other", False)):
            mine = reservations.with_user(users[login])
            self.assertEqual(bool(mine._find_own(self.reservation.public_id)), found, login)
            self.assertEqual(mine._count_portal_waivers(), int(found), login)
        self.assertFalse(reservations.with_user(self.env.ref("base.public_user"))._find_own(self.reservation.public_id))
        self.assertFalse(reservations.with_user(users["ann@acme"])._find_own("nonsense"))
