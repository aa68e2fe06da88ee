"""Take the pictures that README and docs show, in headless Chromium on a server with the demo shop's data.

`make screenshots` calls it with a fresh server. By hand:

    python tests/browser/screenshots.py [--url http://127.0.0.1:8069] [--folder docs/screenshots] [NAME …]

The environment's SCREENSHOTS_URL, SCREENSHOTS_DIR and CHROMIUM are the defaults. Nothing is changed in the database:
dialogs are opened and left. Every picture waits for what it is to show; what does not come is an error that names it,
and so is a line that the page writes to its console as an error.
"""

import argparse
import base64
import contextlib
import io
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

import websocket
from PIL import Image

PATIENCE = 60
DESKTOP = {"width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": False}
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
PASSWORDS = {login: login for login in ("technician", "manager", "customer")}
ADDON = "service_schedule_demo"
ZONE = "America/New_York"  # Odoo's calendar goes by the browser's clock; the people in the pictures are at the shop

# What the pages cannot tell by themselves: fonts are there, pictures are there, nothing moves.
SETTLED = """document.readyState === 'complete' && document.fonts.status === 'loaded'
    && [...document.images].every((image) => image.complete)
    && !document.querySelector('.o_loading_indicator, .o_blockUI, .o-mail-Chatter-topbar button:disabled')
    && ![...document.querySelectorAll('.fa-spin')].some((icon) => icon.checkVisibility({visibilityProperty: true}))
    && document.getAnimations().every((move) => move.playState !== 'running'
        || move.effect.getComputedTiming().iterations === Infinity)"""


class Failed(Exception):
    """What was waited for did not come, or a page said that something is wrong."""


