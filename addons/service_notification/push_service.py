"""Push messages to browsers and phones, by Odoo's own function; what the push service answered is told."""

import requests

from odoo.addons.mail.tools.web_push import DeviceUnreachableError, push_to_end_point

from .exceptions import DeliveryError

TOO_MANY = 429


class DeviceGone(DeliveryError):
    """The push service does not know the device any more: it never will again."""


class PushService:
    """Connections to the push services of browsers, kept open for a batch.

    :param str base_url: of this Odoo, where a push service finds who sends
    :param private_key, public_key: by which the devices know this Odoo (VAPID, RFC 8292)
    """

    def __init__(self, base_url, private_key, public_key):
        self.base_url = base_url
        self.private_key = private_key
        self.public_key = public_key
        self.session = _Session()

    def push(self, device, content):
        """Send a text to a device, encrypted for it (RFC 8291).

        :param dict device: ``id, endpoint, keys`` as in ``mail.push.device``
        :raise DeviceGone: 404 or 410
        :raise DeliveryError: any other answer than that it was taken, or none
        """
        self.session.status = None
        try:
            push_to_end_point(
                base_url=self.base_url,
                device=device,
                payload=content,
                vapid_private_key=self.private_key,
                vapid_public_key=self.public_key,
                session=self.session,
            )
        except DeviceUnreachableError as error:
            raise DeviceGone("The push service does not know the device any more", True) from error
        except requests.RequestException as error:
            raise DeliveryError(f"{type(error).__name__}: {error}") from error
        except (ValueError, TypeError, AttributeError) as error:  # keys that are none: the browser sent them
            raise DeliveryError(f"{type(error).__name__}: {error}", True) from error
        self._judge(self.session.status)

    @staticmethod
    def _judge(status):
        """Raise unless the service took it. Odoo's function only writes to the log."""
        if status is None or not 200 <= status < 300:
            is_permanent = bool(status) and 300 <= status < 500 and status != TOO_MANY
            raise DeliveryError(f"The push service answered {status}", is_permanent)

    def close(self):
        """Close the connections."""
        self.session.close()


class _Session(requests.Session):
    """Remembers how the last request was answered. Follows no redirect: the address came from a browser."""

    status = None

    def post(self, url, data=None, json=None, **kwargs):
        """Override to keep the status."""
        answer = super().post(url, data, json, **{**kwargs, "allow_redirects": False})
        self.status = answer.status_code
        return answer
