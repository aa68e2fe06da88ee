"""Every page of ours in real Chromium under axe-core: nobody is kept out by how it is made."""

from datetime import UTC, datetime, timedelta

from chromium import DESKTOP, PHONE, find
from page_case import ODOO_PARTS, PageCase
from suite_server import transaction

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.service_schedule.schedlib import local, stamp

DEMO = "service_schedule_demo"
ANSWERS = """[...document.querySelectorAll('#book_details input, #book_details textarea')].forEach((field) => {
    if (field.type === 'radio') { field.checked = true; }
    else if (field.type === 'number') { field.value = '61500'; }
    else if (field.type === 'email') { field.value = 'robin.fischer@example.com'; }
    else if (['text', 'textarea'].includes(field.type)) { field.value = field.value || 'Robin Fischer'; } })"""


def book_today(env, partner):
    """Return an appointment of today with a waiver to sign, whatever the hour: at a shop where it is about noon now."""
    zone = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"
    hours = {"name": "Open", "hour_from": 0, "hour_to": 24, "day_period": "full_day"}
    days = [Command.create({**hours, "dayofweek": str(day)}) for day in range(7)]
    calendar = env["resource.calendar"].create(
        {"name": "Day and night", "tz": zone, "attendance_ids": [Command.clear(), *days]}
    )
    point = env["service.point"].create({"name": "Noon Garage", "tz": zone, "calendar_id": calendar.id})
    waiver = env.ref(f"{DEMO}.waiver_workshop")
    offer = env["service.offer"].create(
        {"name": "Visit at noon", "point_id": point.id, "duration_minutes": 15, "waiver_id": waiver.id}
    )
    now = datetime.now(UTC)
    moment = local(stamp(now.replace(minute=0, second=0, microsecond=0)), point._get_zone())
    return env["service.reservation"]._book(
        offer, f"time:{moment.isoformat()}", partner=partner, by_staff=True, now=now - timedelta(days=7)
    )


