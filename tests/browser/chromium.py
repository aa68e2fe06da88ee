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

PATIENCE = 120
DESKTOP = {"width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": False}
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
ZONE = "America/New_York"  # Odoo's calendar goes by the browser's clock; people are at their shop

# Each page counts from its beginning what it has asked of the server and has no answer to, and the frames since the
# last answer. Odoo's own sign of that comes a quarter of a second late.
COUNT = """(() => {
    const asked = window.asked = {underWay: 0, since: 0, urls: []};
    const begin = (url) => { asked.urls.push(String(url)); asked.underWay += 1; };
    const end = () => { asked.underWay -= 1; asked.since = 0; };
    const {open, send} = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (method, url) {
        this.askedUrl = url;
        return open.apply(this, arguments);
    };
    XMLHttpRequest.prototype.send = function () {
        begin(this.askedUrl);
        this.addEventListener('loadend', end, {once: true});
        return send.apply(this, arguments);
    };
    const {fetch} = window;
    window.fetch = async function (what) {
        begin(what.url || what);
        try {
            const answer = await fetch.apply(this, arguments);
            await answer.clone().arrayBuffer();
            return answer;
        } finally {
            end();
        }
    };
    const draw = () => { asked.since += 1; requestAnimationFrame(draw); };
    requestAnimationFrame(draw);
})()"""

# Timers of one length wait until the page is told to release them: no test needs to be quicker than they are.
HOLD = """((length) => {
    const {setTimeout: set, clearTimeout: clear} = window;
    const held = new Map();
    let number = 1000000000;
    let isHolding = true;
    window.setTimeout = (call, delay, ...more) => {
        if (delay !== length || !isHolding) { return set(call, delay, ...more); }
        held.set(++number, () => call(...more));
        return number;
    };
    window.clearTimeout = (timer) => { held.delete(timer) || clear(timer); };
    window.holdTimers = () => { isHolding = true; };
    window.releaseTimers = () => {
        isHolding = false;
        const calls = [...held.values()];
        held.clear();
        calls.forEach((call) => call());
    };
})(%s)"""

# What the pages cannot tell by themselves: everything has been answered and is drawn, fonts are there, pictures are
# there, nothing moves. The buttons of a chatter are disabled until it is loaded, and stay so for who may not write:
# then it has its messages.
SETTLED = """document.readyState === 'complete' && document.fonts.status === 'loaded'
    && window.asked.underWay === 0 && window.asked.since > 3
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
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/version", timeout=PATIENCE) as answer:
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
        # a page beside others in one browser counts as hidden, and has no focus
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)
        self.call("Page.addScriptToEvaluateOnNewDocument", source=COUNT)
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
        """Open a path of the server and wait for an element, ``shows``; it may be on the page that is left as well."""
        with contextlib.suppress(Failed):
            self.evaluate("window.isLeft = true")
        answer = self.call("Page.navigate", url=f"{self.url}{path}")
        is_new = "!window.isLeft" if "loaderId" in answer else "true"  # another place of the page is the same page
        self.wait(f"{is_new} && !location.href.startsWith('about:') && {find(shows)}", shows)

    def reload(self, shows):
        """Load the page again and wait for an element that it shows then."""
        self.evaluate("window.isLeft = true; location.reload()")
        self.wait(f"!window.isLeft && {find(shows)}", shows)

    def leave(self):
        """Leave the page, once it has come to rest."""
        if self.evaluate("location.href") != "about:blank":
            self.settle()
            self.call("Page.navigate", url="about:blank")
            self.wait("location.href === 'about:blank'")

    def click(self, selector, text=""):
        """Wait for an element with a text that can be clicked, and click it."""
        # in one go: between two, a script of the page may replace the element
        click = "((found) => found && !found.matches(':disabled') && (found.click(), true))"
        self.wait(f"{click}({find(selector, text)})", f"{selector} {text!r}")

    @contextlib.contextmanager
    def prepared(self, script):
        """Let a script run at the beginning of each document that is opened in the block."""
        number = self.call("Page.addScriptToEvaluateOnNewDocument", source=script)["identifier"]
        try:
            yield
        finally:
            self.call("Page.removeScriptToEvaluateOnNewDocument", identifier=number)

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
