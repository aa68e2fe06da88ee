"""Take the pictures that README and docs show, in headless Chromium on a server with the demo shops' data.

`make screenshots` calls it with a fresh server. By hand:

    python tests/browser/screenshots.py [--url http://127.0.0.1:8069] [--folder docs/screenshots] [NAME …]

The environment's SCREENSHOTS_URL, SCREENSHOTS_DIR and CHROMIUM are the defaults. Every picture waits for what it is to
show; what does not come is an error that names it, and so is a line that the page writes to its console as an error.
"""

import argparse
import base64
import http.server
import io
import json
import os
import pathlib
import sys
import threading
import time

from chromium import DESKTOP, PHONE, ZONE, Browser, Failed, Page, find
from PIL import Image

ADDON = "service_schedule_demo"
GUEST = None
GARAGE = "America/Chicago"
ZONES = {"mechanic": GARAGE, "driver": GARAGE, "glazier": GARAGE, GUEST: GARAGE}
IDLE = "!document.querySelector('form[aria-busy=true]')"
TABLET = {"width": 1024, "height": 768, "deviceScaleFactor": 1, "mobile": True}
DETAILS = {
    "input[name=name]": "Robin Fischer",
    "input[name=email]": "robin.fischer@example.com",
    "input[name=phone]": "+1 218-555-0190",
    "#book_details input[type=text]:not([name=name])": "Subaru Outback, 2018",
    "#book_details input[type=number]": "74200",
}

PANE = """(async () => {
    const canvas = Object.assign(document.createElement("canvas"), {width: 640, height: 480});
    const pen = canvas.getContext("2d");
    const glass = pen.createLinearGradient(0, 0, 640, 480);
    glass.addColorStop(0, "#5d7384");
    glass.addColorStop(1, "#1c2730");
    pen.fillStyle = glass;
    pen.fillRect(0, 0, 640, 480);
    pen.strokeStyle = "#e8f1f6";
    for (let ray = 0; ray < 11; ray++) {
        pen.lineWidth = 1 + ray % 3;
        pen.beginPath();
        pen.moveTo(300, 250);
        const [turn, wide, high] = [ray * 0.571, 60 + 31 * (ray % 4), 50 + 27 * (ray % 5)];
        pen.lineTo(300 + Math.cos(turn) * wide, 250 + Math.sin(turn) * high);
        pen.stroke();
    }
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
    const files = new DataTransfer();
    files.items.add(new File([blob], "pane.jpg", {type: "image/jpeg"}));
    const input = document.querySelector("dialog input[type=file]");
    input.files = files.files;
    input.dispatchEvent(new Event("change", {bubbles: true}));
})()"""


def take(page, path, height=None):
    """Write a picture of a page to ``path``; ``height`` is how much of it, None is what the screen shows."""
    page.settle()
    if page.browser.faults:
        raise Failed(f"{page.evaluate('location.href')}: {page.browser.faults[0]}")
    clip = {}
    if height:
        width = page.evaluate("innerWidth")
        shown = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        clip = {"clip": shown, "captureBeyondViewport": True}
    data = page.call("Page.captureScreenshot", format="png", **clip)["data"]
    save(base64.b64decode(data), path)


def save(data, path):
    """Write a PNG with at most 256 colours: a screen has few, and the file is a third as large."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    picture = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    picture.save(path, "PNG", optimize=True)


def record_id(page, name):
    """Return the id of one of the demo's records."""
    return call_kw(page, "ir.model.data", "check_object_reference", [ADDON, name])[1]


def call_kw(page, model, method, args, **kwargs):
    """Return what a method of the server answers to the page's user."""
    body = json.dumps({"jsonrpc": "2.0", "params": {"model": model, "method": method, "args": args, "kwargs": kwargs}})
    return page.evaluate(
        f"fetch('/web/dataset/call_kw/{model}/{method}', {{method: 'POST', body: {json.dumps(body)},"
        " headers: {'Content-Type': 'application/json'}}).then((answer) => answer.json()).then((answer) => {"
        " if (answer.error) { throw new Error(answer.error.data.message); } return answer.result; })"
    )


def find_order(page, domain):
    """Return the id of the first order that a domain finds, by its time."""
    found = call_kw(page, "sale.order", "search", [domain], order="scheduled_start", limit=1)
    if not found:
        raise Failed(f"There is no order {domain}.")
    return found[0]


