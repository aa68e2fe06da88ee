from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.fieldservice_schedule.tests.common import FieldCase
from odoo.addons.fieldservice_schedule.tests.pseudo_french import DATE, LANG, LONG, MARK, FrenchPages, speak_french

from .common import WalkMixin, make_photo

ADDONS = ("fieldservice_schedule", "fieldservice_schedule_day", "fieldservice_schedule_walk")
STARTED = "!!document.querySelector('.o_field_card')"
PHONE = """
(async () => {
    read("the day");
    await press(".o_field_card_link", "Harbour Fleet");
    await until(() => document.querySelector(".o_field_more"), "the visit");
    read("the visit");
    for (const [index, name] of ["note", "return"].entries()) {
        all(".o_field_more button")[index].click();
        await until(() => document.querySelector("dialog[open] form"), name);
        read(name);
        await press("dialog .o_field_round");
        await until(() => !document.querySelector("dialog"), "closed");
    }
    await press(".o_field_foot button");
    await press(".o_field_card a[href^='#walk/']");
    await until(() => all(".o_walk_units > li").length, "units");
    read("the list");
    await press(".o_walk_ok");
    await until(() => document.querySelector(".o_walk_undo"), "undo");
    read("a tick");
    const search = document.querySelector(".o_walk_top input");
    search.value = "NEW 77";
    search.dispatchEvent(new Event("input", {bubbles: true}));
    await until(() => document.querySelector(".o_walk_add"), "a unit that nobody knows");
    read("a unit that nobody knows");
    search.value = "";
    search.dispatchEvent(new Event("input", {bubbles: true}));
    await press(".o_walk_open");
    await until(() => document.querySelector("dialog .o_walk_tiles button"), "kinds of damage");
    read("a damage");
    if (!document.querySelector("dialog").textContent.includes("50,00")) { throw new Error("no French price"); }
    await press(".o_walk_tiles button", "Chip");
    await press("dialog button[type=submit]");
    await until(() => !document.querySelector("dialog"), "that it is saved");
    await press(".o_walk_filters button", "Damaged");
    await until(() => document.querySelector(".o_walk_findings"), "the finding");
    read("a finding");
    await press(".o_walk_undo ~ button, .o_field_foot > button");
    await until(() => document.querySelector("dialog [name=leave_open]"), "the end");
    read("the end");
    document.querySelector("dialog [name=leave_open]").click();
    await press("dialog button[type=submit]");
    await until(() => location.hash.startsWith("#job/") && document.querySelector(".o_field_more"), "the visit, done");
    read("the visit, done");
    console.log("test successful");
})();
"""
PORTAL = """(async () => {
    read(location.pathname, document.querySelector("main #wrap"));
    console.log("test successful");
})();"""


@tagged("post_install", "-at_install")
class TestFrench(FrenchPages, WalkMixin, FieldCase, HttpCase):
    """Every text of the technician's pages and of the customer's is translated, and the pages bear long words."""

    browser_size = "390x844"
    touch_enabled = True
    french_data = (
        "Harbour Fleet",
        "Lot 3",
        "Maria",
        "Lot Walk",
        "Lot walk",
        "Look at each unit on the lot. Make a job of each damage that you find.",
        "Chip",
        "Crack",
        "Pane",
        "Van",
        "NEW 77",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpWalk()
        speak_french(cls, *ADDONS)
        cls.user_maria.lang = LANG
        cls.bring_walk_to_now()

    def test_phone(self):
        """The day, a visit, its forms, the list, a damage, the end: every text, at 390 pixels; prices as in French."""
        self.look("/field", STARTED, PHONE, "maria@field")
        self.assertEqual(self.walk.state, "completed")

    def test_sentences_of_the_server(self):
        """What the server says is in the user's language, too."""
        command = {"id": "x", "name": "start", "job": self.walk.id}
        [answer] = self.env["field.command"].with_user(self.user_maria).with_context(lang=LANG)._apply_all([command])
        self.assertEqual(answer["error"], f"{MARK}The phone sent what cannot be understood. {LONG}")

    def test_portal(self):
        """The customer's list and the summary: texts, the date and the prices in French."""
        user = new_test_user(self.env, "fleet@field", groups="base.group_portal", tz="UTC", lang=LANG)
        user.partner_id.parent_id = self.customer
        walk = self.walk.with_user(self.user_maria)
        walk._add_finding(self.vans[1], {"damage": self.crack.id, "count": 20, "photos": [make_photo()]})
        walk._see_unit(self.vans[0])
        walk._finish_walk(leave_open=True)
        self.authenticate("fleet@field", "fleet@field")
        for path in ("/my/walks", f"/my/walks/{walk.id}"):
            self.look(path, "!!document.querySelector('main')", PORTAL, "fleet@field")
        text = self.url_open(f"/my/walks/{walk.id}").text.replace("\N{NO-BREAK SPACE}", " ").replace("\u202f", " ")
        self.assertRegex(text, r"1\s600,00")
        self.assertRegex(text, rf"{DATE} \d{{1,2}} {DATE} 20\d\d")
