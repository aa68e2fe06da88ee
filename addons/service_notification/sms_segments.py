"""How many segments an SMS takes, by GSM 03.38 and 3GPP TS 23.040.

A text of GSM characters has 160 a segment, 153 when it takes several; one character outside of that alphabet turns the
whole text into UCS-2, with 70 and 67.
"""

from typing import NamedTuple

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = "\f^{}\\[~]|€"
"""Characters of the GSM alphabet that take the place of two."""


class Segments(NamedTuple):
    """The size of an SMS: ``units`` are characters of its encoding."""

    encoding: str
    units: int
    count: int


def count_segments(text):
    """Return the :class:`Segments` of a text.

    >>> count_segments("a" * 160)
    Segments(encoding='GSM-7', units=160, count=1)
    >>> count_segments("a" * 161).count
    2
    >>> count_segments("Приве́т").encoding
    'UCS-2'
    """
    if all(character in BASIC or character in EXTENDED for character in text):
        sizes = [2 if character in EXTENDED else 1 for character in text]
        return Segments("GSM-7", sum(sizes), _count(sizes, 160, 153))
    sizes = [len(character.encode("utf-16-be")) // 2 for character in text]
    return Segments("UCS-2", sum(sizes), _count(sizes, 70, 67))


def _count(sizes, single, part):
    """Count the parts; a character of two units is never split between two."""
    if sum(sizes) <= single:
        return 1 if sizes else 0
    count, room = 1, part
    for size in sizes:
        if size > room:
            count, room = count + 1, part
        room -= size
    return count