# ----------------------------------------------------------------------
# The pictures
# ----------------------------------------------------------------------


def due_today(page, path):
    """The technician's board."""
    page.go("/odoo/due-today", ".o_due_card")
    take(page, path)


def due_today_phone(page, path):
    """The board on a phone."""
    page.set_screen(PHONE)
    page.go("/odoo/due-today", ".o_due_card")
    take(page, path)


def orders_kanban(page, path):
    """Orders by what becomes of them."""
    page.go("/odoo/service-orders", ".o_kanban_record:not(.o_kanban_ghost)")
    take(page, path)


def order_calendar(page, path):
    """The month, with the number of orders on each day."""
    page.go("/odoo/service-calendar", ".o_calendar_view .fc-event")
    take(page, path)


def order_form(page, path):
    """An order that was rescheduled three times."""
    order = find_order(page, [["reschedule_count", "=", 3]])
    page.go(f"/odoo/service-orders/{order}", ".o_form_view .o_statusbar_status")
    page.wait(find(".o-mail-Chatter", "Rescheduled from"), "the note of the reschedule")
    take(page, path)


def schedule_dialog(page, path):
    """Giving that order another time; the dialog opens on the day that it has."""
    order = find_order(page, [["reschedule_count", "=", 3]])
    page.go(f"/odoo/service-orders/{order}", ".o_form_view .o_statusbar_status")
    page.click(".o_statusbar_buttons button", "Reschedule")
    page.click(".modal .o_slot_picker_slot", "Afternoon")
    page.wait(find(".modal .o_slot_picker_slot[aria-pressed=true]", "Afternoon"))
    take(page, path)


def new_order_dialog(page, path):
    """A walk-in or a call."""
    page.go("/odoo/due-today", ".o_due_board_new")
    page.click(".o_due_board_new")
    page.wait(find(".modal .o_field_widget[name=partner_id] input"))
    take(page, path)


def service_point_form(page, path):
    """Setting up the shop."""
    page.go(f"/odoo/service-points/{record_id(page, 'point_blue_reef')}", ".o_form_view [name=window_ids] .o_data_row")
    take(page, path)


def service_offer_form(page, path):
    """Setting up an offer."""
    page.go(f"/odoo/service-offers/{record_id(page, 'offer_fill')}", ".o_form_view [name=resource_ids] .o_tag")
    take(page, path)


def utilisation(page, path):
    """How much of the available time is reserved; its menu brings the available hours up to date."""
    page.go("/odoo/due-today", ".o_main_navbar")
    page.click(".o_main_navbar button", "Reporting")
    page.click(".dropdown-item", "Utilisation")
    page.wait(find(".o_pivot td", "%"), "a percentage")
    take(page, path)


def scheduling_dashboard(page, path):
    """The dashboard; after the report, which computes the available hours."""
    utilisation(page, path)
    page.set_screen({**DESKTOP, "height": 1720})
    page.go("/odoo/dashboards", ".o_search_panel_category_value")
    page.click(".o_search_panel_category_value", "Scheduling")
    page.wait("document.querySelectorAll('.o-figure').length >= 11", "all figures of the dashboard")
    time.sleep(2)  # the figures are painted on canvases, which tell nobody when they are done
    take(page, path)


def portal_new_order(page, path, height=980):
    """Ordering for later: a day, then one of its windows."""
    page.go("/my/service/new", ".o_service_form.o_service_js")
    page.evaluate("document.querySelector('#service_equipment_id').selectedIndex = 1")
    page.click("#service_when_later")
    day = page.evaluate(
        "[...document.querySelectorAll('button.o_service_day')].map((day) => day.id).sort()"
        "[Math.min(2, document.querySelectorAll('button.o_service_day').length - 1)]"
    )
    page.click(f"#{day}")
    page.wait(f"document.querySelector('#{day}[aria-pressed=true]')", "the chosen day")
    page.click("label.o_service_slot", "(")
    page.wait("document.querySelector('[name=choice]:checked')", "the chosen time")
    page.evaluate("scrollTo(0, 0)")
    take(page, path, height)


def portal_new_order_phone(page, path):
    """Ordering on a phone."""
    page.set_screen(PHONE)
    portal_new_order(page, path, 1500)


def portal_orders(page, path):
    """The customer's orders."""
    page.go("/my/service", ".o_service_card")
    take(page, path)


