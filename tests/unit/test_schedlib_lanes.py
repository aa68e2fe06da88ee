"""Lanes: masks and places agree with looking at every lane, every second and every arrangement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schedlib import (
    Grid,
    busy_lanes,
    first_lane,
    fitting_lanes,
    free_masks,
    normalise,
    places,
)
from schedlib_cases import most_runs, numbers_of, spans_of

SECONDS = st.integers(0, 60)
MASKS = st.integers(0, 2**12 - 1)
WIDTHS = st.integers(1, 5)
CLAIMS = st.tuples(SECONDS, st.integers(1, 25), st.integers(0, 5), st.integers(1, 3)).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1], drawn[2], drawn[3])
)
HOURS = st.none() | st.lists(st.tuples(SECONDS, SECONDS), max_size=4).map(normalise)


@st.composite
def grids(draw):
    """Draw starts and stops that both ascend; lengths differ, as those of windows do."""
    starts = sorted(draw(st.sets(SECONDS, max_size=12)))
    reach, stops = 0, []
    for start in starts:
        reach = max(reach, start + draw(st.integers(1, 15)))
        stops.append(reach)
    return Grid(tuple(starts), tuple(stops))


def _is_free(start, stop, lane, hours, claims, before, after):
    """Look at every second of a candidate with its buffers, on one lane."""
    if hours is not None and not any(a <= start and stop <= b for a, b in hours):
        return False
    wanted = set(range(start - before, stop + after))
    return not any(wanted & set(range(a, b)) for a, b, first, width in claims if first <= lane < first + width)


def _bits(mask):
    return {lane for lane in range(mask.bit_length()) if mask >> lane & 1}


@given(grids(), HOURS, st.lists(CLAIMS, max_size=30), st.integers(1, 6), st.integers(0, 9), st.integers(0, 9))
def test_free_masks_look_at_every_second(grid, hours, claims, lane_count, before, after):
    """A lane is free exactly if no second of a candidate and its buffers is claimed and it lies within the hours."""
    expected = [
        sum(1 << lane for lane in range(lane_count) if _is_free(start, stop, lane, hours, claims, before, after))
        for start, stop in zip(grid.starts, grid.stops, strict=True)
    ]
    assert free_masks(grid, hours, claims, lane_count, before, after) == expected


@given(grids(), st.lists(CLAIMS, min_size=8, max_size=60), st.integers(0, 9), st.integers(0, 9))
def test_few_candidates_and_many_agree(grid, claims, before, after):
    """Asked one by one, which takes the other way through the claims, candidates get the same answer as all at once."""
    one_by_one = [
        free_masks(Grid((start,), (stop,)), None, claims, 3, before, after)[0]
        for start, stop in zip(grid.starts, grid.stops, strict=True)
    ]
    assert free_masks(grid, None, claims, 3, before, after) == one_by_one


@given(grids(), HOURS, st.lists(CLAIMS, max_size=10), CLAIMS)
def test_a_claim_never_frees(grid, hours, claims, more):
    """One more claim takes lanes or leaves them, and never frees one."""
    earlier = free_masks(grid, hours, claims, 4)
    assert all(
        now & before == now for now, before in zip(free_masks(grid, hours, [*claims, more], 4), earlier, strict=True)
    )


@given(st.lists(CLAIMS, max_size=15), st.integers(1, 6))
def test_busy_lanes_hold_the_claimed_seconds(claims, lane_count):
    """The busy spans of a lane hold exactly the seconds claimed on it; lanes that do not exist are left out."""
    busy = busy_lanes(claims, lane_count)
    assert set(busy) <= set(range(lane_count))
    for lane in range(lane_count):
        held = numbers_of((start, stop) for start, stop, first, width in claims if first <= lane < first + width)
        assert busy.get(lane, []) == spans_of(held)


def test_touching_is_no_collision():
    """A claim that ends as the candidate starts, or starts as it ends, leaves it free; one second more does not."""
    grid = Grid((100,), (200,))
    assert free_masks(grid, None, [(0, 100, 0, 1), (200, 300, 0, 1)], 1) == [1]
    assert free_masks(grid, None, [(0, 101, 0, 1)], 1) == [0]
    assert free_masks(grid, None, [(199, 300, 0, 1)], 1) == [0]


def test_buffers_reach_outside_the_hours():
    """The first and the last slot of the day are free although their buffers lie outside the hours."""
    grid = Grid((0, 10, 20), (10, 20, 30))
    assert free_masks(grid, [(0, 30)], [], 1, before=5, after=5) == [1, 1, 1]


@given(MASKS, WIDTHS)
def test_places_is_the_best_arrangement(mask, width):
    """The number of places is the most disjoint runs that any arrangement finds."""
    assert places(mask, width) == most_runs(_bits(mask), width)


@given(MASKS, WIDTHS)
def test_fitting_lanes_are_all_that_fit(mask, width):
    """The lanes to try are all at which a whole run is free, ascending; the first lane is the first of them."""
    free = _bits(mask)
    fitting = [lane for lane in range(12) if set(range(lane, lane + width)) <= free]
    assert fitting_lanes(mask, width) == fitting
    assert first_lane(mask, width) == (fitting[0] if fitting else None)
    assert bool(fitting) == (places(mask, width) > 0)


@given(MASKS, WIDTHS)
def test_first_lane_wastes_no_place(mask, width):
    """Taking the first fitting lane leaves all the other places: first come, first served loses none."""
    lane = first_lane(mask, width)
    if lane is not None:
        taken = (1 << width) - 1 << lane
        assert places(mask & ~taken, width) == places(mask, width) - 1


def test_five_hundred_lanes():
    """The largest pool works: runs that are as wide as the pool, and a claim in its midst."""
    grid = Grid((0, 10), (10, 20))
    whole, split = free_masks(grid, None, [(12, 14, 250, 1)], 500)
    assert places(whole, 500) == 1
    assert first_lane(whole, 500) == 0
    assert places(split, 249) == 2
    assert fitting_lanes(split, 249) == [0, 1, 251]


@pytest.mark.parametrize("function", [places, first_lane, fitting_lanes])
@pytest.mark.parametrize("width", [0, -1])
def test_width_is_positive(function, width):
    """A claim of no lanes is a ``ValueError``, never a free ride."""
    with pytest.raises(ValueError, match="width"):
        function(0b111, width)
