"""Senders of notifications that a test starts, and may kill."""

import subprocess
import sys
from pathlib import Path

import psutil

from odoo.tools import config


class Nursery:
    """Starts senders; see ``notification_nursery``."""

    def __init__(self, database):
        program = Path(__file__).parent / "notification_nursery.py"
        command = [sys.executable, "-W", "ignore", str(program), config["config"], database]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def start_sender(self):
        """Start a sender and return its process id."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def kill_senders(self):
        """End the senders that live."""
        for child in psutil.Process(self.process.pid).children():
            child.kill()

    def close(self):
        """End the program and what it started."""
        self.kill_senders()
        self.process.kill()
        self.process.communicate()