def portal_order(page, path):
    """One order of the customer, with its times."""
    page.go("/my/service", ".o_service_card")
    order = page.evaluate(
        "fetch('/my/service').then(() => [...document.querySelectorAll('a.o_service_card')]"
        ".find((card) => card.querySelector('.o_service_when')?.classList.contains('text-bg-primary')"
        " && card.textContent.includes('Confirmed')).getAttribute('href'))"
    )
    page.go(order, ".o_service_panel")
    take(page, path)


def new_times(page, path):
    """What the shop cannot keep, or has been paid for too late."""
    page.go("/odoo/new-times", ".o_data_row")
    page.evaluate("document.querySelector('.o_data_row .o_list_record_selector input').click()")
    page.wait(find(".o_control_panel button", "Reassign"), "what can be done")
    take(page, path)


def waitlist(page, path):
    """Who waits for what."""
    page.go("/odoo/waitlist", ".o_action_manager .o_control_panel")
    page.wait(find(".o_data_row, .o_kanban_record, .o_group_header"), "who waits")
    take(page, path)


def service_offer_visit(page, path):
    """An offer that is paid ahead, with its rules."""
    page.set_screen({**DESKTOP, "height": 1250})
    page.go(f"/odoo/service-offers/{record_id(page, 'offer_visit')}", ".o_form_view [name=resource_ids] .o_tag")
    take(page, path)


def reservation_form(page, path):
    """An appointment with its answers."""
    domain = [["answer_ids", "!=", False], ["state", "=", "confirmed"], ["trouble", "=", False]]
    found = call_kw(page, "service.reservation", "search", [domain], order="start desc", limit=1)
    page.go(f"/odoo/reservations/{found[0]}", ".o_form_view .o_form_sheet")
    take(page, path)


def waiver_tablet(page, path):
    """What the customer signs on the shop's tablet."""
    page.set_screen(TABLET)
    domain = [["waiver_state", "=", "missing"], ["is_waiver_open", "=", True]]
    found = call_kw(page, "service.reservation", "search", [domain], limit=1)
    page.go(f"/odoo/reservations/{found[0]}", ".o_form_view .o_form_sheet")
    page.click("button", "Sign Waiver")
    page.wait(find(".o_waiver_tablet canvas"), "where to sign")
    take(page, path)


def waiver_portal(page, path):
    """The same on the customer's own screen."""
    page.go("/my/waivers", "main a[href*='/my/waiver/']")
    page.click("main a[href*='/my/waiver/']", "Please sign")
    page.wait(find("form canvas"), "where to sign")
    take(page, path, 1100)


def choose_new_time(page, path):
    """Paid too late: the page on which the customer chooses a new time."""
    page.go("/my/service", ".o_service_card")
    order = page.evaluate(
        "[...document.querySelectorAll('a.o_service_card')].find((card) => card.textContent.includes('new time'))"
        ".getAttribute('href').split('/').pop()"
    )
    page.go(f"/my/service/{order}/reschedule", "form .o_service_month")
    take(page, path, 1000)


def book(page, path):
    """What can be booked."""
    page.go("/book", "main a[href^='/book/']")
    take(page, path, 900)


def choose_time(page, who="Astrid"):
    """Open the visit's second page and choose somebody, the last day of the month that has free times, and a time."""
    page.go("/book", "main a[href^='/book/']")
    page.click("a.o_book_card", "Workshop visit")
    page.wait(find("#service_form.o_service_js"), "the second page")
    page.click("label.o_book_person", who)
    page.wait(f"{IDLE} && {find('label.o_book_person', who)}.querySelector('input').checked", f"{who}'s times")
    page.click("tr:last-of-type button.o_service_day")
    page.wait(f"{IDLE} && {find('button.o_service_day[aria-pressed=true]')}", "the day")
    page.click("label.o_service_slot")
    page.wait(f"{IDLE} && document.querySelector('[name=choice]:checked')", "the time")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


def book_times(page, path, height=1050):
    """With whom, the days that have free times, and the times of one."""
    choose_time(page)
    take(page, path, height)


def book_times_phone(page, path):
    """The same on a phone."""
    page.set_screen(PHONE)
    book_times(page, path, 1700)


def open_details(page):
    """Go on to the third page, whose time is held, and answer everything."""
    choose_time(page)
    page.click(".o_service_place")
    page.wait(f"{find('#book_details')} || {find('.o_book_edit')}", "the details, or the review of what is answered")
    if page.evaluate(f"Boolean({find('.o_book_edit')})"):
        page.click(".o_book_edit")
        page.wait(find("#book_details"), "the details")
    for selector, value in DETAILS.items():
        page.evaluate(
            f"document.querySelectorAll({json.dumps(selector)}).forEach((field) => (field.value = {json.dumps(value)}))"
        )
    page.evaluate("document.querySelector('#book_details input[type=radio]')?.click()")


def book_details(page, path, height=1250):
    """What the shop would like to know; the time is held."""
    open_details(page)
    take(page, path, height)


def book_review(page, path, height=1000):
    """All of it once more, and paying."""
    open_details(page)
    page.click(".o_book_next")
    page.wait(find(".o_book_price"), "the review")
    page.click("[name=o_payment_radio][data-provider-code=demo]")
    page.wait(find("[name=o_payment_submit_button]:not([disabled])"), "the pay button")
    page.evaluate("scrollTo(0, 0)")
    take(page, path, height)


def book_review_phone(page, path):
    """The same on a phone."""
    page.set_screen(PHONE)
    book_review(page, path, 1800)


def book_done(page, path):
    """It is booked."""
    book_review(page, path)
    page.click("[name=o_payment_submit_button]")
    page.wait(find(".o_book_done[data-state=placed]"), "the end")
    take(page, path, 900)


def outbox(page, path):
    """What was sent, what waits, what was skipped and why."""
    page.go("/odoo/service-outbox", ".o_data_row")
    take(page, path)


def outbox_phone(page, path):
    """The same on a phone."""
    page.set_screen(PHONE)
    page.go("/odoo/service-outbox", ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)")
    take(page, path)


def message_form(page, path):
    """One message."""
    [message] = call_kw(page, "service.notification.message", "search", [[["res_model", "=", "sale.order"]]], limit=1)
    page.go(f"/odoo/service-outbox/{message}", ".o_form_view .o_form_sheet")
    take(page, path)


def reminder_rules(page, path):
    """When whom is reminded."""
    page.go("/odoo/service-reminders", ".o_data_row")
    take(page, path)


def webhook_endpoint(page, path):
    """Where webhooks go; it is gone before anything is sent there."""
    values = {"name": "Bookkeeping", "url": "https://93.184.216.34/hooks", "note": "Ask Robin in the office."}
    ids = call_kw(page, "service.webhook.endpoint", "create", [[values]])
    try:
        page.go(f"/odoo/webhook-endpoints/{ids[0]}", ".o_form_view .o_form_sheet")
        take(page, path)
    finally:
        call_kw(page, "service.webhook.endpoint", "unlink", [ids])


def webhook_endpoint_phone(page, path):
    """The same on a phone."""
    page.set_screen(PHONE)
    webhook_endpoint(page, path)


def portal_jobs_phone(page, path):
    """A fleet customer's jobs on a phone."""
    page.set_screen(PHONE)
    page.go("/my/jobs", ".o_job_card")
    take(page, path)


