"""Names to addresses, in bounded time."""

import queue
import socket
import threading

from .refused import Refused


def resolve(host, port, seconds):
    """Return the addresses of a host as texts, in the order in which they should be tried.

    The resolver of the system cannot be interrupted, so it works in a thread of its own that nobody waits for too long.

    :raise Refused: the name is not known, or the answer took longer than `seconds`
    """
    answers = queue.SimpleQueue()
    threading.Thread(target=_look_up, args=(host, port, answers), daemon=True, name="webhook-resolver").start()
    try:
        answer = answers.get(timeout=max(seconds, 0.01))
    except queue.Empty:
        raise Refused("lookup", host) from None
    if not answer:
        raise Refused("lookup", host)
    return answer


def _look_up(host, port, answers):
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        found = []
    answers.put(list(dict.fromkeys(address[0] for *_kind, address in found)))
