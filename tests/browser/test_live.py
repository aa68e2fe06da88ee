"""Pages that change by themselves, in real Chromium on a real server with its websocket."""

from chromium import HOLD, Page, find
from page_case import NO_SAFETY, PageCase
from suite_server import transaction
from test_axe import DEMO

from odoo.tests import tagged

TOAST = 15000
"""Milliseconds after which a toast goes away: here it stays until it is pressed."""


@tagged("post_install", "-at_install", "standard")
class TestLive(PageCase):
    @classmethod
    def prepare(cls, env):
        """Find an order of the driver's that waits to be worked on."""
        driver = env.ref(f"{DEMO}.partner_driver")
        order = env["sale.order"].search(
            [("partner_id", "=", driver.id), ("fulfilment_state", "=", "confirmed"), ("needs_new_time", "=", False)],
            limit=1,
        )
        cls.order, cls.link = order.id, order.get_portal_url()

    def open_listening(self, path, shows, login):
        """Return the page of a user, that hears what changes and does not look by itself."""
        if login not in self.pages:
            self.pages[login] = Page(self.browser, self.url, login)
        with self.pages[login].prepared(f"{NO_SAFETY};{HOLD % TOAST}"):
            page = self.open_page(path, shows, login)
        self.hear(login)
        return page

    def change_name(self, name):
        """Change what the panel shows, and announce it."""
        with transaction(self.database) as env:
            order = env["sale.order"].browse(self.order)
            order.service_point_id.name = name
            order._announce("order_update")

    def test_customers_page(self):
        """The page of who has logged in changes at once, and says so to a screen reader."""
        page = self.open_listening(f"/my/orders/{self.order}", ".o_service_panel[data-order-id]", "driver")
        self.change_name("Southside Garage")
        page.wait(find(".o_service_panel", "Southside Garage"), "the change")

    def test_guests_page(self):
        """Who came by a link sees the change when he looks at the page again."""
        page = self.open_page(self.link, ".o_service_panel[data-order-id]")
        page.settle()
        self.change_name("Westside Garage")
        # before the scripts have begun nobody listens
        look = "document.dispatchEvent(new Event('visibilitychange'))"
        page.wait(f"{look} && {find('.o_service_panel', 'Westside Garage')}", "the change")

    def test_staffs_toast(self):
        """The staff are told of a new order wherever they are in Odoo; who wants to hear nothing hears nothing."""
        page = self.open_listening("/odoo/service-offers", ".o_data_row", "manager")
        with transaction(self.database) as env:
            env["sale.order"].browse(self.order)._announce("new_order")
        page.wait(find(".o_notification", "New order"), "the message")
        page.click(".o_notification button", "Open")
        page.wait(find(".o_form_view .o_form_sheet"), "the order")
        with transaction(self.database) as env:
            env["res.users"].search([("login", "=", "manager")]).service_order_toast = "off"
        self.open_listening("/odoo/service-offers", ".o_data_row", "manager")
        with transaction(self.database) as env:
            env["sale.order"].browse(self.order)._announce("new_order")
            env["sale.order"].browse(self.order)._announce("order_update")
        self.hear("manager")
        self.assertFalse(page.evaluate(f"!!{find('.o_notification', 'New order')}"))
