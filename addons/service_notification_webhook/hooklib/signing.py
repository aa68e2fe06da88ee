"""Signatures after the Standard Webhooks specification, made by its library."""

import base64
import secrets

from standardwebhooks import Webhook

PREFIX = "whsec_"
SECRET_BYTES = 32
"""The specification asks for 24 to 64."""


def make_secret():
    """Return a new secret as receivers' libraries take it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def make_headers(keys, message_id, moment, body):
    """Return the three headers that let a receiver verify who sent a body, and when.

    :param keys: secrets; while one is rotated there are two, and a signature of each
    :param str message_id: the same for every try
    :param datetime moment: of this try, aware UTC
    :param str body: what is sent
    """
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(Webhook(key).sign(message_id, moment, body) for key in keys),
    }
