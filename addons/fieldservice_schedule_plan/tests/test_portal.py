from lxml import html

from odoo.tests import HttpCase, new_test_user, tagged

from .common import run_cron

URL = "/my/preferences"


@tagged("post_install", "-at_install")
class TestPortal(HttpCase):
    """A customer says on the portal how he wants to be served."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.joe = new_test_user(cls.env, "plan_joe", "base.group_portal", name="Joe")
        cls.fleet = cls.env["res.partner"].create({"name": "Green Vans", "is_company": True})
        cls.joe.partner_id.parent_id = cls.fleet
        cls.site = cls.env["fsm.location"].create({"name": "North Lot", "owner_id": cls.fleet.id})
        cls.tom = cls.env["fsm.person"].create({"name": "Tom"})

    def setUp(self):
        super().setUp()
        self.authenticate("plan_joe", "plan_joe")

    def get_page(self):
        """Return the page as a tree."""
        return html.fromstring(self.url_open(URL).text)

    def post(self, **values):
        """Send the form with what a browser would send, changed by ``values``; None leaves a field out."""
        [form] = [one for one in self.get_page().forms if one.get("action") == URL]
        sent = {**dict(form.form_values()), **values}
        return self.url_open(URL, data={name: value for name, value in sent.items() if value is not None})

    def get_preference(self):
        """Return the fleet's preferences."""
        return self.env["service.preference"].search([("partner_id", "=", self.fleet.id)])

    def test_first_weekday(self):
        """Weeks begin as the reader's language has it: with Sunday in American English, with Monday in French."""
        self.env["res.lang"]._activate_lang("fr_FR")
        for lang, first, last in (("en_US", "p_su", "p_sa"), ("fr_FR", "p_mo", "p_su")):
            page = html.fromstring(self.url_open(f"/{lang[:2]}{URL}" if lang != "en_US" else URL).text)
            names = [box.get("name") for box in page.xpath("//input[@type='checkbox']")]
            days = [name for name in names if name in {"p_mo", "p_tu", "p_we", "p_th", "p_fr", "p_sa", "p_su"}]
            self.assertEqual((len(days), days[0], days[-1]), (7, first, last))

    def test_look_changes_nothing(self):
        """Looking makes no record; the sites of the customer are there all the same."""
        page = self.get_page()
        self.assertIn("North Lot", page.text_content())
        self.assertIn("No visit is planned.", page.text_content())
        self.assertFalse(self.get_preference())

    def test_choose(self):
        """A contact chooses for his company: how, how often, when, by whom; and sees it again, and the visits."""
        response = self.post(
            p_service_mode="both",
            p_has_lot_walks="1",
            p_fleet_size="25",
            p_frequency="two_weeks",
            p_walk_time="08:30",
            p_mo=None,
            p_tu="1",
            **{f"p_person_{self.tom.id}": "1"},
        )
        self.assertIn("Your choice is kept.", response.text)
        preference = self.get_preference()
        self.assertEqual(
            (preference.service_mode, preference.fleet_size, preference.frequency, preference.walk_time),
            ("both", 25, "two_weeks", 8.5),
        )
        self.assertEqual((preference.mo, preference.tu, preference.preferred_person_ids), (False, True, self.tom))
        self.assertEqual(preference.site_ids.plan_ids.state, "progress")
        run_cron(self)
        [form] = [one for one in self.get_page().forms if one.get("action") == URL]
        values = dict(form.form_values())
        self.assertEqual((values["p_walk_time"], values["p_fleet_size"]), ("08:30", "25"))
        self.assertNotIn("p_mo", values)
        self.assertNotIn("No visit is planned.", self.get_page().text_content())

    def test_site_of_its_own(self):
        """A site may have times of its own."""
        prefix = f"s{self.site.id}"
        self.post(
            **{"p_service_mode": "scheduled", "p_has_lot_walks": "1", f"{prefix}_rhythm": "own"},
            **{f"{prefix}_frequency": "monthly", f"{prefix}_walk_time": "14:00", f"{prefix}_fr": "1"},
        )
        line = self.get_preference().site_ids
        self.assertEqual((line.rhythm, line.frequency, line.walk_time, line.fr), ("own", "monthly", 14, True))

    def test_mistakes(self):
        """What is refused says why, changes nothing and is shown again."""
        for values, message in (
            ({"p_fleet_size": "many"}, "a number"),
            ({"p_fleet_size": "-3"}, "a number"),
            ({"p_fleet_size": "9" * 40}, "a number"),
            ({"p_walk_time": "25:00"}, "a time of day"),
            ({"p_walk_time": ""}, "a time of day"),
            ({"p_frequency": "hourly"}, "one of the answers"),
            ({"p_service_mode": "free"}, "one of the answers"),
            ({"p_mo": None}, "at least one day"),
        ):
            with self.subTest(values):
                response = self.post(**{"p_note": "Gate 7", **values})
                self.assertEqual(response.status_code, 422)
                self.assertIn(message, html.fromstring(response.text).text_content())
                self.assertIn("Gate 7", response.text)
                self.assertFalse(self.get_preference())

    def test_only_his_own(self):
        """What is sent for the site of somebody else is refused; for a technician who is none it has no effect."""
        other = self.env["res.partner"].create({"name": "Red Vans"})
        foreign = self.env["fsm.location"].create({"name": "Red Lot", "owner_id": other.id})
        self.env["service.preference"].create({"partner_id": other.id, "service_mode": "both", "has_lot_walks": True})
        response = self.post(**{f"s{foreign.id}_rhythm": "none", "p_fleet_size": "7"})
        self.assertEqual(response.status_code, 422)
        self.assertIn("look again", response.text)
        self.assertFalse(self.get_preference())
        self.post(p_person_999999="1")
        line = self.env["service.preference.site"].search([("location_id", "=", foreign.id)])
        self.assertEqual(line.rhythm, "usual")
        self.assertFalse(self.get_preference().preferred_person_ids)
        self.assertNotIn("Red Lot", self.get_page().text_content())

    def test_technicians_of_the_company(self):
        """A customer is not shown the technicians of another company, and cannot prefer one."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.env["fsm.person"].create({"name": "Stranger", "company_id": other.id})
        self.assertNotIn("Stranger", self.get_page().text_content())
        self.post(**{f"p_person_{stranger.id}": "1"})
        self.assertFalse(self.get_preference().preferred_person_ids)

    def test_log_in(self):
        """Nobody sees the page without a log-in."""
        self.logout()
        self.assertIn("/web/login", self.url_open(URL).url)

    def test_tabs(self):
        """The three pages of an account lead to each other."""
        for url in ("/my/account", URL, "/my/security"):
            with self.subTest(url):
                page = html.fromstring(self.url_open(url).text)
                tabs = page.xpath("//nav[@aria-label='Your account']//a/@href")
                self.assertEqual(tabs, ["/my/account", URL, "/my/security"])
