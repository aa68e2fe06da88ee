"""A customer's browser without pictures: one session, light enough to run 64 of them beside the server."""

import http.client
import json
import re
import threading
import time
import urllib.parse
from collections import deque
from dataclasses import dataclass

PATIENCE = 120
CSRF = re.compile(r"""csrf_token(?:"\s*value=|'\s*value=|:\s*)["'](\w+)["']""")
FORM = "application/x-www-form-urlencoded"


class Gate:
    """The line in front of a server: what a reverse proxy does for the listen queue of Odoo's workers.

    That queue has 8 places a worker. Whoever comes when it is full waits for his packets to be sent again, and is cut
    off by the worker when that takes longer than two seconds. Here he waits in line: first come, first served.
    """

    def __init__(self, places):
        self.places = places
        self.lock = threading.Lock()
        self.line = deque()

    def __enter__(self):
        with self.lock:
            if self.places:
                self.places -= 1
                return
            turn = threading.Event()
            self.line.append(turn)
        turn.wait()

    def __exit__(self, *_error):
        with self.lock:
            if self.line:
                self.line.popleft().set()
            else:
                self.places += 1


class ConnectionBroke(Exception):
    """The server went away before it had answered."""


@dataclass
class Answer:
    """What came back: `seconds` from the first byte sent to the last one read."""

    status: int
    location: str
    text: str
    seconds: float

    @property
    def json(self):
        """The result of a JSON-RPC call; its error raises."""
        told = json.loads(self.text)
        if "error" in told:
            raise AssertionError(f"{told['error'].get('data', told['error'])}"[:500])
        return told["result"]


class Browser:
    """Keeps its cookies and sends one request after the other.

    :param gate: lets so many send at the same time; the others wait in line, and their clocks run
    :param str address: the network address the customer seems to come from, for servers behind a proxy
    """

    def __init__(self, port, gate, address="10.0.0.1"):
        self.port = port
        self.gate = gate
        self.cookies = {}
        self.csrf = ""
        self.headers = {"X-Forwarded-For": address, "X-Forwarded-Host": "race.example.com", "X-Forwarded-Proto": "http"}

    def get(self, path):
        """Return the `Answer` to a GET."""
        return self.send("GET", path)

    def post(self, path, values):
        """Send a form, with the session's CSRF token, and return the `Answer`. Redirects are not followed."""
        body = urllib.parse.urlencode({"csrf_token": self.csrf, **values})
        return self.send("POST", path, body, {"Content-Type": FORM})

    def call(self, path, **params):
        """Call a JSON-RPC route and return the `Answer`."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "id": 1, "params": params})
        return self.send("POST", path, body, {"Content-Type": "application/json"})

    def send(self, method, path, body=None, headers=None):
        """Send one request; `ConnectionBroke` when the server goes away meanwhile."""
        headers = {**self.headers, **(headers or {})}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        start = time.perf_counter()
        with self.gate:
            response, content = self._exchange(method, path, body, headers)
        seconds = time.perf_counter() - start
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _equals, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        text = content.decode(errors="replace")
        return Answer(response.status, response.headers.get("Location") or "", text, seconds)

    def _exchange(self, method, path, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response, response.read()
        except (OSError, http.client.HTTPException) as error:
            raise ConnectionBroke(repr(error)) from error
        finally:
            connection.close()

    def open(self, path):
        """Open a page, following redirects, and remember its CSRF token; return the `Answer`."""
        for _hop in range(5):
            answer = self.get(path)
            if answer.status not in (301, 302, 303, 307, 308):
                break
            parts = urllib.parse.urlsplit(answer.location)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
        found = CSRF.search(answer.text)
        if found:
            self.csrf = found[1]
        return answer

    def log_in(self, login, password):
        """Log in as a person does."""
        self.open("/web/login")
        answer = self.post("/web/login", {"login": login, "password": password})
        if answer.status != 303 or "/web/login" in answer.location:
            raise AssertionError(f"{login} could not log in: {answer.status}")
        self.open("/my")
        return self
