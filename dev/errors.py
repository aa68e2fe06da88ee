"""What can go wrong on a machine, each told in one sentence."""

import errno


class Failure(Exception):
    """A sentence for the person at the keyboard; the command line prints it and exits with 1."""


NETWORK = (
    "Temporary failure resolving",
    "Temporary failure in name resolution",
    "Name or service not known",
    "Could not resolve",
    "Could not connect",
    "Network is unreachable",
    "Failed to establish a new connection",
    "Cannot initiate the connection",
    "Unable to connect to",
    "Connection refused",
    "Connection timed out",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
)
DISK = ("No space left on device", "ENOSPC", "could not extend file", "Disk quota exceeded")


def cause_in(text):
    """Return the sentence that explains a failed program's output, or None when it holds no known cause.

    >>> cause_in("E: Could not resolve 'somewhere'")
    'there is no network, or the package server does not answer'
    >>> cause_in("tar: x: Cannot write: No space left on device")
    'the disk is full'
    >>> cause_in("fine") is None
    True
    """
    if any(word in text for word in DISK):
        return "the disk is full"
    if any(word in text for word in NETWORK):
        return "there is no network, or the package server does not answer"
    return None


def from_os_error(error):
    """Return the `Failure` that tells an `OSError` which no step expected."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Failure(f"The disk is full ({error.filename or 'while writing'}): free some space and start again.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Failure(f"No right to use {error.filename}: {error.strerror}.")
    return Failure(f"The system refused: {error}.")
