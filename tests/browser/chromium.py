"""A headless Chromium, spoken to over its DevTools protocol: what pictures and checks of pages share."""

import contextlib
import itertools
import json
import pathlib
import resource
import shutil
import subprocess
import tempfile
import time
import urllib.request

import websocket

PATIENCE = 60
DESKTOP = {"width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": False}
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
ZONE = "America/New_York"  # Odoo's calendar goes by the browser's clock; people are at their shop

# What the pages cannot tell by themselves: fonts are there, pictures are there, nothing moves. The buttons of a
# chatter are disabled until it is loaded, and stay so for who may not write: then it has its messages.
SETTLED = """document.readyState === 'complete' && document.fonts.status === 'loaded'
    && [...document.images].every((image) => image.complete)
    && !document.querySelector('.o_loading_indicator, .o_blockUI')
    && !document.querySelector('.o-mail-Chatter:not(:has(.o-mail-Message)) .o-mail-Chatter-topbar button:disabled')
    && ![...document.querySelectorAll('.fa-spin')].some((icon) => icon.checkVisibility({visibilityProperty: true}))
    && document.getAnimations().every((move) => move.playState !== 'running'
        || move.effect.getComputedTiming().iterations === Infinity)"""


def lift_memory_limit():
    """Let Chromium reserve address space: inside Odoo's tests there is a bound that it cannot start under."""
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


class Failed(Exception):
    """What was waited for did not come, or a page said that something is wrong."""


class Browser:
    """A headless Chromium. A `with` block ends it."""

    def __init__(self, program):
        self.profile = tempfile.mkdtemp(prefix="screenshots-")
        self.process = subprocess.Popen(
            [
                program,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                # a page that is left would live on and could keep Odoo's store of translations from the next one
                "--disable-features=BackForwardCache",
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
            preexec_fn=lift_memory_limit,
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

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()

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
    """A page of one person, with cookies of its own; without a `login` it is nobody's."""

    def __init__(self, browser, url, login=None, zone=ZONE):
        self.browser, self.url = browser, url
        context = browser.call("Target.createBrowserContext")["browserContextId"]
        target = browser.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime"):
            self.call(f"{domain}.enable")
        self.call(
            "Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}], media=""
        )
        self.call("Emulation.setTimezoneOverride", timezoneId=zone)
        self.set_screen(DESKTOP)
        if login:
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
        # in one go: between two, a script of the page may replace the element
        self.wait(f"((found) => found && (found.click(), true))({find(selector, text)})", f"{selector} {text!r}")

    def log_in(self, login):
        """Log in through the form; the demo's passwords are the logins."""
        self.go("/web/login?redirect=/my", "form input[name=password]")
        for name, value in (("login", login), ("password", login)):
            self.evaluate(f"document.querySelector('form input[name={name}]').value = {json.dumps(value)}")
        self.evaluate("document.querySelector('form input[name=password]').form.requestSubmit()")
        self.wait("location.pathname === '/my'", f"that {login} could log in")

    def settle(self):
        """Wait until fonts and pictures are there and nothing moves."""
        self.wait(SETTLED, "a page that has come to rest")


def find(selector, text=""):
    """Return the JavaScript of the first visible element that matches and has a text."""
    return (
        f"[...document.querySelectorAll({json.dumps(selector)})].find((element) =>"
        f" element.checkVisibility() && element.textContent.includes({json.dumps(text)}))"
    )
