"""Twilio's signature of its requests: HMAC-SHA1 of the address and all parameters, with the account's token.

https://www.twilio.com/docs/usage/security#validating-requests. Odoo's ``sms_twilio`` has the same for its own address
of delivery reports only.
"""

import base64
import hashlib
import hmac


def sign(token, url, params):
    """Return the signature in base64.

    :param str token: the account's secret
    :param str url: the whole address, as Twilio has been given it
    :param params: a multi-dict of what was posted; of a name that comes several times each value counts once
    """
    parts = [f"{name}{value}" for name in sorted(params) for value in sorted(set(params.getlist(name)))]
    digest = hmac.new(token.encode(), "".join([url, *parts]).encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def is_signed(token, url, params, signature):
    """Return whether a request is Twilio's. Nothing is signed with an empty token, or anybody could."""
    return bool(token) and hmac.compare_digest(sign(token, url, params).encode(), (signature or "").encode())
