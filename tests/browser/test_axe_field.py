"""The technician's day on a phone, under axe-core and without a line."""

import json
from datetime import timedelta

from chromium import DESKTOP, PHONE, find
from page_case import PageCase
from suite_server import transaction

from odoo import fields
from odoo.tests import tagged

DEMO = "service_schedule_demo"
INSTRUCTIONS = """<p>Park at the gate.</p><ul class="o_checklist"><li id="checkId-1">Photograph the damage</li></ul>"""
NOTE = "The key is at the desk"


@tagged("post_install", "-at_install", "standard")
class TestFieldPages(PageCase):
    """What a technician sees of his day, on a phone and at a desk, in light and in the dark."""

    screens = (PHONE, DESKTOP)

    @classmethod
    def prepare(cls, env):
        """Give the demo's technician a stop with everything, whatever the hour is."""
        person = env.ref(f"{DEMO}.person_glazier")
        site = env.ref(f"{DEMO}.location_fleet")
        site.write({"phone": "+1 218-555-0100", "direction": "<p>Gate at the north side.</p>"})
        env["fsm.order"].search([("person_id", "=", person.id), ("state", "in", ("assigned", "in_progress"))]).write(
            {"person_id": False}
        )
        cls.job = (
            env["fsm.order"]
            .create(
                {
                    "location_id": site.id,
                    "equipment_ids": env.ref(f"{DEMO}.equipment_van_12").ids,
                    "description": "Chip in the windshield",
                    "todo": INSTRUCTIONS,
                    "person_id": person.id,
                    "scheduled_date_start": fields.Datetime.now() - timedelta(minutes=1),
                    "scheduled_duration": 0.25,
                }
            )
            .id
        )

    def open_day(self):
        """Return the technician's page, with the stop."""
        page = self.open_page("/field", f"[data-job='{self.job}']", "glazier")
        page.call("Network.enable")
        return page

    def open_job(self):
        """Return the page of the stop."""
        page = self.open_day()
        page.click(f"[data-job='{self.job}'] .o_field_card_link")
        page.wait(find(".o_field_more"), "the stop")
        return page

    def set_line(self, page, is_there):
        """Take the line away from a page, or give it back."""
        speed = -1 if is_there else 0
        page.call(
            "Network.emulateNetworkConditions",
            offline=not is_there,
            latency=0,
            downloadThroughput=speed,
            uploadThroughput=speed,
        )

    def set_scheme(self, page, scheme):
        """Let the page be light or dark."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        features.append({"name": "prefers-reduced-motion", "value": "reduce"})
        page.call("Emulation.setEmulatedMedia", features=features, media="")

    def test_pages(self):
        """The day, an empty day, a stop, and its forms."""
        page = self.open_day()
        for scheme in ("dark", "light"):
            self.set_scheme(page, scheme)
            page.evaluate("location.hash = 'day'")
            page.wait(find(".o_field_days"), "the day")
            self.check(page, f"my day, {scheme}")
            page.evaluate(f"location.hash = 'job/{self.job}'")
            page.wait(find(".o_field_more"), "the stop")
            self.check(page, f"stop, {scheme}")
            for button in ("Note", "Cannot do it"):
                page.click(".o_field_more button", button)
                page.wait(find("dialog[open] form"), button)
                self.check(page, f"{button}, {scheme}")
                page.click("dialog .o_field_round")
                page.wait("!document.querySelector('dialog')", "that the form is closed")

    def test_technicians_of_a_dispatcher(self):
        """A dispatcher chooses whose day he looks at."""
        page = self.open_page("/field", "select.o_field_select", "dispatcher")
        self.check(page, "choose a technician")

    def test_keyboard(self):
        """A form takes the focus, Escape closes it, and what was typed is there again."""
        page = self.open_job()
        page.click(".o_field_more button", "Note")
        page.wait(find("dialog[open] textarea"), "the form")
        self.type_note(page)
        self.assertTrue(page.evaluate("document.querySelector('dialog').contains(document.activeElement)"))
        for kind in ("keyDown", "keyUp"):
            page.call("Input.dispatchKeyEvent", type=kind, key="Escape", code="Escape", windowsVirtualKeyCode=27)
        page.wait("!document.querySelector('dialog')", "that the form is closed")
        page.click(".o_field_more button", "Note")
        page.wait(f"document.querySelector('dialog textarea')?.value === {json.dumps(NOTE)}", "what was typed")

    def test_no_line(self):
        """Without a line a note waits, with what was typed; when there is one again, it is sent, once."""
        page = self.open_job()
        page.click(".o_field_more button", "Note")
        page.wait(find("dialog[open] textarea"), "the form")
        self.type_note(page)
        self.set_line(page, False)
        page.click("dialog button[type=submit]")
        page.wait(find("dialog .o_field_alert_warn", "No connection"), "that there is no line")
        self.check(page, "a note without a line")
        page.click("dialog button", "Change it")
        page.wait(find("dialog button[type=submit]:not([disabled])", "Save"), "the form to change")
        page.click("dialog button[type=submit]")
        page.wait(find("dialog .o_field_alert_warn", "No connection"), "that there is no line")
        self.set_line(page, True)
        # the page may send it by itself before somebody presses
        again = f"({find('dialog button', 'Try again')})?.click()"
        page.wait(f"({again}, !document.querySelector('dialog'))", "that the note is sent")
        page.wait("!document.querySelector('.o_field_banner_bad')", "that the banner is gone")
        with transaction(self.database) as env:
            bodies = env["fsm.order"].browse(self.job).message_ids.mapped("body")
        self.assertEqual(sum(NOTE in body for body in bodies), 1)

    def type_note(self, page):
        """Type into the form's field."""
        page.evaluate(
            f"((field) => {{ field.value = {json.dumps(NOTE)};"
            " field.dispatchEvent(new Event('input', {bubbles: true})); })(document.querySelector('dialog textarea'))"
        )
