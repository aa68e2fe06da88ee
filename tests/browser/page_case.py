"""What tests of pages share: a served demo, a browser, and a page for each person."""

import itertools
import os

from axe import describe, find_violations
from chromium import DESKTOP, Browser, Page
from suite_server import ServedCase, transaction

ODOO_PARTS = {
    ".o_control_panel": "Odoo's search bar and its facets",
    ".o_search_panel": "Odoo's panel of filters: its folding buttons have no names",
    ".o-mail-ChatterContainer": "Odoo's chatter: avatars without alt",
    ".o_notebook_headers": "Odoo's tabs do not stand in a tablist",
    ".o_field_tags": "Odoo's tags and many2many_tags widgets",
    ".o_field_many2many_tags_avatar": "the same, with avatars",
    ".o_field_many2many_tags": "the same",
    ".o_select_menu": "Odoo's selection fields carry autocomplete=selection, which is no value of it",
    ".o_field_badge": "Odoo's badges: their colours",
    ".o_list_table thead": "Odoo's list: its header's check box and column menu have no names",
    ".o_list_record_selector": "Odoo's list: check boxes without labels",
    ".o_calendar_container": "FullCalendar, as Odoo uses it",
    ".o_pivot_measure_row": "Odoo's pivot: muted measure names",
}
"""Parts of Odoo's web client that are not ours to judge, each with its reason."""


BUS = "odoo.__WOWL_DEBUG__.root.env.services.bus_service"
HEARD = "service_schedule_test/heard"
NO_SAFETY = """(() => { const {setInterval: set} = window;
    window.setInterval = (call, delay, ...more) => delay === 60000 ? 0 : set(call, delay, ...more); })()"""
"""Pages that change by themselves also look once a minute: here not, so that what changes them is what they hear."""


class PageCase(ServedCase):
    """A served demo, a browser, and a page for each person."""

    # what is judged of a page, and what of it is not ours, each with its reason
    judged = "body"
    excluded = {}
    screens = (DESKTOP,)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with transaction(cls.database) as env:
            cls.prepare(env)
        server = cls.start_server(workers=0)
        cls.url = f"http://127.0.0.1:{server.port}"
        cls.browser = cls.enterClassContext(Browser(os.environ.get("CHROMIUM") or "chromium"))
        cls.pages = {}
        cls.numbers = itertools.count(1)

    @classmethod
    def prepare(cls, env):
        """Make what the pages show and the demo may not have any more."""

    def open_page(self, path, shows, login=None):
        """Return the page of a person (None: somebody without a log-in) at a path, once it shows an element."""
        if login not in self.pages:
            self.pages[login] = Page(self.browser, self.url, login)
        page = self.pages[login]
        page.set_screen(self.screens[0])
        page.go(path, shows)
        return page

    def hear(self, login):
        """Wait until the page of a user has heard all that the server has said until now, and shows what came of it."""
        page, number = self.pages[login], next(self.numbers)
        page.wait(f"{BUS}.workerState === 'CONNECTED'", "the connection")
        page.evaluate(
            f"window.heard === undefined && {BUS}.subscribe('{HEARD}', ({{number}}) => {{ window.heard = number; }});"
            " window.heard ||= 0"
        )
        with transaction(self.database) as env:
            user = env["res.users"].search([("login", "=", login)])
            user._bus_send(HEARD, {"number": number})
        page.wait(f"window.heard === {number}", "what the server says")
        # what was put off when it was heard, by less than half a second, is done before this
        page.evaluate("new Promise((resolve) => setTimeout(resolve, 1000))")
        page.settle()

    def check(self, page, name):
        """Judge a page as it is now, on each screen."""
        for screen in self.screens:
            page.set_screen(screen)
            page.settle()
            found = find_violations(page, self.judged, list(self.excluded))
            with self.subTest(page=name, width=screen["width"]):
                self.assertFalse(found, f"{name} at {page.evaluate('location.href')}:\n{describe(found)}")
        page.set_screen(self.screens[0])

    def check_all(self, cases, login=None):
        """Judge pages of a person: ``[(name, path, element that it shows)]``."""
        for name, path, shows in cases:
            with self.subTest(page=name):
                self.check(self.open_page(path, shows, login), name)
