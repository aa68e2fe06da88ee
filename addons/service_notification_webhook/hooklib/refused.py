"""Why an address is not sent to."""


class Refused(ValueError):
    """A URL, or an address that its host has, is not sent to.

    :param str code: one of ``CODES``
    :param str detail: what of it, e.g. the host or the address; empty when there is nothing to tell
    """

    CODES = (
        "characters",  # blanks, control characters, a backslash, or too long
        "url",  # not a URL
        "scheme",  # not https
        "userinfo",  # a name or password before the host
        "fragment",  # something after #
        "host",  # no host, or not a name
        "numeric",  # an address in another spelling than the usual one
        "port",  # not a port of the web
        "lookup",  # the name is not known
        "private",  # an address inside a network
        "never",  # an address that is nobody's receiver: metadata, multicast, reserved
        "allowed",  # an entry of the administrator's list that cannot be read
    )

    def __init__(self, code, detail=""):
        if code not in self.CODES:
            raise ValueError(f"unknown reason {code!r}")
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail
