"""Steps with progress: what is being done, and how many seconds it took."""

import contextlib
import sys
import threading
import time

_TICK = 1.0


@contextlib.contextmanager
def step(title):
    """Print `title`, count the seconds on a terminal while the block runs, and print them at the end."""
    started, done = time.monotonic(), threading.Event()
    ticker = threading.Thread(target=_tick, args=(title, started, done), daemon=True)
    print(f"  .. {title}", end="" if sys.stdout.isatty() else "\n", flush=True)
    if sys.stdout.isatty():
        ticker.start()
    mark = "!!"
    try:
        yield
        mark = "ok"
    finally:
        done.set()
        if ticker.is_alive():
            ticker.join()
        lead = "\r" if sys.stdout.isatty() else ""
        print(f"{lead}  {mark} {title}  {time.monotonic() - started:.1f} s", flush=True)


def _tick(title, started, done):
    while not done.wait(_TICK):
        print(f"\r  .. {title}  {time.monotonic() - started:.0f} s", end="", flush=True)


def say(text):
    """Print a line of progress or of result."""
    print(text, flush=True)
