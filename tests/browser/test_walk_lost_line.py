"""A lot walk where the line breaks between question and answer, on a phone."""

from chromium import PHONE, find
from hand import Hand
from lot_walk import DEMO, make_walk
from page_case import PageCase
from suite_server import transaction

from odoo import fields
from odoo.tests import tagged
from odoo.tools import html2plaintext

# What is sent arrives, and its answer gets lost: to the page it looks as if there were no line.
LOSE_ANSWERS = """(() => {
    const {open, send} = XMLHttpRequest.prototype;
    window.hasLine = false;
    XMLHttpRequest.prototype.open = function (method, url) {
        this.lost = url.endsWith('/field/do');
        return open.apply(this, arguments);
    };
    XMLHttpRequest.prototype.send = function (body) {
        if (window.hasLine || !this.lost) {
            return send.call(this, body);
        }
        fetch('/field/do', {method: 'POST', headers: {'Content-Type': 'application/json'}, body})
            .finally(() => this.dispatchEvent(new ProgressEvent('error')));
    };
})()"""


@tagged("post_install", "-at_install", "standard")
class TestLostLine(PageCase):
    """What had arrived, though nobody said so, is changed: it does not become two."""

    @classmethod
    def prepare(cls, env):
        """Give the demo's technician a walk now, and nothing else."""
        walk = make_walk(env)
        walk.with_user(env.ref(f"{DEMO}.user_glazier"))._field_start({}, fields.Datetime.now())
        cls.walk = walk.id

    def read_findings(self):
        """Return ``[(damage, how many)]`` of the walk."""
        with transaction(self.database) as env:
            return [(one.damage_id.name, one.damage_count) for one in env["fsm.order"].browse(self.walk).finding_ids]

    def test_change_it(self):
        """*Change it* on a damage that had arrived changes it; opened again it says so, and another one is another."""
        page = Hand(self.browser, self.url, "glazier")
        page.set_screen(PHONE)
        page.go(f"/field#walk/{self.walk}", ".o_walk_units > li")
        page.evaluate(LOSE_ANSWERS)
        page.press(".o_walk_open")
        page.press("dialog .o_walk_tiles button", "Chip")
        page.press("dialog button[type=submit]")
        page.press("dialog button", "Change it")
        self.assertEqual(self.read_findings(), [("Chip", 1)])
        page.press("dialog button[aria-label='One more']")
        page.press("dialog .o_field_round")  # closed, with what was typed
        page.evaluate("hasLine = true")
        page.press(".o_walk_filters button", "All")
        page.press(".o_walk_units > li:first-child .o_walk_open")
        page.wait(find("dialog .o_field_alert", "arrived already"), "that it has arrived")
        page.press("dialog button[type=submit]")
        page.wait("!document.querySelector('dialog')", "that it is saved")
        self.assertEqual(self.read_findings(), [("Chip", 2)])

        page.press(".o_walk_units > li:first-child .o_walk_open")
        self.assertFalse(page.evaluate(f"Boolean({find('dialog .o_field_alert')})"))
        page.press("dialog .o_walk_tiles button", "Crack")
        page.press("dialog button[type=submit]")
        page.wait("!document.querySelector('dialog')", "that it is saved")
        self.assertEqual(sorted(self.read_findings()), [("Chip", 2), ("Crack", 1)])

    def read_notes(self):
        """Return the notes of the technician on the walk, as plain text, the oldest first."""
        with transaction(self.database) as env:
            author = env.ref(f"{DEMO}.user_glazier").partner_id
            notes = env["fsm.order"].browse(self.walk).message_ids.filtered(lambda one: one.author_id == author)
            return [html2plaintext(note.body).strip() for note in notes.sorted("id") if note.body]

    def test_change_a_note(self):
        """*Change it* on a note that had arrived changes it: dispatch reads one, as it was said last."""
        before = self.read_notes()
        page = Hand(self.browser, self.url, "glazier")
        page.set_screen(PHONE)
        page.go(f"/field#job/{self.walk}", ".o_field_more")
        page.evaluate(LOSE_ANSWERS)
        page.press(".o_field_more button", "Note")
        page.fill("dialog textarea", "Gate 7")
        page.press("dialog button[type=submit]")
        page.press("dialog button", "Change it")
        self.assertEqual(self.read_notes(), [*before, "Gate 7"])
        page.evaluate("hasLine = true")
        page.fill("dialog textarea", "Gate 9")
        page.press("dialog button[type=submit]")
        page.wait("!document.querySelector('dialog')", "that it is saved")
        self.assertEqual(self.read_notes(), [*before, "Gate 9"])
