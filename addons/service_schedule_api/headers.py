"""Headers as clients write them. What cannot be read is refused or left out: it never reaches the database as it is."""

import re
import string
from urllib.parse import quote

from .problems import Problem

LONGEST_KEY = 255
VISIBLE = re.compile(r"[\x21-\x7e]+")
LANGUAGE = re.compile(r"[A-Za-z0-9-]{1,35}(;q=[01](\.\d{0,3})?)?", re.IGNORECASE)
LONGEST_WISH = 200
"""Characters of ``Accept-Language`` that are read; browsers send some sixty."""


def read_bearer(text):
    """Return the key of an ``Authorization`` header, "" when it has none.

    >>> read_bearer("bearer  0a1b "), read_bearer("Basic 0a1b"), read_bearer("Bearer 0a\\0b")
    ('0a1b', '', '')
    """
    kind, _space, key = text.partition(" ")
    key = key.strip()
    return key if kind.lower() == "bearer" and len(key) <= LONGEST_KEY and VISIBLE.fullmatch(key) else ""


def check_idempotency_key(key):
    """Raise 400 for an ``Idempotency-Key`` that is none."""
    if len(key) > LONGEST_KEY:
        raise Problem(400, errors=[("header.Idempotency-Key", f"at most {LONGEST_KEY} characters")])
    if not VISIBLE.fullmatch(key):
        raise Problem(400, errors=[("header.Idempotency-Key", "visible ASCII characters only")])


def tidy_environ(environ):
    """Mend what the parsers behind us stumble over; 400 for a length of the body that is no number."""
    if not (environ.get("CONTENT_LENGTH") or "0").isdecimal():
        raise Problem(400, errors=[("header.Content-Length", "no number")])
    if "HTTP_ACCEPT_LANGUAGE" in environ:
        environ["HTTP_ACCEPT_LANGUAGE"] = tidy_languages(environ["HTTP_ACCEPT_LANGUAGE"])
    # what was not escaped: nothing but ASCII is taken
    environ["QUERY_STRING"] = quote(environ.get("QUERY_STRING", "").encode("latin-1"), safe=string.punctuation)


def tidy_languages(text):
    """Return the wishes of an ``Accept-Language`` header that can be read, and not too many of them.

    >>> tidy_languages("de-AT, de; q=0.8,en;q=x,*;q=0.1,\\0")
    'de-AT,de;q=0.8'
    """
    wishes = (LANGUAGE.fullmatch(wish) for wish in re.sub(r"\s", "", text[:LONGEST_WISH]).split(","))
    return ",".join(wish[0] for wish in wishes if wish)
