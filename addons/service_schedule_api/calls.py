"""One call of the API on its way."""

from .problems import Problem

WINDOW = 60
"""Seconds that a limit is for."""


class Call:
    """A call that has been counted: whose it is, what the limit leaves, and what it changed."""

    def __init__(self, id_, key, limit, count, seconds):
        """Make a call.

        :param int id_: of its row in the trail
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
        """The headers that every answer has (draft-ietf-httpapi-ratelimit-headers)."""
        left = max(0, self.limit - self.count)
        return {
            "RateLimit-Policy": f'"default";q={self.limit};w={WINDOW}',
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