@tagged("post_install", "-at_install", "standard")
class TestPortalPages(PageCase):
    """What customers and guests see, at a desk and on a phone."""

    screens = (DESKTOP, PHONE)
    excluded = {
        ".o_portal_icon": "portal.portal_docs_entry draws the icons of My account as images without alt",
        ".o_portal_my_home .alert .opacity-75": "the same template makes the text of its alerts pale",
        "#o_payment_form": "payment.form, Odoo's own: its logos carry aria-labels where none may be",
    }

    @classmethod
    def prepare(cls, env):
        """Find one of each kind among the demo's appointments."""
        driver = env.ref(f"{DEMO}.partner_driver")
        reservations = env["service.reservation"]
        own = reservations.search([("partner_id", "=", driver.id), ("state", "=", "confirmed")])
        cls.coming = own.filtered("origin_id").order_ids[:1].id
        to_sign = book_today(env, driver)
        signed = book_today(env, driver)
        signed._sign_waiver(name="Robin Fischer", version=signed.offer_id.waiver_id.version_id, channel="portal")
        lost = reservations.search([("partner_id", "=", driver.id), ("trouble", "=", "late")], limit=1)
        held = reservations.search([("state", "=", "held"), ("order_ids", "!=", False)], limit=1)
        held.expires_at = held.start  # a database that was prepared days ago
        entry = env["service.waitlist.entry"].search([("partner_id", "=", driver.id)], limit=1)
        job = env["fsm.order"].search([("state", "=", "assigned")], limit=1)
        cancelled = env["sale.order"].search([("state", "=", "cancel"), ("service_point_id", "!=", False)], limit=1)
        # the address of none leads to a page that says so, which is no less readable
        for found in (lost, lost.order_ids, held, entry, job, cancelled):
            found.ensure_one()
        cls.links = {
            "waiver to sign": to_sign._get_waiver_url(with_token=True),
            "waiver signed": signed._get_waiver_url(with_token=True),
            "choose a new time": lost.order_ids._get_choose_url().removeprefix(lost.get_base_url()),
            "lost": f"/book/{lost.public_id}/done?token={lost._get_token()}",
            "waiting": f"/book/{held.public_id}/done?token={held._get_token()}",
            "waitlist entry": f"/my/waitlist/{entry.public_id}?token={entry._get_token()}",
            "leave": f"/my/waitlist/{entry.public_id}/leave?token={entry._get_token()}",
            "job": job._get_page_path(),
            "unsubscribe": cls.create_choice(env, driver),
            "cancelled": cancelled.get_portal_url(),
        }
        cls.offers = {name: env.ref(f"{DEMO}.offer_{name}").id for name in ("visit", "oil", "diagnosis")}

    @staticmethod
    def create_choice(env, partner):
        """Let there be something that people can choose about; return the link by which they unsubscribe from it."""
        model_id = env["ir.model"]._get_id("res.partner")
        template = env["mail.template"].create({"name": "News", "model_id": model_id, "subject": "News"})
        group = env["service.notification.group"].create(
            {"code": "axe", "name": "News", "description": "What happens at the shop."}
        )
        event = env["service.notification.event"].create(
            {
                "code": "axe",
                "name": "News",
                "model_id": model_id,
                "group_id": group.id,
                "mail_template_id": template.id,
                "customer_channel_ids": env.ref("service_notification.channel_email").ids,
            }
        )
        partner._notify(event.code)
        message = env["service.notification.message"].search([("event_id", "=", event.id)])
        url = env["service.notification.renderer"]._get_unsubscribe_url(message)
        return url.removeprefix(message.get_base_url())

    def test_customers_pages(self):
        """The customer's lists, one order, moving and cancelling it, ordering, equipment, waivers."""
        cases = [
            ("home", "/my", ".o_portal_my_home"),
            ("service orders", "/my/service", ".o_service_card"),
            ("new order", "/my/service/new", ".o_service_form"),
            ("order", f"/my/orders/{self.coming}", ".o_service_panel"),
            ("reschedule", f"/my/service/{self.coming}/reschedule", "form"),
            ("cancel", f"/my/service/{self.coming}/cancel", "form"),
            ("waitlist", "/my/waitlist", "main"),
            ("waivers", "/my/waivers", "main"),
            ("equipment", "/my/equipment", "main"),
            ("jobs", "/my/jobs", "main"),
            ("service preferences", "/my/preferences", ".o_service_preferences"),
            ("notifications", "/my/notifications", ".o_notification_choices select"),
            ("calendar without an address", "/my/calendar", ".o_service_calendar_open"),
        ]
        self.check_all(cases, "driver")
        self.pages["driver"].click(".o_service_calendar_open button")
        self.pages["driver"].wait(find(".o_service_calendar_url"), "the address of the calendar")
        self.check(self.pages["driver"], "calendar")
        self.check_all([("orders in every state", "/my/service", ".o_service_card")], "oceandivers")

    def test_links_without_log_in(self):
        """What guests open from a message."""
        self.check_all([(name, path, "main h1, main h2, main h3, main form") for name, path in self.links.items()])

    def test_order_form(self):
        """Ordering for later on the portal: a day, then a time."""
        page = self.open_page("/my/service/new", ".o_service_form.o_service_js", "customer")
        page.click("#service_when_later")
        self.choose_time(page)
        self.check(page, "new order with a time")

    def test_wizard(self):
        """The wizard as a guest goes through it: errors, a hold that ends, payment, done."""
        page = self.open_page("/book", "main a[href^='/book/']")
        self.check(page, "book")
        page.go(f"/book/{self.offers['visit']}", "#service_form.o_service_js")
        page.click(".o_service_place")
        page.wait(find(".alert-danger, .invalid-feedback"), "what is missing")
        self.check(page, "book: no time chosen")
        self.choose_time(page)
        self.check(page, "book: a time chosen")
        page.click(".o_service_place")
        page.wait(find("#book_details"), "the details")
        self.check(page, "book: details")
        page.click(".o_book_next")
        page.wait(find(".alert-danger"), "what is missing")
        self.check(page, "book: details missing")
        self.fill_in(page)
        self.check(page, "book: review")
        self.end_hold(page)
        self.check(page, "book: the hold has ended")
        page.reload(".o_book_again")
        page.click(".o_book_again")
        page.wait(find(".o_book_price"), "the review")
        self.pay(page)
        self.check(page, "book: done")

    def test_wizard_at_the_shop(self):
        """What is paid at the shop needs no payment page."""
        page = self.open_page(f"/book/{self.offers['oil']}", "#service_form.o_service_js")
        self.choose_time(page)
        page.click(".o_service_place")
        page.wait(find("#book_details"), "the details")
        self.fill_in(page)
        self.check(page, "book: review, paid at the shop")
        page.click("form[action*='/review'] button[type=submit]")
        page.wait(find(".o_book_done"), "the end")
        self.check(page, "book: done, paid at the shop")

    def test_missing(self):
        """A wizard's page that is not there, or somebody else's."""
        page = self.open_page("/book/999999", "main h1")
        self.check(page, "book: nothing here")

    def choose_time(self, page):
        """Choose the first day and the first time that are offered."""
        page.click("button.o_service_day")
        page.settle()
        page.wait(find("button.o_service_day[aria-pressed=true]"), "the chosen day")
        page.click("label.o_service_slot:not(.o_book_now_slot)")
        page.wait(
            "document.querySelector('[name=choice]:checked') && !document.querySelector('form[aria-busy=true]')",
            "the chosen time",
        )

    def fill_in(self, page):
        """Answer everything and go on to the review."""
        page.evaluate(ANSWERS)
        page.click(".o_book_next")
        page.wait(find(".o_book_price"), "the review")

    def end_hold(self, page):
        """Let the hold of the page's address end, and wait until the page says so."""
        public_id = page.evaluate("location.pathname.split('/')[2]")
        with transaction(self.database) as env:
            hold = env["service.reservation"].search([("public_id", "=", public_id)])
            hold.expires_at = "2020-01-01"
        page.reload("[data-part=ended]")

    def pay(self, page):
        """Pay with the demo's card."""
        page.click("[name=o_payment_radio][data-provider-code=demo], [data-provider-code=demo] [name=o_payment_radio]")
        page.click("[name=o_payment_submit_button]:not([disabled])")
        page.wait(find(".o_book_done"), "the end")