class Answers(http.server.BaseHTTPRequestHandler):
    """A receiver of webhooks whose one half works."""

    def do_POST(self):
        """Answer 204, or 500 to the wallboard."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(500 if self.path.startswith("/wallboard") else 204)
        self.end_headers()

    def log_message(self, *args):
        """Say nothing."""


def send_all(page, domain):
    """Let the server send deliveries, and wait until each has been tried."""
    crons = call_kw(page, "ir.cron", "search", [[["code", "=", "model._cron_send()"], ["name", "like", "Webhooks"]]])
    until = time.monotonic() + 30
    while call_kw(page, "service.webhook.delivery", "search_count", [[*domain, ["tries", "=", 0]]]):
        if time.monotonic() > until:
            raise Failed("the webhooks are not sent")
        try:
            call_kw(page, "ir.cron", "method_direct_trigger", [crons])
        except Failed as failure:  # the server's own turn
            if "already executing" not in str(failure):
                raise
        time.sleep(0.5)


def webhook_deliveries(page, path):
    """What was sent to other systems, to one that works and one that does not; both are gone afterwards."""
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    base = f"http://localhost:{receiver.server_port}"
    parameters, allowed = "ir.config_parameter", "service_notification_webhook.allowed_hosts"
    former = call_kw(page, parameters, "get_param", [allowed])
    call_kw(page, parameters, "set_param", [allowed, base])
    values = [{"name": name, "url": f"{base}/{name.lower()}"} for name in ("Bookkeeping", "Wallboard")]
    ids = call_kw(page, "service.webhook.endpoint", "create", [values])
    try:
        for endpoint_id in (*ids, *ids):
            call_kw(page, "service.webhook.endpoint", "action_send_test", [[endpoint_id]])
        send_all(page, [["endpoint_id", "in", ids]])
        page.go("/odoo/webhook-deliveries", ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)")
        take(page, path)
    finally:
        call_kw(page, "service.webhook.endpoint", "unlink", [ids])
        call_kw(page, parameters, "set_param", [allowed, former])
        receiver.shutdown()


def webhook_deliveries_phone(page, path):
    """The same on a phone."""
    page.set_screen(PHONE)
    webhook_deliveries(page, path)


def dispatch_board(page, path):
    """The day of all technicians, and what nobody has."""
    page.go("/odoo/dispatch-board", ".vis-item.o_board_job")
    take(page, path)


def dispatch_board_phone(page, path):
    """The same day as a list."""
    page.set_screen(PHONE)
    page.go("/odoo/dispatch-board", ".o_board_small_job")
    take(page, path)


def routes(page, path):
    """Where the technicians drive today."""
    page.go("/odoo/routes", ".o_route_sketch .o_route_point")
    take(page, path)


def routes_phone(page, path):
    """The same on a phone."""
    page.set_screen(PHONE)
    page.go("/odoo/routes", ".o_route_sketch .o_route_point")
    take(page, path)


def jobs_by_state(page, path):
    """Jobs by what becomes of them."""
    page.go("/odoo/jobs-by-state", ".o_kanban_record:not(.o_kanban_ghost)")
    take(page, path)


def my_day_phone(page, path):
    """The technician's day on his phone."""
    page.set_screen(PHONE)
    page.go("/field", ".o_field_card")
    take(page, path)


def my_stop_phone(page, path):
    """One of his stops."""
    page.set_screen(PHONE)
    page.go("/field", ".o_field_card")
    page.click(".o_field_card:not([data-state=completed]) .o_field_card_link")
    page.wait(find(".o_field_more"), "the stop")
    take(page, path)


def open_walk(page):
    """Begin, or open, a walk over a lot on the phone."""
    page.set_screen(PHONE)
    page.go("/field", ".o_field_card")
    domain = [["internal_type", "=", "lot_walk"], ["state", "in", ["assigned", "in_progress"]]]
    walks = set(call_kw(page, "fsm.order", "search", [domain]))
    stops = page.evaluate("[...document.querySelectorAll('[data-job]')].map((card) => Number(card.dataset.job))")
    if not walks.intersection(stops):
        raise Failed("There is no walk on this day.")
    page.evaluate(f"location.hash = 'job/{min(walks.intersection(stops))}'")
    page.wait(find(".o_field_more"), "the visit")
    if page.evaluate(f"Boolean({find('.o_field_foot button', 'Start')})"):
        page.click(".o_field_foot button", "Start")
    page.click(".o_field_card a", "Walk the lot")
    page.wait(find(".o_walk_units > li"), "its units")


def walk_phone(page, path):
    """The units of a walk."""
    open_walk(page)
    take(page, path)


def walk_damage_phone(page, path):
    """Writing a damage down, with a photo: a star in a dark pane, drawn here."""
    open_walk(page)
    page.evaluate("document.querySelectorAll('.o_walk_open')[1].click()")
    page.wait(find("dialog .o_walk_tiles button"), "the kinds of damage")
    page.evaluate("document.querySelectorAll('.o_walk_tiles button')[1].click()")
    page.evaluate(PANE)
    page.wait(find("dialog .o_walk_shots img"), "the photo")
    take(page, path)


def walk_finish_phone(page, path):
    """The end of a walk: what was found, what is left."""
    open_walk(page)
    left = page.evaluate("document.querySelectorAll('.o_walk_units > li').length")
    page.click(".o_walk_ok")
    page.wait(f"document.querySelectorAll('.o_walk_units > li').length < {left}", "that the first one is OK")
    page.click(".o_field_foot > button", "Finish")
    page.wait(find("dialog .o_walk_sums"), "the end")
    take(page, path)


