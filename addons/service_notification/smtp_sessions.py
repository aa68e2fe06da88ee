"""Connections to mail servers, kept open for a batch."""

import smtplib
import time

from .exceptions import ChannelDown

IDLE_SECONDS = 10
"""A connection that was not used for so long is tried before it is used: mail servers hang up."""


class SmtpSessions:
    """One connection for each mail server and sender, made when it is needed."""

    def __init__(self):
        self._open = {}
        self._used = {}

    def get(self, servers, server_id, sender):
        """Return a connection that works (None in tests, where Odoo sends nothing).

        :param servers: the (empty) model ``ir.mail_server``
        :param server_id: of the server that a template asks for, or False for the one that fits the sender
        :raise ChannelDown: the server does not answer
        """
        key = server_id, sender
        if time.monotonic() - self._used.get(key, 0) > IDLE_SECONDS and not self._is_alive(self._open.get(key)):
            self.drop(server_id, sender)
        if key not in self._open:
            try:
                self._open[key] = servers._connect__(mail_server_id=server_id or None, smtp_from=sender)
            except Exception as error:  # whatever a mail server's set-up or Odoo's modules for it raise
                raise ChannelDown(f"{type(error).__name__}: {error}") from error
        self._used[key] = time.monotonic()
        return self._open[key]

    @staticmethod
    def _is_alive(connection):
        if connection is None:
            return True
        try:
            return connection.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def drop(self, server_id, sender):
        """Forget a connection."""
        self._close(self._open.pop((server_id, sender), None))

    def close(self):
        """Close all."""
        for connection in self._open.values():
            self._close(connection)
        self._open = {}

    @staticmethod
    def _close(connection):
        if connection is not None:
            try:
                connection.quit()
            except (OSError, smtplib.SMTPException):
                connection.close()
