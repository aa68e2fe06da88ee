"""A mail server that takes everything and keeps it: a process of its own, so that it shares nothing with who sends.

Python's own `smtpd` is gone in 3.12 and a package would be one more to pin: what Odoo speaks is five commands.
"""

import contextlib
import email
import email.policy
import itertools
import json
import socketserver
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class _Session(socketserver.StreamRequestHandler):
    """One connection: reads commands, keeps each mail before it says that it took it."""

    def handle(self):
        self.number = next(self.server.numbers)
        self.reply("220 sink")
        self.recipients = []
        while line := self.rfile.readline():
            verb = line.split(maxsplit=1)[0].upper() if line.strip() else b""
            if verb == b"DATA":
                self.take()
            elif verb == b"QUIT":
                self.keep("ended", self.number)
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
        while (self.server.folder / "held").exists():
            time.sleep(0.01)
        mail = b"".join(lines).decode("utf-8", "replace")
        self.keep("mails", {"at": time.time(), "session": self.number, "to": self.recipients, "mail": mail})
        self.recipients = []
        self.reply("250 taken")

    def keep(self, name, row):
        """Write a line to a file."""
        with open(self.server.folder / name, "a") as kept:
            kept.write(json.dumps(row) + "\n")

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
        self.path, self.ended, self.held = (Path(self.folder.name) / name for name in ("mails", "ended", "held"))
        self.path.touch()
        self.ended.touch()
        command = [sys.executable, __file__, self.folder.name, str(self.delay)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *_error):
        self.process.kill()
        self.process.communicate()
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

    def read_ended(self):
        """Return the connections whose client took its leave; those of who was killed are not among them."""
        return set(map(json.loads, self.ended.read_text().splitlines()))

    @contextlib.contextmanager
    def holding(self):
        """Take no mail, but let senders wait, while the block runs."""
        self.held.touch()
        try:
            yield
        finally:
            self.held.unlink()

    def create_server(self, env):
        """Let Odoo send its mails here."""
        env["ir.mail_server"].search([]).active = False
        values = {"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": self.port, "smtp_encryption": "none"}
        return env["ir.mail_server"].create(values)


if __name__ == "__main__":
    folder, delay = sys.argv[1:]
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.folder, server.delay, server.numbers = Path(folder), float(delay), itertools.count()
        print(server.server_address[1], flush=True)
        server.serve_forever()
