"""The pages of the API in real Chromium: keys of customers and of the staff, the documentation."""

import json
from datetime import timedelta

from axe import describe, find_violations
from chromium import DESKTOP, PHONE, Page, find
from page_case import PageCase

from odoo import fields
from odoo.tests import tagged

from odoo.addons.service_schedule_api.models.res_users_apikeys import SCOPE

LONG = "Programme de réservation du comptoir de l'atelier du nord, qui appelle toutes les cinq minutes"


@tagged("post_install", "-at_install", "standard")
class TestApiPages(PageCase):
    """Keys are made, copied and deleted at a desk and on a phone; the documentation needs no internet."""

    screens = (DESKTOP, PHONE)
    excluded = {
        ".o_show_password": "Odoo's buttons that show a password have no names",
        ".o_clipboard_button": "Odoo's button to copy has no name when it is small",
        ".o_select_menu": "Odoo's selection fields carry autocomplete=selection, which is no value of it",
        ".o_field_widget .o-dropdown": "the same",
    }

    @classmethod
    def prepare(cls, env):
        """Give the customer a key that is used, and one that has expired; as somebody in France would name them."""
        user = env["res.users"].search([("login", "=", "driver")])
        keys = env["res.users.apikeys"].with_user(user).sudo()
        now = fields.Datetime.now()
        keys._generate(SCOPE, LONG, now + timedelta(days=30))
        keys._generate(SCOPE, "Till", now - timedelta(days=1))
        used = user.api_key_ids.filtered(lambda key: key.name == LONG)
        env["service.api.call"].create(
            {"began_at": now, "user_id": user.id, "key_ref": used.id, "method": "GET", "path": "/", "status": 200}
        )

    def fill(self, page, values):
        """Fill in fields as a person does: ``{selector: text}``."""
        for selector, text in values.items():
            page.wait(find(selector), selector)
            page.evaluate(
                f"((field) => {{ field.value = {json.dumps(text)};"
                " for (const name of ['input', 'change']) {"
                " field.dispatchEvent(new Event(name, {bubbles: true})); } })"
                f"({find(selector)})"
            )

    def test_customers_keys(self):
        """A customer sees his keys, what was used and what has expired; is refused, makes one, and deletes it."""
        page = self.open_page("/my/security", "#service_api_keys table", "driver")
        text = page.evaluate("document.querySelector('#service_api_keys').textContent")
        self.assertIn("expired", text)
        self.assertIn("never", text)
        self.check(page, "keys")
        for password, shows in (("wrong", ".alert-danger"), ("driver", "#service_api_new_key")):
            page.settle()
            self.fill(page, {"#service_api_name": "Bookkeeping", "#service_api_password": password})
            page.click("#service_api_keys form.row button")
            page.wait(find(f"#service_api_keys {shows}"), shows)
            self.check(page, f"keys: {shows}")
        for screen in self.screens:
            page.set_screen(screen)
            self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth - innerWidth"), 0)
        key = page.evaluate("document.querySelector('#service_api_new_key').textContent")
        self.assertRegex(key, "^[0-9a-f]{40}$")
        page.go("/my/security", "#service_api_keys td form button")
        page.settle()
        page.evaluate(f"{find('#service_api_keys tr', 'Bookkeeping')}.querySelector('button').click()")
        page.wait(f"!{find('#service_api_keys tr', 'Bookkeeping')}", "that the key is gone")

    def test_keys_of_staff(self):
        """Who works at the shop makes a key for the scheduling API in his preferences, and copies it."""
        page = self.open_page("/odoo", ".o_user_menu button", "manager")
        page.settle()
        page.click(".o_user_menu button")
        page.click(".dropdown-item", "Preferences")
        page.click(".modal .o_notebook .nav-link", "Security")
        page.click(".modal button", "Add API Key")
        page.wait(find(".modal input[type=password], .modal [name=is_for_api]"), "the next dialog")
        if page.evaluate("!!document.querySelector('.modal input[type=password]')"):
            self.fill(page, {".modal input[type=password]": "manager"})
            page.click(".modal footer .btn-primary")
        page.wait(find(".modal [name=is_for_api] input"), "the name of the key")
        self.fill(page, {".modal [name=name] input, .modal input[id^=name]": LONG})
        page.click(".modal [name=is_for_api] input")
        self.check_dialog(page, "name of a key")
        page.click(".modal footer .btn-primary")
        page.wait(find(".modal [name=key] button"), "the key, with a button to copy it")
        self.check_dialog(page, "a key")

    def check_dialog(self, page, name):
        """Judge the dialog on top, on each screen."""
        for screen in self.screens:
            page.set_screen(screen)
            page.settle()
            found = find_violations(page, ".o_dialog:last-child .modal-content", list(self.excluded))
            with self.subTest(page=name, width=screen["width"]):
                self.assertFalse(found, describe(found))
        page.set_screen(self.screens[0])

    def test_documentation(self):
        """The documentation asks nobody but this server, for all that it shows, and each call can be opened."""
        page = Page(self.browser, self.url)
        page.go("/api/v1/docs", "#docs details")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        self.check(page, "documentation")
        asked = page.evaluate(
            "performance.getEntries().filter((one) => ['navigation', 'resource'].includes(one.entryType))"
            ".map((one) => new URL(one.name).origin)"
        )
        self.assertGreaterEqual(len(asked), 4)
        self.assertEqual(set(asked), {self.url})
        refused = page.evaluate("fetch('http://localhost:9').then(() => 'sent', (error) => String(error))")
        self.assertIn("Failed to fetch", refused)
        page.set_screen(PHONE)
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth - innerWidth"), 0)
