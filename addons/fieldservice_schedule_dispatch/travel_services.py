"""Services that know the roads, each behind the same few lines: how long is it from these places to those?

No ``odoo`` here. A service is waited for no longer than it should, may redirect nowhere, and answers either with a
whole table in the right shape or with a `TravelError` that says what went wrong.
"""

import json
import time
import urllib.request
from http.client import HTTPException
from math import ceil, isfinite
from urllib.parse import urlencode

SILENCE_SECONDS = 15
"""How long a server may take to be reached, and to send something."""
TOTAL_SECONDS = 30
"""How long its whole answer may take."""
LARGEST = 20_000_000
"""Bytes of an answer that are read at most: 50 x 50 pairs are about 200 KB."""


class TravelError(Exception):
    """A service did not answer, or not what it was asked. The message is for the log and the administrator."""


class Service:
    """A server that is asked for driving times.

    :param str url: where it is, without the path of its question
    :param str key: what it wants to be shown; "" is nothing
    :param str profile: which vehicle; "" is a car
    """

    default_profile = ""

    def __init__(self, url, key="", profile="", total_seconds=TOTAL_SECONDS):
        self.url = url.rstrip("/")
        self.key = key
        self.profile = profile or self.default_profile
        self.total_seconds = total_seconds

    def ask(self, sources, targets):
        """Return ``[source][target]`` as ``(seconds, metres)``, both rounded up; None is no way.

        :param sources: ``(latitude, longitude)`` in degrees, and so ``targets``; as many as the server allows
        :raise TravelError: it does not answer, or nothing that can be used
        """
        answer = self._send(*self._question(sources, targets))
        try:
            return [
                [_pair(seconds, metres) for seconds, metres in zip(row, far, strict=True)]
                for row, far in zip(*self._read(answer, len(sources), len(targets)), strict=True)
            ]
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise TravelError(f"an answer of another shape ({error.__class__.__name__}: {error})") from error

    def _question(self, sources, targets):
        """Return ``(method, url, headers, parameters, JSON body or None)``."""
        raise NotImplementedError

    def _read(self, answer, height, width):
        """Return two tables ``height`` x ``width`` of the answer: seconds and metres; None where there is no way."""
        raise NotImplementedError

    def _send(self, method, url, headers, parameters, body):
        """Return the JSON that the server answers.

        :raise TravelError: it does not within its time, or it refuses
        """
        until = time.monotonic() + self.total_seconds
        content = None if body is None else json.dumps(body).encode()
        headers = {**headers, "Accept": "application/json", "Content-Type": "application/json", "User-Agent": "Odoo"}
        address = f"{url}?{urlencode(parameters)}" if parameters else url
        request = urllib.request.Request(address, content, headers, method=method)
        try:
            with _opener().open(request, timeout=min(SILENCE_SECONDS, self.total_seconds)) as response:
                text = _take(response, until)
                status = response.status
        except (OSError, HTTPException) as error:
            raise TravelError(f"{error.__class__.__name__} at {url.split(';')[0]}: {error}") from error
        if status != 200:
            raise TravelError(f"HTTP {status}: {text[:200].decode(errors='replace')}")
        try:
            return json.loads(text)
        except ValueError as error:
            raise TravelError("an answer that is no JSON") from error


class Osrm(Service):
    """The ``table`` service of OSRM."""

    default_profile = "driving"

    def _question(self, sources, targets):
        spots = ";".join(f"{lon:.5f},{lat:.5f}" for lat, lon in [*sources, *targets])
        parameters = {
            "annotations": "duration,distance",
            "sources": ";".join(str(number) for number in range(len(sources))),
            "destinations": ";".join(str(len(sources) + number) for number in range(len(targets))),
        }
        return "GET", f"{self.url}/table/v1/{self.profile}/{spots}", {}, parameters, None

    def _read(self, answer, height, width):
        if answer["code"] != "Ok":
            raise ValueError(answer["code"])
        seconds = _table(answer["durations"], height, width)
        # servers before version 5.18 know no distances
        return seconds, _table(answer.get("distances") or [[None] * width] * height, height, width)


class OpenRouteService(Service):
    """The ``matrix`` service of openrouteservice."""

    default_profile = "driving-car"

    def _question(self, sources, targets):
        body = {
            "locations": [[lon, lat] for lat, lon in [*sources, *targets]],
            "sources": list(range(len(sources))),
            "destinations": list(range(len(sources), len(sources) + len(targets))),
            "metrics": ["duration", "distance"],
            "units": "m",
        }
        headers = {"Authorization": self.key} if self.key else {}
        return "POST", f"{self.url}/v2/matrix/{self.profile}", headers, {}, body

    def _read(self, answer, height, width):
        seconds = _table(answer["durations"], height, width)
        return seconds, _table(answer.get("distances") or [[None] * width] * height, height, width)


class Valhalla(Service):
    """The ``sources_to_targets`` service of Valhalla."""

    default_profile = "auto"

    def _question(self, sources, targets):
        body = {
            "sources": [{"lat": lat, "lon": lon} for lat, lon in sources],
            "targets": [{"lat": lat, "lon": lon} for lat, lon in targets],
            "costing": self.profile,
            "units": "kilometers",
        }
        parameters = {"api_key": self.key} if self.key else {}
        return "POST", f"{self.url}/sources_to_targets", {}, parameters, body

    def _read(self, answer, height, width):
        rows = answer["sources_to_targets"]
        if isinstance(rows, dict):  # the short form
            seconds = _table(rows["durations"], height, width)
            far = _table(rows.get("distances") or [[None] * width] * height, height, width)
        else:
            cells = _table(rows, height, width)
            seconds = [[cell["time"] for cell in row] for row in cells]
            far = [[cell.get("distance") for cell in row] for row in cells]
        return seconds, [[None if km is None else km * 1000 for km in row] for row in far]


SERVICES = {"osrm": Osrm, "ors": OpenRouteService, "valhalla": Valhalla}


def _opener():
    """Return what opens addresses of the web, through the proxy of the machine if it has one, and follows none further.

    Without the handlers of ``urllib.request.urlopen`` for files, redirections and errors.
    """
    opener = urllib.request.OpenerDirector()
    for handler in (urllib.request.ProxyHandler, urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
        opener.add_handler(handler())
    return opener


def _take(response, until):
    """Return the body of a response, read until a moment of the monotonic clock.

    :raise TravelError: it takes too long or is too large
    """
    parts, size = [], 0
    while part := response.read1(65536):
        parts.append(part)
        size += len(part)
        if size > LARGEST or time.monotonic() > until:
            raise TravelError("an answer that is too long" if size > LARGEST else "an answer that does not end")
    return b"".join(parts)


def _table(rows, height, width):
    """Return a table that has the size it should have.

    :raise ValueError: it has not
    """
    if len(rows) != height or any(len(row) != width for row in rows):
        raise ValueError(f"{height} x {width} were asked")
    return rows


def _pair(seconds, metres):
    """Return ``(seconds, metres)`` in whole ones, None when there is no way.

    :raise ValueError: a time that cannot be
    """
    if seconds is None:
        return None
    figures = []
    for value in (seconds, metres or 0):
        if isinstance(value, bool) or not isfinite(value) or not 0 <= value < 2**31:
            raise ValueError(f"{value!r} is no time or distance")
        figures.append(ceil(value))
    return tuple(figures)