@tagged("post_install", "-at_install", "standard")
class TestStaffPages(PageCase):
    """What the staff see of ours in Odoo's web client."""

    judged = ".o_action_manager"
    excluded = ODOO_PARTS

    @classmethod
    def prepare(cls, env):
        """Find what the pages show."""
        reservations = env["service.reservation"]
        # not one of today, whose page is another one at each hour
        later = ("start", ">", datetime.now() + timedelta(days=2))
        cls.reservation = reservations.search(
            [("answer_ids", "!=", False), ("state", "=", "confirmed"), ("trouble", "=", False), later], limit=1
        ).id
        driver = env.ref(f"{DEMO}.partner_driver")
        coming = reservations.search([("partner_id", "=", driver.id)])
        cls.to_sign_later = coming.filtered(lambda one: one._get_waiver_step() == "early")[:1].id
        cls.to_sign = book_today(env, driver).id
        cls.person = env.ref(f"{DEMO}.person_glazier").id
        cls.job = env["fsm.order"].search([("person_id", "=", cls.person)], limit=1).id
        cls.offer = env.ref(f"{DEMO}.offer_visit").id
        cls.point = env.ref(f"{DEMO}.point_nordside").id
        cls.waiver = env.ref(f"{DEMO}.waiver_workshop").id
        cls.order = env["sale.order"].search([("reservation_id", "=", cls.reservation)]).id

    def test_dialogs(self):
        """A walk-in or a call, another time, what is done about promises, why not."""
        page = self.open_page("/odoo/due-today", ".o_due_board_new", "manager")
        page.click(".o_due_board_new")
        page.wait(find(".modal .o_field_widget[name=partner_id] input"), "the dialog")
        self.judged = ".modal-body"  # the frame is Odoo's: it has no name
        self.check(page, "new order")
        page = self.open_page(f"/odoo/service-orders/{self.order}", ".o_form_view .o_form_sheet", "manager")
        page.click(".o_statusbar_buttons button", "Reschedule")
        page.wait(find(".modal .o_slot_picker_slot"), "the times")
        self.check(page, "reschedule")

    def test_tablet(self):
        """The page that the staff hand to a customer to sign."""
        page = self.open_page(f"/odoo/reservations/{self.to_sign}", ".o_form_view .o_form_sheet", "manager")
        page.click("button", "Sign Waiver")
        page.wait(find(".o_waiver_tablet"), "the tablet page")
        self.judged = ".o_waiver_tablet"
        self.check(page, "waiver on the tablet")

    def test_pages(self):
        """Lists, forms, the board and the reports."""
        row, form = ".o_data_row", ".o_form_view .o_form_sheet"
        self.check_all(
            [
                ("due today", "/odoo/due-today", ".o_due_card"),
                ("orders", "/odoo/service-orders", ".o_kanban_record:not(.o_kanban_ghost)"),
                ("order", f"/odoo/service-orders/{self.order}", form),
                ("calendar", "/odoo/service-calendar", ".o_calendar_view .fc-event"),
                ("reservations", "/odoo/reservations", ".o_calendar_view"),
                ("reservation", f"/odoo/reservations/{self.reservation}", form),
                ("reservation to sign later", f"/odoo/reservations/{self.to_sign_later}", form),
                ("needs a new time", "/odoo/new-times", row),
                ("waitlist", "/odoo/waitlist", ".o_action_manager .o_control_panel"),
                ("offer", f"/odoo/service-offers/{self.offer}", form),
                ("service point", f"/odoo/service-points/{self.point}", form),
                ("waivers today", "/odoo/waivers-today", ".o_action_manager .o_control_panel"),
                ("waiver", f"/odoo/waivers/{self.waiver}", form),
                ("utilisation", "/odoo/utilisation", ".o_action_manager .o_control_panel"),
                ("expected revenue", "/odoo/expected-revenue", ".o_action_manager .o_control_panel"),
            ],
            "manager",
        )

    def test_field_pages(self):
        """What a dispatcher sees of jobs, and a technician of his own."""
        form = ".o_form_view .o_form_sheet"
        self.check_all(
            [
                ("jobs", "/odoo/jobs", ".o_calendar_view"),
                (
                    "jobs by stage",
                    "/odoo/action-fieldservice.action_fsm_dash_order",
                    ".o_kanban_record:not(.o_kanban_ghost)",
                ),
                ("list of jobs", "/odoo/action-fieldservice.action_fsm_operation_order", ".o_data_row"),
                ("job", f"/odoo/jobs/{self.job}", form),
            ],
            "dispatcher",
        )
        person = f"/odoo/action-fieldservice.action_fsm_person/{self.person}"
        self.check_all([("own job", f"/odoo/jobs/{self.job}", form), ("technician", person, form)], "glazier")
