"""A shop with its people on a real server, whose messages end at a real mail server and at a real receiver of webhooks.

Where time must pass, the moments in the database are rewritten; nothing in the server is replaced.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar
from psycopg2.errors import SerializationFailure
from smtp_sink import SmtpSink
from standardwebhooks import Webhook
from suite_portal import Client, Colleague, create_users
from suite_server import PATIENCE, ServedCase, transaction

from odoo.fields import Command
from odoo.tools import mute_logger

from odoo.addons.service_notification_webhook.tests.receiver import Receiver

ZONES = ("America/New_York", "Asia/Tokyo")
"""Where the shop may be: in one of them it is always between six and eight, so no test runs into midnight."""
CUSTOMER_ZONE = "Europe/Paris"
CRONS = (
    "service_notification.ir_cron_send",
    "service_notification_webhook.ir_cron_send",
    "sale_service_schedule_notification.ir_cron_digests",
)
FRENCH = {
    "order_scheduled": "Commande #{{ object.name }} prévue : {{ object._get_notification_time(own_zone) }}",
    "order_rescheduled": "Commande #{{ object.name }} reportée : {{ object._get_notification_time(own_zone) }}",
    "order_cancelled": "Commande #{{ object.name }} annulée",
}
TRIES = 20
NOT_YET = 23.5
"""The hour of a list that has not come in the shop."""


class MessagesCase(ServedCase):
    """An English shop. Its customer Jeanne is French and lives in Paris, John and his clock are local.

    Tina and Tom are on the staff list, Tina also serves people by the hour; Sam is a technician of another shop.
    """

    senders = 1
    """Processes of the server for scheduled actions."""
    slowness = 0
    """Seconds that the mail server takes for a mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zone = next(zone for name in ZONES if 6 <= datetime.now(zone := ZoneInfo(name)).hour < 20)
        cls.receiver = cls.enterClassContext(Receiver())
        cls.sink = cls.enterClassContext(SmtpSink(cls.slowness))
        with transaction(cls.database) as env:
            cls.sink.create_server(env)
            cls._create_people(env)
            cls._create_shop(env)
            if cls.senders:
                cls._create_endpoint(env)
            cls._translate(env)
            crons = [env.ref(name).id for name in CRONS]
            env.cr.execute("UPDATE ir_cron SET active = (id = ANY(%s))", [crons])
        cls.server = cls.start_server(workers=2, crons=cls.senders)
        cls.url = f"http://127.0.0.1:{cls.server.port}"

    @classmethod
    def _create_people(cls, env):
        env["res.lang"]._activate_lang("fr_FR")
        parameters = env["ir.config_parameter"]
        parameters.set_param("web.base.url", "https://shop.example.com")
        parameters.set_param("web.base.url.freeze", "True")
        customers = [
            {"login": "jeanne@example.com", "name": "Jeanne Doux", "lang": "fr_FR", "tz": CUSTOMER_ZONE},
            {"login": "john@example.com", "name": "John Doe", "lang": "en_US", "tz": cls.zone.key},
        ]
        create_users(env, customers)
        staff = [
            {"login": f"{name}@reef.example", "name": name.title(), "lang": "en_US", "tz": cls.zone.key}
            for name in ("tina", "tom", "sam")
        ]
        cls.tina, cls.tom, _sam = create_users(env, staff, "service_schedule.group_technician").ids
        boss = {"login": "boss@reef.example", "name": "Boss", "lang": "en_US", "tz": cls.zone.key}
        create_users(env, [boss], "service_schedule.group_manager")

    @classmethod
    def _create_shop(cls, env):
        """Make the shop, which is open on all days; tanks are filled at its counter, courses are with Tina."""
        env["service.point"].search([]).active = False  # the demo's: their staff get lists as well
        company = env.company
        company.write({"name": "Blue Reef", "email": "shop@reef.example"})
        company.partner_id.tz = cls.zone.key
        point = env["service.point"].create(
            {
                "name": "Blue Reef",
                "tz": cls.zone.key,
                "user_ids": [Command.set([cls.tina, cls.tom])],
                **dict.fromkeys(("today_digest_hour", "tomorrow_digest_hour"), NOT_YET),
            }
        )
        point.calendar_id.attendance_ids = [Command.clear()] + [
            Command.create(
                {"name": "open", "dayofweek": str(day), "hour_from": 0, "hour_to": 24, "day_period": "full_day"}
            )
            for day in range(7)
        ]
        tina = env["resource.resource"].create(
            {"name": "Tina", "resource_type": "user", "user_id": cls.tina, "calendar_id": False, "tz": cls.zone.key}
        )
        common = {"point_id": point.id, "lead_minutes": 0, "cutoff_minutes": 0, "is_published": True}
        fill = env["service.offer"].create({"name": "Tank fill", **common})
        course = env["service.offer"].create(
            {
                "name": "Course",
                "resource_ids": tina.ids,
                "duration_minutes": 60,
                "step_minutes": 60,
                "allow_windows": False,
                **common,
            }
        )
        cls.point, cls.today = point.id, point._get_today()
        cls.nitrox, cls.course = (
            env["product.product"]
            .create(
                {"name": name, "type": "service", "list_price": 12.5, "taxes_id": [], "service_offer_ids": offer.ids}
            )
            .id
            for name, offer in (("Nitrox fill", fill), ("Course", course))
        )

    @classmethod
    def _create_endpoint(cls, env):
        host = f"http://localhost:{cls.receiver.port}"
        env["ir.config_parameter"].set_param("service_notification_webhook.allowed_hosts", host)
        endpoint = env["service.webhook.endpoint"].create({"name": "Bookkeeping", "url": f"{host}/hooks"})
        [[secret]] = endpoint._get_secrets().values()
        cls.webhook = Webhook(secret.value)

    @classmethod
    def _translate(cls, env):
        """Let the shop have French texts."""
        for code, subject in FRENCH.items():
            event = env["service.notification.event"].search([("code", "=", code)])
            event.mail_template_id.with_context(lang="fr_FR").subject = subject

    def setUp(self):
        super().setUp()
        self.settle()
        self.seen_mails, self.seen_hooks = self.sink.count(), len(self.receiver.received)

    # -- People ---------------------------------------------------------------------------------

    def day(self, days):
        """Return the shop's day after so many, ISO."""
        return (self.today + timedelta(days=days)).isoformat()

    def log_in(self, login):
        """Return the browser of a customer."""
        return Client(self.url, login)

    def work(self, name):
        """Return one of the staff who is logged in."""
        return Colleague(self.url, f"{name}@reef.example")

    def order(self, customer, product_id, days, label):
        """Let a customer order for later; return ``(order id, its name)``."""
        form = {"point_id": self.point, "product_id": product_id, "quantity": "1", "when": "later"}
        customer.choose_time("/my/service/new", self.day(days), label, **form)
        order_id = int(customer.address.partition("/my/orders/")[2].partition("?")[0])
        with transaction(self.database) as env:
            return order_id, env["sale.order"].browse(order_id).name

    def move(self, customer, order_id, days, label, **values):
        """Let a customer choose another time; return the page that follows."""
        return customer.choose_time(f"/my/service/{order_id}/reschedule", self.day(days), label, **values)

    def cancel(self, customer, order_id):
        """Let a customer cancel; return the page that follows."""
        return customer.submit(*customer.read_form(customer.page(f"/my/service/{order_id}/cancel")))

    # -- What arrived ---------------------------------------------------------------------------

    def settle(self):
        """Wait until nothing is left to send now: neither messages nor webhooks.

        What waits for another to be sent is looked at again once a minute; after a while that minute is let pass.
        """
        began = time.monotonic()
        while due := self._read_due():
            waited = time.monotonic() - began
            self.assertLess(waited, 10 * PATIENCE, due + self._read_crons() + self.server.read_faults()[-5:])
            time.sleep(0.2 if waited < 5 else 2)
            if waited > 5:
                self.rewrite(self._wake)

    @staticmethod
    def _wake(env):
        """Wake those who send."""
        env["service.notification.message"]._wake()
        env["service.webhook.delivery"]._send_soon()

    def _read_due(self):
        """Return what is to be sent now: ``[(state, event, record, next try, error)]``."""
        with transaction(self.database) as env:
            env.cr.execute(
                """SELECT m.state, e.code, m.res_id, m.next_try_at, m.last_error FROM service_notification_message m
                     JOIN service_notification_event e ON e.id = m.event_id
                    WHERE m.state = 'sending' OR m.state = 'queued' AND m.next_try_at <= now() AT TIME ZONE 'UTC'
                    UNION ALL SELECT state, event_code, res_id, next_attempt_at, NULL FROM service_webhook_delivery
                    WHERE state = 'waiting'"""
            )
            return env.cr.fetchall()

    def _read_crons(self):
        """Return how the scheduled actions stand, for those who read a failure."""
        with transaction(self.database) as env:
            env.cr.execute(
                """SELECT c.cron_name, c.active, c.nextcall, c.lastcall, c.failure_count,
                          (SELECT min(call_at) FROM ir_cron_trigger t WHERE t.cron_id = c.id), now() AT TIME ZONE 'UTC'
                     FROM ir_cron c WHERE c.id = ANY(%s)""",
                [[env.ref(name).id for name in CRONS]],
            )
            return env.cr.fetchall()

    def read_mails(self):
        """Return ``{address: [mail]}`` of what came since the last look, once all is sent."""
        self.settle()
        mails = [mail for _at, _session, mail in self.sink.read()[self.seen_mails :]]
        self.seen_mails += len(mails)
        found = {}
        for mail in mails:
            [address] = mail["To"].addresses
            found.setdefault(address.addr_spec, []).append(mail)
        return found

    def read_hooks(self, order_id):
        """Return the webhooks about an order since the last look, each verified by the library of the specification."""
        self.settle()
        received = self.receiver.received[self.seen_hooks :]
        self.seen_hooks += len(received)
        self.assertEqual(len({one.id for one in received}), len(received), "a webhook came twice")
        events = [self.webhook.verify(one.body, one.headers) for one in received]
        self.assertEqual(events, [json.loads(one.body) for one in received])
        return [event for event in events if event["data"]["order_id"] == order_id]

    def read_invitation(self, mail):
        """Return ``(METHOD, the entry)`` of the calendar file of a mail, as the library reads it."""
        [file] = [part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"]
        calendar = Calendar.from_ical(file.get_content())
        [event] = calendar.walk("VEVENT")
        self.assertEqual(str(calendar["METHOD"]), file.get_param("method"))
        self.assertFalse(calendar.errors + event.errors)
        self.assertTrue(calendar.walk("VTIMEZONE"))
        return str(calendar["METHOD"]), event

    def read_subject(self, mail):
        """Return the subject of a mail, without the line ends of its header."""
        return " ".join(mail["Subject"].split())

    def read_text(self, mail):
        """Return the plain-text part of a mail in one line."""
        return " ".join(mail.get_body(["plain"]).get_content().split())

    # -- Time -----------------------------------------------------------------------------------

    def rewrite(self, act):
        """Call ``act(env)`` in a transaction; what the server writes at that moment is tried once more."""
        for attempt in range(TRIES):
            try:
                with mute_logger("odoo.sql_db"), transaction(self.database) as env:
                    act(env)
                return
            except SerializationFailure:
                self.assertLess(attempt, TRIES - 1)

    def let_pass(self, order_id, event, minutes):
        """Let the moment of a message of an order have come.

        :param int minutes: how long before the order's time it was to be sent
        """

        def act(env):
            order = env["sale.order"].browse(order_id)
            due = order.scheduled_start - timedelta(minutes=minutes)
            messages = env["service.notification.message"].search(
                [("res_id", "=", order_id), ("event_id.code", "=", event), ("not_before", "=", due)]
            )
            self.assertEqual(messages.mapped("next_try_at"), [due])
            messages.next_try_at = messages.not_before = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
            messages._wake()

        self.rewrite(act)

    def let_list_be_due(self, field):
        """Let the hour of a list of the staff have come, and wake who makes it."""

        def act(env):
            point = env["service.point"].browse(self.point)
            point[field] = datetime.now(self.zone).hour
            env.ref(CRONS[2])._trigger()

        self.rewrite(act)
        self.wait_for_list()

    def wait_for_list(self):
        """Wait until who makes the lists has run and says when he comes back."""
        until = time.monotonic() + 10 * PATIENCE
        while True:
            with transaction(self.database) as env:
                env.cr.execute(
                    """SELECT FROM ir_cron_trigger t WHERE t.cron_id = %s AND t.call_at <= now() AT TIME ZONE 'UTC'""",
                    [env.ref(CRONS[2]).id],
                )
                if not env.cr.rowcount:
                    return
            self.assertLess(time.monotonic(), until, "the lists were never made")
            time.sleep(0.2)
