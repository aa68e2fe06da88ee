"""A lot walk under axe-core: the technician's screens on a phone and at a desk, and what the customer reads of it."""

import base64
import io
import json

from chromium import DESKTOP, PHONE, find
from lot_walk import make_walk
from page_case import PageCase
from PIL import Image

from odoo.tests import tagged

PHOTO = """(async () => {
    const bytes = Uint8Array.from(atob(%s), (letter) => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], "glass.jpg", {type: "image/jpeg"}));
    const input = document.querySelector("dialog input[type=file]");
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", {bubbles: true}));
})()"""


def make_photo():
    """Return a picture as base64."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 110, 140)).save(out, "JPEG")
    return base64.b64encode(out.getvalue()).decode()


@tagged("post_install", "-at_install", "standard")
class TestWalkPages(PageCase):
    """The list, a tick, a damage with its photo, a unit that nobody knows, the end, and the summary."""

    screens = (PHONE, DESKTOP)

    @classmethod
    def prepare(cls, env):
        """Give the demo's technician a walk now, whatever the hour is, and nothing else."""
        walk = make_walk(env)
        done = env["fsm.order"].search(
            [("partner_id", "=", walk.partner_id.id), ("walk_summary_id", "!=", False)], limit=1
        )
        cls.walk = walk.id
        cls.done, cls.link = done.id, done.get_portal_url()

    def set_scheme(self, page, scheme):
        """Let the page be light or dark."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        features.append({"name": "prefers-reduced-motion", "value": "reduce"})
        page.call("Emulation.setEmulatedMedia", features=features, media="")

    def look(self, page, name):
        """Judge a page in the dark and in light."""
        for scheme in ("dark", "light"):
            self.set_scheme(page, scheme)
            self.check(page, f"{name}, {scheme}")

    def search(self, page, text):
        """Type a number."""
        page.evaluate(
            f"((field) => {{ field.value = {json.dumps(text)};"
            " field.dispatchEvent(new Event('input', {bubbles: true})); })(document.querySelector('.o_walk_top input'))"
        )

    def open_walk(self):
        """Return the page of the walk's units, begun."""
        page = self.open_page("/field", f"[data-job='{self.walk}']", "glazier")
        page.click(f"[data-job='{self.walk}'] .o_field_card_link")
        page.wait(find(".o_field_more"), "the visit")
        self.look(page, "visit")
        if page.evaluate(f"Boolean({find('.o_field_foot button', 'Start')})"):
            page.click(".o_field_foot button", "Start")
        page.click(".o_field_card a", "Walk the lot")
        page.wait(find(".o_walk_units > li"), "its units")
        return page

    def test_phone(self):
        """The technician's screens, in the order in which he sees them."""
        page = self.open_walk()
        self.look(page, "units")
        page.click(".o_walk_ok")
        page.wait(find(".o_walk_undo"), "the tick")
        self.look(page, "a tick")
        self.search(page, "NEW 77")
        page.wait(find(".o_walk_add"), "a unit that nobody knows")
        self.look(page, "a unit that nobody knows")
        self.search(page, "")
        page.click(".o_walk_open")
        page.wait(find("dialog .o_walk_tiles button"), "the kinds of damage")
        page.click(".o_walk_tiles button")
        page.evaluate(PHOTO % json.dumps(make_photo()))
        page.wait(find("dialog .o_walk_shots img"), "the photo")
        self.look(page, "a damage with its photo")
        page.click("dialog button[type=submit]")
        page.wait(f"!document.querySelector('dialog') && {find('.o_walk_filters button', 'Damaged')}", "the list")
        page.click(".o_walk_filters button", "Damaged")
        page.wait(find(".o_walk_findings"), "the finding")
        self.look(page, "a finding")
        page.click(".o_field_foot > button", "Finish")
        page.wait(find("dialog [name=leave_open]"), "the end")
        self.look(page, "the end")
        page.click("dialog [name=leave_open]")
        page.click("dialog button[type=submit]")
        page.wait("location.hash.startsWith('#job/')", "that it is finished")
        page.wait(find(".o_field_more"), "the visit, done")
        self.look(page, "the visit, done")

    def test_double_tap(self):
        """A second tap right after a tick, on the same unit or on the one that has moved under the finger, is none."""
        page = self.open_walk()
        count = find(".o_walk_filters button", "OK") + ".querySelector('strong').textContent"
        before = int(page.evaluate(count))
        page.evaluate(
            """(async () => {
                const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
                const tap = () => document.querySelector(".o_walk_ok[aria-pressed=false]").click();
                const [button] = document.querySelectorAll(".o_walk_ok[aria-pressed=false]");
                const {now} = Date;
                const moment = Date.now();
                Date.now = () => moment; // all of it right after the tick, however long the frames take
                button.click();
                button.click();
                await frame();
                await frame();
                tap();
                Date.now = now;
            })()"""
        )
        page.wait(f"{count} === '{before + 1}'", "one tick")
        page.settle()
        self.assertEqual(int(page.evaluate(count)), before + 1)

    def test_portal(self):
        """The customer's list of walks and a summary, by his log-in and by the link of his mail."""
        self.check_all(
            [("walks", "/my/walks", "main a[href^='/my/walks/']"), ("walk", f"/my/walks/{self.done}", "main h1")],
            "fleet",
        )
        self.check(self.open_page(self.link, "main h1"), "walk by its link")
