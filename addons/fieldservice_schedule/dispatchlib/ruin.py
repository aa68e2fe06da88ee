"""Take out strings of neighbouring visits: the ruin of SISR (Christiaens & Vanden Berghe, 2020, section 5.1)."""

from math import inf

from .tour import build

MEAN_REMOVED = 10
LONGEST_STRING = 10
SPLIT_RATE = 0.5
SPLIT_DEEPER = 0.01

WHOLE_RATE = 0.02
"""How often a whole day is emptied: strings alone hardly ever free a technician."""


class Ruin:
    """Choose which visits leave their tours for another try.

    ``near`` are, for each visit that may leave, all of those visits, the nearest first.
    """

    def __init__(self, board, nodes, random):
        """Sort the visits ``nodes`` of ``board`` around each of them.

        :param random: a function like ``random.Random(7).random``
        """
        self.random = random
        self.near = []
        for node in nodes:
            out, into = board.out[node], board.into[node]
            self.near.append(sorted(nodes, key=lambda other, out=out, into=into: out[other] + into[other]))

    def choose(self, tours, where, placed: int, busy: int):
        """Return ``({day: smaller tour}, removed nodes)``; None where a smaller tour would be too late.

        :param where: day of each node, -1 where it is in none
        :param placed: how many visits have a day, and ``busy`` on how many days
        """
        random = self.random
        longest = min(LONGEST_STRING, placed / busy) if busy else 1
        strings = int(random() * (4 * MEAN_REMOVED / (1 + longest) - 1) + 1)
        touched, removed = {}, []
        if random() < WHOLE_RATE:
            strings, longest = 1, inf
        for node in self.near[int(random() * len(self.near))]:
            number = where[node]
            if number < 0 or number in touched:
                continue
            tour = tours[number]
            out = self._string(tour, node, longest, len(where))
            left = build(tour.day, [other for other in tour.nodes[1:-1] if other not in out])
            if left is None:
                return None
            touched[number] = left
            removed += out
            if len(touched) >= strings:
                break
        return touched, removed

    def _string(self, tour, node: int, longest: float, size: int) -> list[int]:
        """Return a string of a tour's visits with ``node`` in or near it; with a piece kept in its middle at times."""
        random = self.random
        nodes = tour.nodes
        count = len(nodes) - 2
        length = count if longest is inf else int(random() * min(count, longest) + 1)
        kept = 0
        if length > 1 and length < count and random() < SPLIT_RATE:
            kept = 1
            while length + kept < count and random() < SPLIT_DEEPER:
                kept += 1
        whole = length + kept
        at = nodes.index(node)
        low, high = max(1, at - whole + 1), min(at, count - whole + 1)
        first = low + int(random() * (high - low + 1))
        string = nodes[first : first + whole]
        if kept:
            gap = 1 + int(random() * (length - 1))
            string = string[:gap] + string[gap + kept :]
        # numbers from size on are appointments that stand
        return [other for other in string if other < size]
