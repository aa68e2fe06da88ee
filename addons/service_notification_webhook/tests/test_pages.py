from odoo.tests import HttpCase, tagged

from .common import PUBLIC

SHOWN = """
const until = Date.now() + 120000;
(function look() {
    const missing = %s.filter((text) => !document.body.innerText.includes(text));
    if (!missing.length) { console.log("test successful"); return; }
    if (Date.now() > until) { console.error("not shown: " + missing.join(", ")); return; }
    setTimeout(look, 100);
})();
"""


@tagged("post_install", "-at_install")
class TestPages(HttpCase):
    """What the administrator sees in the browser; a fault of a script fails it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.endpoint = cls.env["service.webhook.endpoint"].create({"name": "Books", "url": f"https://{PUBLIC}/hooks"})
        event = cls.env["service.webhook.event"].create({"code": "page.thing", "name": "Thing"})
        cls.delivery = cls.endpoint._publish(event.code, cls.env.company, {"order_id": 4711})
        cls.delivery._log_attempts("interrupted")

    def see(self, path, *texts):
        """Open a page of the backend and wait until it shows texts."""
        self.browser_js(path, SHOWN % list(texts), login="admin")

    def test_endpoint(self):
        """The list with the health; the form with what to do first, and what was sent."""
        self.see("/odoo/webhook-endpoints", "Books", "On")
        self.see(
            f"/odoo/webhook-endpoints/{self.endpoint.id}", "Show Secret", "Send a Test", "1 waiting", "Last Deliveries"
        )
        self.endpoint.action_switch_off()
        self.see(f"/odoo/webhook-endpoints/{self.endpoint.id}", "Switch On", "Nothing is sent", "Switched off by hand")

    def test_delivery(self):
        """The list of deliveries, and one with its attempts."""
        self.see("/odoo/webhook-deliveries", "page.thing", "Waiting")
        self.see(
            f"/odoo/webhook-deliveries/{self.delivery.id}", "Attempts", "The server stopped before it knew the answer"
        )

    def test_empty_and_settings(self):
        """An empty list says what endpoints are for; the settings have the switches."""
        self.env["service.webhook.endpoint"].with_context(active_test=False).search([]).unlink()
        self.see("/odoo/webhook-endpoints", "Tell another system what happens here")
        self.see("/odoo/settings", "Tell other systems what happens, as it happens", "Hosts in Private Networks")
