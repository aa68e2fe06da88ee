"""A mail server that takes everything and keeps it: a process of its own, so that it shares nothing with who sends.

Python's own `smtpd` is gone in 3.12 and a package would be one more to pin: what Odoo speaks is five commands.
"""

import contextlib
import email
import email.policy
import json
import socket
import socketserver
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PATIENCE = 30


class _Session(socketserver.StreamRequestHandler):
    """One connection: reads commands, keeps each mail before it says that it took it."""

    def handle(self):
        self.reply("220 sink")
        self.recipients = []
        while line := self.rfile.readline():
            verb = line.split(maxsplit=1)[0].upper() if line.strip() else b""
            if verb == b"DATA":
                self.take()
            elif verb == b"QUIT":
                self.reply("221 bye")
                return
            else:
                if verb == b"RCPT":
                    self.recipients.append(line.decode().strip())
                self.reply("250 ok")

    def take(self):
        """Take one mail, slowly if asked to."""
        self.reply("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if not line:
            return  # the sender died in the middle: not taken
        time.sleep(self.server.delay)
        mail = b"".join(lines).decode("utf-8", "replace")
        row = {"at": time.time(), "session": self.client_address[1], "to": self.recipients, "mail": mail}
        with open(self.server.path, "a") as kept:
            kept.write(json.dumps(row) + "\n")
        self.recipients = []
        self.reply("250 taken")

    def reply(self, text):
        """Answer; who has hung up does not hear it."""
        with contextlib.suppress(OSError):
            self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Override: senders are killed in the middle; anything else is a fault of ours and is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class SmtpSink:
    """The sink, for the time of a `with` block; each mail takes `delay` seconds."""

    def __init__(self, delay=0):
        self.delay = delay
        self.process = None

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "mails"
        self.path.touch()
        with contextlib.closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, __file__, str(self.port), str(self.path), str(self.delay)]
        self.process = subprocess.Popen(command)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return self
            time.sleep(0.05)
        raise AssertionError("the mail server did not start")

    def __exit__(self, *_error):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()

    def count(self):
        """Return how many mails it took."""
        with open(self.path, "rb") as kept:
            return sum(1 for _line in kept)

    def read(self):
        """Return ``[(when, connection, mail)]`` of what it took, in order."""
        rows = [json.loads(line) for line in self.path.read_text().splitlines()]
        return [
            (row["at"], row["session"], email.message_from_string(row["mail"], policy=email.policy.default))
            for row in rows
        ]

    def create_server(self, env):
        """Let Odoo send its mails here."""
        env["ir.mail_server"].search([]).active = False
        values = {"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": self.port, "smtp_encryption": "none"}
        return env["ir.mail_server"].create(values)


if __name__ == "__main__":
    port, path, delay = sys.argv[1:]
    with _Server(("127.0.0.1", int(port)), _Session) as server:
        server.path, server.delay = path, float(delay)
        server.serve_forever()
