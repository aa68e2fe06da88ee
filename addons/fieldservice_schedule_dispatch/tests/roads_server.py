"""A server of roads on this machine that speaks three languages, and misbehaves when it is told to."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class RoadsServer:
    """Roads on which a degree takes 100,000 seconds; east costs as much again. For a ``with`` block.

    ``asked`` are the questions: ``(path, headers, sources, targets)``; ``mode`` is how it behaves: ``good``, ``500``,
    ``slow``, ``shape`` (a row too few), ``text``, ``redirect``, ``huge`` or ``negative``; ``islands`` are places
    ``(latitude, longitude)`` without roads.
    """

    def __init__(self, mode="good"):
        self.mode, self.asked, self.islands = mode, [], set()
        handler = type("Handler", (_Handler,), {"roads": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()

    def drive(self, origin, target):
        """Return seconds; None without a way."""
        if origin in self.islands or target in self.islands:
            return None
        east = target[1] - origin[1]
        return round(100_000 * (abs(target[0] - origin[0]) + abs(east) + max(0, east)), 1)


class _Handler(BaseHTTPRequestHandler):
    roads = None

    def do_GET(self):
        parts = urlsplit(self.path)
        _nothing, service, _version, _profile, text = parts.path.split("/")
        query = parse_qs(parts.query)
        spots = [tuple(map(float, spot.split(",")))[::-1] for spot in text.split(";")]
        picked = [[spots[int(number)] for number in query[side][0].split(";")] for side in ("sources", "destinations")]
        self.answer(service, *picked)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.startswith("/v2/matrix/"):
            spots = [(lat, lon) for lon, lat in body["locations"]]
            self.answer("ors", *([spots[number] for number in body[side]] for side in ("sources", "destinations")))
        else:
            sides = ([(spot["lat"], spot["lon"]) for spot in body[side]] for side in ("sources", "targets"))
            self.answer("valhalla", *sides)

    def answer(self, service, sources, targets):
        """Answer as the service would, or as it should not."""
        roads = self.roads
        roads.asked.append((self.path, dict(self.headers), sources, targets))
        table = [[roads.drive(origin, target) for target in targets] for origin in sources]
        far = [[None if seconds is None else seconds * 10 for seconds in row] for row in table]
        if roads.mode == "shape":
            table.pop()
        if roads.mode == "negative":
            table[0][0] = -5
        if service == "valhalla":
            cells = [
                [{"time": time_, "distance": metres and metres / 1000} for time_, metres in zip(row, long, strict=True)]
                for row, long in zip(table, far[: len(table)], strict=True)
            ]
            self.send(200, {"sources_to_targets": cells})
        else:
            self.send(200, {"code": "Ok", "durations": table, "distances": far})

    def send(self, status, body):
        """Send JSON, or what the mode makes of it."""
        mode, content = self.roads.mode, json.dumps(body).encode()
        if mode == "500":
            status, content = 500, b"out of order"
        elif mode == "text":
            content = b"<html>welcome</html>"
        elif mode == "redirect":
            status = 302
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if mode == "redirect":
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        if mode != "slow":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            if mode == "slow":
                for _drop in range(600):
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.1)
            self.wfile.write(content)
        except OSError:
            return  # it has given up, as it should

    def log_message(self, *_arguments):
        """Say nothing."""