def walk_summary(page, path, height=900):
    """What a fleet customer reads of a walk over his lot."""
    page.go("/my/walks", "main a[href^='/my/walks/']")
    page.click("main a[href^='/my/walks/']")
    page.wait(find("main dl"), "the summary")
    take(page, path, height)


def walk_summary_phone(page, path):
    """The same on a phone."""
    page.set_screen(PHONE)
    walk_summary(page, path, None)


PICTURES = {
    "due-today": ("technician", due_today),
    "due-today-phone": ("technician", due_today_phone),
    "orders-kanban": ("technician", orders_kanban),
    "calendar-month": ("technician", order_calendar),
    "order-form": ("technician", order_form),
    "schedule-dialog": ("technician", schedule_dialog),
    "new-order-dialog": ("technician", new_order_dialog),
    "service-point": ("manager", service_point_form),
    "service-offer": ("manager", service_offer_form),
    "utilisation": ("manager", utilisation),
    "dashboard-scheduling": ("manager", scheduling_dashboard),
    "new-times": ("manager", new_times),
    "waitlist": ("manager", waitlist),
    "service-offer-visit": ("manager", service_offer_visit),
    "outbox": ("manager", outbox),
    "outbox-phone": ("manager", outbox_phone),
    "message": ("manager", message_form),
    "reminders": ("manager", reminder_rules),
    "webhook-endpoint": ("admin", webhook_endpoint),
    "webhook-endpoint-phone": ("admin", webhook_endpoint_phone),
    "webhook-deliveries": ("admin", webhook_deliveries),
    "webhook-deliveries-phone": ("admin", webhook_deliveries_phone),
    "reservation": ("mechanic", reservation_form),
    "waiver-tablet": ("mechanic", waiver_tablet),
    "my-day-phone": ("glazier", my_day_phone),
    "my-stop-phone": ("glazier", my_stop_phone),
    "walk-phone": ("glazier", walk_phone),
    "walk-damage-phone": ("glazier", walk_damage_phone),
    "walk-finish-phone": ("glazier", walk_finish_phone),
    "waiver-portal": ("driver", waiver_portal),
    "choose-new-time": ("driver", choose_new_time),
    "dispatch-board": ("dispatcher", dispatch_board),
    "dispatch-board-phone": ("dispatcher", dispatch_board_phone),
    "routes": ("dispatcher", routes),
    "routes-phone": ("dispatcher", routes_phone),
    "jobs-by-state": ("dispatcher", jobs_by_state),
    "book": (GUEST, book),
    "book-times": (GUEST, book_times),
    "book-times-phone": (GUEST, book_times_phone),
    "book-details": (GUEST, book_details),
    "book-review": (GUEST, book_review),
    "book-review-phone": (GUEST, book_review_phone),
    "book-done": (GUEST, book_done),
    "portal-new-order": ("customer", portal_new_order),
    "portal-new-order-phone": ("customer", portal_new_order_phone),
    "portal-orders": ("customer", portal_orders),
    "portal-jobs-phone": ("fleet", portal_jobs_phone),
    "walk-summary": ("fleet", walk_summary),
    "walk-summary-phone": ("fleet", walk_summary_phone),
    "portal-order": ("customer", portal_order),
}


def main():
    """Take the pictures; return the exit code: 1 when one could not be taken."""
    options = parse_arguments()
    folder = pathlib.Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    browser = Browser(os.environ.get("CHROMIUM") or "chromium")
    try:
        pages = {}
        for name in options.names or PICTURES:
            login, picture = PICTURES[name]
            browser.faults.clear()
            path = folder / f"{name}.png"
            try:
                page = pages.get(login) or pages.setdefault(
                    login, Page(browser, options.url, login, ZONES.get(login, ZONE))
                )
                page.set_screen(DESKTOP)
                picture(page, path)
                print(f"{path}  {path.stat().st_size // 1024} kB")
            except Failed as failure:
                failed += 1
                print(f"{name}: {failure}", file=sys.stderr)
    finally:
        browser.close()
    return min(failed, 1)


def parse_arguments():
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default=os.environ.get("SCREENSHOTS_URL", "http://127.0.0.1:8069"))
    parser.add_argument("--folder", default=os.environ.get("SCREENSHOTS_DIR", "docs/screenshots"))
    parser.add_argument("names", nargs="*", choices=[[], *PICTURES], metavar="NAME", help=", ".join(PICTURES))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
