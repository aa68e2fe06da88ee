"""Reading the URL of an endpoint: what is sent to whom, in one spelling only.

Parsers that read one URL in two ways are how a check is passed and another host reached. So whatever has two readings
is refused rather than mended, and what is sent to is made of the parts that were checked.
"""

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import idna

from .addresses import NEVER, PRIVATE, judge
from .refused import Refused

LONGEST = 2000
DEFAULT_PORTS = {"https": 443, "http": 80}
USUAL_PORTS = {"https": (443, 8443), "http": (80, 8080)}
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class Allowance(NamedTuple):
    """A host that the administrator allows by name.

    :param str host: in the spelling of `canonical_host`
    :param port: the one port, None for those of the web
    :param bool is_plain: also without TLS
    """

    host: str
    port: int | None
    is_plain: bool


class Target(NamedTuple):
    """Where a webhook goes.

    :param str url: in the one spelling
    :param str path: with the query
    :param bool is_allowed: by name: it may be in a private network
    """

    url: str
    scheme: str
    host: str
    port: int
    path: str
    is_allowed: bool


def parse(url, allowed=()):
    """Return the `Target` of a URL.

    :param allowed: `Allowance` of the administrator
    :raise Refused: it is not sent to
    """
    text = (url or "").strip()
    _check_characters(text)
    parts, port = _split(text)
    host = canonical_host(parts.hostname or "")
    port = port or DEFAULT_PORTS[parts.scheme]
    is_allowed = any(_matches(allowance, parts.scheme, host, port) for allowance in allowed)
    if not is_allowed:
        _check_public(parts.scheme, host, port)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        path += "?" + quote(parts.query, safe="/?%:@!$&'()*+,;=~-._[]")
    name = f"[{host}]" if ":" in host else host
    shown = name if port == DEFAULT_PORTS[parts.scheme] else f"{name}:{port}"
    return Target(f"{parts.scheme}://{shown}{path}", parts.scheme, host, port, path, is_allowed)


def parse_allowed(text):
    """Return the `Allowance` of the administrator's list: hosts, apart by blanks or commas.

    >>> parse_allowed("Receiver.lan, http://localhost:8000")
    (Allowance(host='receiver.lan', port=None, is_plain=False), Allowance(host='localhost', port=8000, is_plain=True))

    :raise Refused: an entry cannot be read
    """
    return tuple(_parse_allowance(entry) for entry in re.split(r"[\s,;]+", text or "") if entry)


def check_addresses(target, addresses):
    """Refuse a target unless every address that its name has may be sent to.

    :raise Refused: with the first address that may not
    """
    if not addresses:
        raise Refused("lookup", target.host)
    for address in addresses:
        kind = judge(address)
        if kind == NEVER:
            raise Refused("never", address)
        if kind == PRIVATE and not target.is_allowed:
            raise Refused("private", address)


def canonical_host(host):
    """Return a host's one spelling: lower case, Unicode as IDNA, addresses in their usual form.

    >>> canonical_host("Bücher.Example."), canonical_host("2606:4700:0::1111")
    ('xn--bcher-kva.example', '2606:4700::1111')

    :raise Refused: it is no host name
    """
    if ":" in host:
        return _canonical_address(ipaddress.IPv6Address, host)
    name = _to_ascii(host).lower().removesuffix(".")
    labels = name.split(".")
    if NUMBER.fullmatch(labels[-1]):
        return _canonical_address(ipaddress.IPv4Address, name)
    if len(name) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise Refused("host", host)
    return name


def _check_characters(text):
    """Refuse what parsers take away or read differently."""
    if len(text) > LONGEST or any(not char.isprintable() or char.isspace() or char == "\\" for char in text):
        raise Refused("characters")


def _split(text):
    """Return the parts of a URL, and the port that it names."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise Refused("url") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise Refused("scheme")
    if "@" in parts.netloc:
        raise Refused("userinfo")
    if "#" in text:
        raise Refused("fragment")
    if port == 0:
        raise Refused("port", "0")
    return parts, port


def _to_ascii(host):
    try:
        return host if host.isascii() else idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise Refused("host", host) from error


def _canonical_address(kind, text):
    """Return an address; octal, hexadecimal, short and decimal spellings are refused, and so is a zone."""
    try:
        address = kind(text)
    except ValueError as error:
        raise Refused("numeric", text) from error
    if getattr(address, "scope_id", None):
        raise Refused("numeric", text)
    return str(address)


def _check_public(scheme, host, port):
    """Refuse what only the administrator can allow."""
    if scheme != "https":
        raise Refused("scheme")
    if port not in USUAL_PORTS["https"]:
        raise Refused("port", str(port))
    if "." not in host and ":" not in host:
        raise Refused("private", host)


def _matches(allowance, scheme, host, port):
    is_port = port == allowance.port or (allowance.port is None and port in USUAL_PORTS[scheme])
    return allowance.host == host and is_port and (scheme == "https" or allowance.is_plain)


def _parse_allowance(entry):
    try:
        parts, port = _split(entry if "://" in entry else f"https://{entry}")
        if parts.path.strip("/") or parts.query:
            raise Refused("allowed", entry)
        return Allowance(canonical_host(parts.hostname or ""), port, parts.scheme == "http")
    except Refused as refused:
        raise Refused("allowed", entry) from refused