class Browser:
    """A headless Chromium, spoken to over its DevTools protocol."""

    def __init__(self, program):
        self.profile = tempfile.mkdtemp(prefix="screenshots-")
        self.process = subprocess.Popen(
            [
                program,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--force-color-profile=srgb",
                "--font-render-hinting=none",
                "--lang=en-US",
                "--remote-debugging-port=0",
                f"--user-data-dir={self.profile}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port = self._read_port()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/version", timeout=10) as answer:
            address = json.load(answer)["webSocketDebuggerUrl"]
        self.socket = websocket.create_connection(address, timeout=PATIENCE, suppress_origin=True)
        self.numbers = itertools.count(1)
        self.faults = []

    def _read_port(self):
        file = pathlib.Path(self.profile, "DevToolsActivePort")
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError, IndexError, ValueError):
                return int(file.read_text().splitlines()[0])
            time.sleep(0.05)
        raise Failed("Chromium did not start.")

    def call(self, method, session=None, **params):
        """Call a DevTools method and return its result; what pages report meanwhile is kept in ``faults``."""
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": params}
        self.socket.send(json.dumps({**message, "sessionId": session} if session else message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == number:
                if "error" in answer:
                    raise Failed(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._listen(answer)

    def _listen(self, event):
        params = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.faults.append(details.get("exception", {}).get("description") or details["text"])
        elif event.get("method") == "Runtime.consoleAPICalled" and params["type"] == "error":
            self.faults.append(" ".join(str(part.get("value") or part.get("description")) for part in params["args"]))

    def close(self):
        """End Chromium and remove its profile."""
        with contextlib.suppress(Failed, OSError, websocket.WebSocketException):
            self.call("Browser.close")
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


class Page:
    """A page of one person, with cookies of its own."""

    def __init__(self, browser, url, login):
        self.browser, self.url = browser, url
        context = browser.call("Target.createBrowserContext")["browserContextId"]
        target = browser.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime"):
            self.call(f"{domain}.enable")
        self.call(
            "Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}], media=""
        )
        self.call("Emulation.setTimezoneOverride", timezoneId=ZONE)
        self.set_screen(DESKTOP)
        self.log_in(login)

    def call(self, method, **params):
        """Call a DevTools method of this page."""
        return self.browser.call(method, self.session, **params)

    def set_screen(self, screen):
        """Give the page a size."""
        self.call("Emulation.setDeviceMetricsOverride", **screen)
        self.call("Emulation.setTouchEmulationEnabled", enabled=screen["mobile"])

    def evaluate(self, code):
        """Return the value of a JavaScript expression; promises are waited for."""
        answer = self.call("Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise Failed(f"{details.get('exception', {}).get('description', details['text'])} in {code}")
        return answer["result"].get("value")

    def wait(self, condition, what=""):
        """Wait until a JavaScript condition holds; a page that is just being replaced holds none."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(Failed):
                if self.evaluate(f"Boolean({condition})"):
                    return
            time.sleep(0.05)
        where = self.evaluate("location.href")
        raise Failed(f"{where} did not show {what or condition} within {PATIENCE} s.")

    def go(self, path, shows):
        """Open a path of the server and wait for an element, ``shows``."""
        self.call("Page.navigate", url=f"{self.url}{path}")
        self.wait(f"!location.href.startsWith('about:') && {find(shows)}", shows)

    def click(self, selector, text=""):
        """Wait for an element with a text, and click it."""
        self.wait(find(selector, text), f"{selector} {text!r}")
        self.evaluate(f"{find(selector, text)}.click()")

    def log_in(self, login):
        """Log in through the form."""
        self.go("/web/login?redirect=/my", "form input[name=password]")
        for name, value in (("login", login), ("password", PASSWORDS[login])):
            self.evaluate(f"document.querySelector('form input[name={name}]').value = {json.dumps(value)}")
        self.evaluate("document.querySelector('form input[name=password]').form.requestSubmit()")
        self.wait("location.pathname === '/my'", f"that {login} could log in")

    def take(self, path, height=None):
        """Write a picture of the page to ``path``; ``height`` is how much of it, None is what the screen shows."""
        self.wait(SETTLED, "a page that has come to rest")
        if self.browser.faults:
            raise Failed(f"{self.evaluate('location.href')}: {self.browser.faults[0]}")
        clip = {}
        if height:
            width = self.evaluate("innerWidth")
            shown = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
            clip = {"clip": shown, "captureBeyondViewport": True}
        data = self.call("Page.captureScreenshot", format="png", **clip)["data"]
        save(base64.b64decode(data), path)


def find(selector, text=""):
    """Return the JavaScript of the first visible element that matches and has a text."""
    return (
        f"[...document.querySelectorAll({json.dumps(selector)})].find((element) =>"
        f" element.checkVisibility() && element.textContent.includes({json.dumps(text)}))"
    )


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
    page.take(path)


def due_today_phone(page, path):
    """The board on a phone."""
    page.set_screen(PHONE)
    page.go("/odoo/due-today", ".o_due_card")
    page.take(path)


def orders_kanban(page, path):
    """Orders by what becomes of them."""
    page.go("/odoo/service-orders", ".o_kanban_record:not(.o_kanban_ghost)")
    page.take(path)


def order_calendar(page, path):
    """The month, with the number of orders on each day."""
    page.go("/odoo/service-calendar", ".o_calendar_view .fc-event")
    page.take(path)


def order_form(page, path):
    """An order that was rescheduled three times."""
    order = find_order(page, [["reschedule_count", "=", 3]])
    page.go(f"/odoo/service-orders/{order}", ".o_form_view .o_statusbar_status")
    page.wait(find(".o-mail-Chatter", "Rescheduled from"), "the note of the reschedule")
    page.take(path)


def schedule_dialog(page, path):
    """Giving that order another time; the dialog opens on the day that it has."""
    order = find_order(page, [["reschedule_count", "=", 3]])
    page.go(f"/odoo/service-orders/{order}", ".o_form_view .o_statusbar_status")
    page.click(".o_statusbar_buttons button", "Reschedule")
    page.click(".modal .o_slot_picker_slot", "Afternoon")
    page.wait(find(".modal .o_slot_picker_slot[aria-pressed=true]", "Afternoon"))
    page.take(path)


def new_order_dialog(page, path):
    """A walk-in or a call."""
    page.go("/odoo/due-today", ".o_due_board_new")
    page.click(".o_due_board_new")
    page.wait(find(".modal .o_field_widget[name=partner_id] input"))
    page.take(path)


def service_point_form(page, path):
    """Setting up the shop."""
    page.go(f"/odoo/service-points/{record_id(page, 'point_blue_reef')}", ".o_form_view [name=window_ids] .o_data_row")
    page.take(path)


def service_offer_form(page, path):
    """Setting up an offer."""
    page.go(f"/odoo/service-offers/{record_id(page, 'offer_fill')}", ".o_form_view [name=resource_ids] .o_tag")
    page.take(path)


def utilisation(page, path):
    """How much of the available time is reserved; its menu brings the available hours up to date."""
    page.go("/odoo/due-today", ".o_main_navbar")
    page.click(".o_main_navbar button", "Reporting")
    page.click(".dropdown-item", "Utilisation")
    page.wait(find(".o_pivot td", "%"), "a percentage")
    page.take(path)


def scheduling_dashboard(page, path):
    """The dashboard; after the report, which computes the available hours."""
    utilisation(page, path)
    page.set_screen({**DESKTOP, "height": 1720})
    page.go("/odoo/dashboards", ".o_search_panel_category_value")
    page.click(".o_search_panel_category_value", "Scheduling")
    page.wait("document.querySelectorAll('.o-figure').length >= 11", "all figures of the dashboard")
    time.sleep(2)  # the figures are painted on canvases, which tell nobody when they are done
    page.take(path)


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
    page.take(path, height)


def portal_new_order_phone(page, path):
    """Ordering on a phone."""
    page.set_screen(PHONE)
    portal_new_order(page, path, 1500)


def portal_orders(page, path):
    """The customer's orders."""
    page.go("/my/service", ".o_service_card")
    page.take(path)


def portal_order(page, path):
    """One order of the customer, with its times."""
    page.go("/my/service", ".o_service_card")
    order = page.evaluate(
        "fetch('/my/service').then(() => [...document.querySelectorAll('a.o_service_card')]"
        ".find((card) => card.querySelector('.o_service_when')?.classList.contains('text-bg-primary')"
        " && card.textContent.includes('Confirmed')).getAttribute('href'))"
    )
    page.go(order, ".o_service_panel")
    page.take(path)


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
    "portal-new-order": ("customer", portal_new_order),
    "portal-new-order-phone": ("customer", portal_new_order_phone),
    "portal-orders": ("customer", portal_orders),
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
                page = pages.get(login) or pages.setdefault(login, Page(browser, options.url, login))
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
