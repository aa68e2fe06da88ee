"""One call of the API on its way."""

from ipaddress import ip_address, ip_network

from .problems import Problem

WINDOW = 60
"""Seconds that a limit is for."""


class Call:
    """A call that has been counted: whose it is, what the limit leaves, and what it changed."""

    def __init__(self, id_, key, limit, count, seconds):
        """Make a call.

        :param id_: of its row in the trail; None for one without a row of its own: one too many, or without a key
        :param key: whose it is, None without a valid key
        :param int limit: calls of this minute that are allowed
        :param int count: calls of this minute, this one included
        :param int seconds: until the next minute begins
        """
        self.id, self.key, self.limit, self.count, self.seconds = id_, key, limit, count, seconds
        self.record = None
        self.change = ""

    @property
    def uid(self):
        """The user in whose name it acts."""
        return self.key.user_id

    @property
    def headers(self):
        """The headers that every answer has (draft-ietf-httpapi-ratelimit-headers); it is for who has the key alone."""
        left = max(0, self.limit - self.count)
        return {
            "RateLimit-Policy": f'"default";q={self.limit};w={WINDOW}',
            "Cache-Control": "no-store",
            "RateLimit": f'"default";r={left};t={self.seconds}',
        }

    @property
    def refusal(self):
        """The problem that keeps the call out, None when it may come in."""
        if self.count > self.limit:
            return Problem(429, headers={"Retry-After": str(self.seconds)})
        if not self.key:
            return Problem(401, headers={"WWW-Authenticate": 'Bearer realm="service-schedule"'})
        return None


def get_network(address):
    """Return what an internet address is counted by: itself, of IPv6 its network, for each has 2^64 addresses.

    >>> get_network("192.0.2.7"), get_network("2001:db8::1"), get_network("::ffff:192.0.2.7"), get_network("")
    ('192.0.2.7', '2001:db8::/64', '192.0.2.7', '')
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if ip.version == 4 or ip.ipv4_mapped:
        return str(ip if ip.version == 4 else ip.ipv4_mapped)
    return str(ip_network((ip.packed[:8] + bytes(8), 64)))
