"""The four tours that README promises, walked by a hand: mouse, finger and keys, as each of the demo's users."""

from datetime import timedelta

from chromium import DESKTOP, HOLD, PHONE, ZONE, find
from hand import Hand
from page_case import PageCase
from suite_server import transaction

from odoo import fields
from odoo.tests import tagged

DEMO = "service_schedule_demo"
CHICAGO, SEATTLE = "America/Chicago", "America/Los_Angeles"
CHOSEN = "document.querySelector('[name=choice]:checked')"
TOAST = 15000
"""Milliseconds after which a toast goes away: here it stays until it is pressed."""
OTHER_DAY = "button.o_service_day:not([aria-pressed=true])"
OPEN_JOB = "Scratch that needs a look"


@tagged("post_install", "-at_install", "standard")
class TestTours(PageCase):
    """What a newcomer is told to click does what he is told, in the order of README's four tours."""

    @classmethod
    def prepare(cls, env):
        """Give the windshield firm work that does not depend on the hour: a job nobody has, and one to do now."""
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        values = {"description": OPEN_JOB, "scheduled_duration": 0.25, "priority": "3"}
        cls.open_job = env["fsm.order"].create(
            {
                **values,
                "location_id": env.ref(f"{DEMO}.location_taxi").id,
                "request_early": tomorrow,
                "request_late": tomorrow + timedelta(days=5),
            }
        )
        person = env.ref(f"{DEMO}.person_glazier")
        env["fsm.order"].search([("person_id", "=", person.id), ("state", "in", ("assigned", "in_progress"))]).write(
            {"person_id": False}
        )
        cls.stop = env["fsm.order"].create(
            {
                **values,
                "location_id": env.ref(f"{DEMO}.location_fleet").id,
                "person_id": person.id,
                "scheduled_date_start": fields.Datetime.now() - timedelta(minutes=1),  # today, also at midnight
            }
        )
        cls.open_job, cls.stop = (cls.open_job.id, cls.open_job.name), cls.stop.id

    def enter(self, login=None, zone=ZONE, screen=DESKTOP, key=None):
        """Return the page of a person who has just come in."""
        page = self.pages[key or login] = Hand(self.browser, self.url, login, zone)
        page.set_screen(screen)
        return page

    def read(self, record):
        """Return fields of records, ``(model, id, *names)``, as they are in the database."""
        model, number, *names = record
        with transaction(self.database) as env:
            return [env[model].browse(number)[name] for name in names]

    # ------------------------------------------------------------------
    # The dive shop
    # ------------------------------------------------------------------

    def test_dive_shop(self):
        """A customer orders ahead; the technician works an order through the board; the accountant invoices it."""
        customer = self.enter("customer")
        customer.press("a", "Service orders")
        customer.press("a", "New order")
        customer.wait(find(".o_service_form.o_service_js"))
        customer.press("label", "Schedule for later")
        if not customer.evaluate(f"Boolean({find(OTHER_DAY)})"):
            customer.press("#service_next")  # this month has no other day any more
        customer.press(OTHER_DAY)
        customer.press("label.o_service_slot", "(")
        customer.wait(CHOSEN, "the chosen window")
        customer.press(".o_service_place")
        customer.wait(find(".alert", "scheduled for"), "that the order is placed")

        technician = self.enter("technician")
        technician.go("/odoo", ".o_due_card")  # his own first page
        number = technician.evaluate(
            f"{find('.o_due_card', 'Lena Berg')}.textContent.match(/S\\d{{5}}/)[0]"  # of yesterday, on top
        )
        order = technician.evaluate(f"{find('.o_due_card', number)}.dataset.orderId")
        card = f".o_due_card[data-order-id='{order}'] button"
        for step in ("Start", "Ready", "Picked up"):
            technician.press(card, step)
            technician.wait(f"!{find(card, step)}", f"the end of {step}")

        accountant = self.enter("accountant")
        accountant.go("/odoo", ".o_data_row")
        accountant.press(".o_data_row td", number)
        accountant.press(".o_statusbar_buttons button", "Create Invoice")
        accountant.press(".modal button", "Create Draft")
        accountant.wait(find(".o_statusbar_buttons button", "Confirm"), "the invoice")

    # ------------------------------------------------------------------
    # The corner shop
    # ------------------------------------------------------------------

    def test_corner_shop(self):
        """An order comes in by itself wherever the shopkeeper is; the customer's page follows her steps."""
        shopkeeper = self.enter("shopkeeper", SEATTLE)
        with shopkeeper.prepared(HOLD % TOAST):
            shopkeeper.go("/odoo", ".o_due_board_new")
        self.hear("shopkeeper")
        kiran = self.enter("kiran", SEATTLE, PHONE)
        kiran.go("/my/service/new", ".o_service_form.o_service_js")
        for name, first_letters in (("point_id", "Maple"), ("product_id", "Lunch")):
            kiran.settle()
            kiran.evaluate(f"document.querySelector('[name={name}]').focus()")
            chosen = f"document.querySelector('[name={name}]').selectedOptions[0].text"
            while not kiran.evaluate(f"{chosen}.startsWith('{first_letters}')"):
                kiran.type(first_letters)  # a pause between two letters begins anew
            kiran.rest()
        kiran.press("label", "Schedule for later")
        kiran.press("label.o_service_slot")
        kiran.wait(CHOSEN, "the chosen time")
        kiran.press(".o_service_place")
        kiran.wait(find(".alert", "scheduled for"), "that the order is placed")
        self.hear("kiran")

        shopkeeper.press(".o_notification button", "Open")
        for step, state in (("Start", "Preparing"), ("Ready", "Ready")):
            shopkeeper.press(".o_statusbar_buttons button", step)
            kiran.wait(find(".o_service_panel .badge", state), f"{state} on the customer's page")
        kiran.wait(find(".o_notification", "ready for pickup"), "the message")

    # ------------------------------------------------------------------
    # The garage
    # ------------------------------------------------------------------

    def choose_time(self, page):
        """Choose Astrid and the last day of the month that has times; return the times of that day."""
        page.go("/book", "main a[href^='/book/']")
        page.press("a.o_book_card", "Workshop visit")
        page.wait(find("#service_form.o_service_js"))
        page.press("label.o_book_person", "Astrid")
        page.rest()
        page.evaluate("[...document.querySelectorAll('button.o_service_day')].at(-1).dataset.tour = 'last'")
        page.press("button.o_service_day[data-tour=last]")
        page.rest()
        return page.evaluate("[...document.querySelectorAll('label.o_service_slot')].map((slot) => slot.innerText)")

    def test_garage_guest(self):
        """A guest's time is held while he pays, nobody else is shown it, and then it is his."""
        guest = self.enter(None, CHICAGO)
        times = self.choose_time(guest)
        guest.press("label.o_service_slot")
        guest.wait(CHOSEN, "the chosen time")
        guest.press(".o_service_place")
        guest.wait(find("#book_details"), "the third page")
        other = self.choose_time(self.enter(None, CHICAGO, PHONE, key="another guest"))
        self.assertIn(times[0], times)
        self.assertNotIn(times[0], other)
        guest.fill("input[name=name]", "Robin Tour")
        guest.fill("input[name=email]", "robin.tour@example.com")
        guest.fill("#book_details input[type=text]:not([name=name])", "Subaru Outback, 2018")
        guest.press("#book_details label", "Petrol")
        guest.fill("#book_details input[type=number]", "74200")
        guest.press(".o_book_next")
        guest.press("[name=o_payment_radio][data-provider-code=demo]")
        guest.press("[name=o_payment_submit_button]:not([disabled])")
        guest.wait(find(".o_book_done[data-state=placed]"), "the end")

    def test_garage_people(self):
        """Who paid too late chooses another time and pays nothing; the mechanic finds somebody for a lost visit."""
        driver = self.enter("driver", CHICAGO, PHONE)
        driver.press("a", "Service orders")
        driver.press("a.o_service_card", "Choose a new time")
        driver.press(".o_service_panel a", "Choose a new time")
        driver.press("label.o_service_slot")
        driver.wait(CHOSEN, "the chosen time")
        driver.press("form button", "Confirm new time")
        driver.wait(find(".o_service_panel .badge", "Confirmed"), "the new time")
        driver.go("/my/waitlist", "main")
        driver.wait(find("main", "first in line"), "her place in line")

        mechanic = self.enter("mechanic", CHICAGO)
        mechanic.go("/odoo", ".o_due_board_new")
        mechanic.press(".o_main_navbar button", "Planning")
        mechanic.press(".dropdown-item", "Needs a New Time")
        mechanic.press(".o_data_row .o_list_record_selector input")
        mechanic.press(".o_control_panel button", "Reassign")
        mechanic.press(".modal button", "Do It")
        mechanic.wait(find(".modal", "1 of 1 done"), "that somebody takes it")

    # ------------------------------------------------------------------
    # The windshield firm
    # ------------------------------------------------------------------

    def test_windshield_desk(self):
        """The dispatcher gives a job away by a click, and helps a visit that nobody could take."""
        dispatcher = self.enter("dispatcher", CHICAGO)
        dispatcher.go("/odoo", ".o_board_waiting_job")
        dispatcher.press(".o_board_waiting_job button", self.open_job[1])
        dispatcher.press("button", "Who should do this?")
        dispatcher.press(".modal .o_data_row button", "Assign")
        dispatcher.wait(f"!{find('.modal .o_data_row button', 'Assign')}", "that it is given away")
        [person, state] = self.read(("fsm.order", self.open_job[0], "person_id", "state"))
        self.assertTrue(person)
        self.assertEqual(state, "assigned")

        dispatcher.go("/odoo/dispatch-board", ".o_board_waiting")
        dispatcher.press(".o_main_navbar button", "Operations")
        dispatcher.press(".dropdown-item", "Visit Plans")
        dispatcher.press(".o_data_row td", "Skyline Movers")
        dispatcher.fill(".o_field_widget[name=person_id] input", "")
        dispatcher.key("Delete", 46)
        dispatcher.rest()
        dispatcher.key("Tab", 9)
        dispatcher.press("button.o_form_button_save")
        dispatcher.press(".o_main_navbar button", "Operations")
        dispatcher.press(".dropdown-item", "Could Not Be Placed")
        dispatcher.press(".o_data_row .o_list_record_selector input")
        dispatcher.press(".o_control_panel button", "Look Again")
        dispatcher.wait(find(".o_view_nocontent", "Every visit has a technician"), "that all are placed")

    def test_windshield_road(self):
        """The technician starts and finishes a stop with her finger."""
        glazier = self.enter("glazier", CHICAGO, PHONE)
        glazier.go("/field", f"[data-job='{self.stop}']")
        glazier.press(f"[data-job='{self.stop}'] .o_field_card_link")
        glazier.press(".o_field_foot button", "Start")
        glazier.press(".o_field_foot button", "Finish")
        glazier.press("dialog textarea")
        glazier.type("Polished")
        glazier.press("dialog button[type=submit]")
        glazier.wait(find("main, body", "Completed"), "that it is done")
        self.assertEqual(self.read(("fsm.order", self.stop, "state")), ["completed"])
