"""Spans: the algebra agrees with plain sets of ints."""

from hypothesis import given
from hypothesis import strategies as st
from schedlib import covers, intersect, normalise, subtract
from schedlib_cases import numbers_of, spans_of

NUMBERS = st.integers(-20, 40)
RAW = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=12)
SPANS = RAW.map(normalise)


@given(RAW)
def test_normalise_is_the_set(raw):
    """Normalised spans hold the same numbers, are sorted, disjoint, do not touch, and hold no empty span."""
    assert normalise(raw) == spans_of(numbers_of(raw))


@given(SPANS)
def test_normalise_again_changes_nothing(spans):
    """Normalising twice is normalising once."""
    assert normalise(spans) == spans


@given(SPANS, SPANS)
def test_intersect_is_the_set_operation(a, b):
    """The intersection holds the numbers that both hold, in normal form, whichever comes first."""
    assert intersect(a, b) == spans_of(numbers_of(a) & numbers_of(b)) == intersect(b, a)


@given(SPANS, SPANS)
def test_subtract_is_the_set_operation(a, b):
    """The difference holds the numbers of the first that the second lacks, in normal form."""
    assert subtract(a, b) == spans_of(numbers_of(a) - numbers_of(b))


@given(SPANS, SPANS)
def test_parts_make_the_whole(a, b):
    """What two spans share and what only the first has make up the first."""
    assert normalise(intersect(a, b) + subtract(a, b)) == a


@given(SPANS, NUMBERS, st.integers(1, 20))
def test_covers_is_the_subset(spans, start, length):
    """A stretch is covered if every number of it lies in the spans."""
    assert covers(spans, start, start + length) == (set(range(start, start + length)) <= numbers_of(spans))


def test_nothing_in_nothing_out():
    """Empty spans are fine everywhere, and inputs are left alone."""
    spans = [(1, 5)]
    assert normalise([]) == intersect([], spans) == subtract([], spans) == []
    assert subtract(spans, []) == spans == [(1, 5)]
    assert not covers([], 1, 2)
