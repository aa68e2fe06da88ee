"""The pages about messages and webhooks under axe-core: those that make an outbox and a log readable for everybody."""

from chromium import DESKTOP, PHONE
from page_case import ODOO_PARTS, PageCase

from odoo import Command
from odoo.tests import tagged

DEMO = "service_schedule_demo"
FORM = ".o_form_view .o_form_sheet"
ROW = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"


def create_endpoint(env):
    """Make an endpoint with deliveries in every state, and a message that has failed."""
    endpoint = env["service.webhook.endpoint"].create(
        {
            "name": "Bookkeeping",
            "url": "https://93.184.216.34/hooks",
            "note": "The people of the bookkeeping look after it.",
            "point_ids": [Command.set(env.ref(f"{DEMO}.point_nordside").ids)],
        }
    )
    for number in range(3):
        endpoint._insert_deliveries("test", {"number": number, "message": "This is a test."})
    delivered, dead, _waiting = endpoint.delivery_ids
    delivered.state = "delivered"
    dead.state = "dead"
    message = env["service.notification.message"].search([("res_model", "=", "sale.order")], limit=1)
    message.write({"state": "dead", "attempts": 8, "last_error": "SMTPServerDisconnected: Connection lost"})
    return endpoint, dead, message


@tagged("post_install", "-at_install", "standard")
class TestMessagePages(PageCase):
    """Lists and forms, at a desk and on a phone."""

    judged = ".o_action_manager"
    screens = (DESKTOP, PHONE)
    excluded = {
        **ODOO_PARTS,
        ".o_form_label": "Odoo's form on a phone: pale labels",
        "#boolean_checkbox": "Odoo's list: check boxes of fields without labels",
        ".o-mail-Avatar": "Odoo's avatars have no alt",
    }

    @classmethod
    def prepare(cls, env):
        """Make what the pages show."""
        endpoint, delivery, message = create_endpoint(env)
        cls.endpoint, cls.delivery, cls.message = endpoint.id, delivery.id, message.id
        cls.event = env.ref("sale_service_schedule_notification.event_order_scheduled").id
        cls.reminder = env.ref("sale_service_schedule_notification.reminder_day").id

    def test_outbox(self):
        """What was sent, events, reminders: for those who run the shop."""
        self.check_all(
            [
                ("outbox", "/odoo/service-outbox", ROW),
                ("message", f"/odoo/service-outbox/{self.message}", FORM),
                ("events", "/odoo/service-events", ROW),
                ("event", f"/odoo/service-events/{self.event}", FORM),
                ("reminders", "/odoo/service-reminders", ROW),
                ("reminder", f"/odoo/service-reminders/{self.reminder}", FORM),
            ],
            "manager",
        )

    def test_webhooks(self):
        """Endpoints and their deliveries: for administrators."""
        self.check_all(
            [
                ("endpoints", "/odoo/webhook-endpoints", ROW),
                ("endpoint", f"/odoo/webhook-endpoints/{self.endpoint}", FORM),
                ("deliveries", "/odoo/webhook-deliveries", ROW),
                ("delivery", f"/odoo/webhook-deliveries/{self.delivery}", FORM),
            ],
            "admin",
        )
