"""Processes with Odoo that a test or a benchmark starts, and may kill: senders of messages, makers of visits."""

import subprocess
import sys

import psutil

from odoo.tools import config


class Nursery:
    """Starts workers of a program that forks one for each line, see ``notification_nursery`` and ``plan_nursery``."""

    def __init__(self, database, program):
        command = [sys.executable, "-W", "ignore", str(program), config["config"], database]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def start(self, order=""):
        """Start a worker, with what the program shall do where it can do several things; return its process id."""
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def kill(self):
        """End the workers that live."""
        for child in psutil.Process(self.process.pid).children():
            child.kill()

    def wait(self):
        """Wait until all workers have ended."""
        for child in psutil.Process(self.process.pid).children():
            child.wait()

    def close(self):
        """End the program and what it started."""
        self.kill()
        self.process.kill()
        self.process.communicate()
