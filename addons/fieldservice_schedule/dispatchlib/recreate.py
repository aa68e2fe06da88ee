"""Put visits back, each where it is cheapest: the recreate of SISR, by orders that change from try to try.

Where SISR skips single positions at random ("blinks"), this skips whole days, so that the best place in a tour is
looked for once and remembered as long as the tour is the same.
"""

from .engine import inserted
from .insertion import best_place

BLINK = 0.01


class Recreate:
    """Insert visits greedily, in an order that is drawn each time."""

    def __init__(self, board, nodes, random):
        """Prepare the orders of the visits ``nodes``; ``random`` is like ``random.Random(7).random``."""
        self.board = board
        self.random = random
        self.orders = _orders(board, nodes)
        self.drawn = [number for number, (weight, _key) in enumerate(self.orders) for _time in range(weight)]

    def order(self, nodes: list[int]) -> list[int]:
        """Return nodes in one of the orders, equals in random order."""
        random = self.random
        _weight, key = self.orders[self.drawn[int(random() * len(self.drawn))]]
        if key is None:
            return sorted(nodes, key=lambda _node: random())
        return sorted(nodes, key=lambda node: (key[node], random()))

    def put(self, tours, where, nodes, blink: float = BLINK) -> list[int]:
        """Insert ``nodes`` in this order into ``tours`` and ``where``; return those that are cheaper left out."""
        board, random = self.board, self.random
        left_out = []
        for node in nodes:
            least, chosen, at = board.worth[node], -1, 0
            for number in board.ways[node]:
                tour = tours[number]
                found = tour.best.get(node)
                if found is None:
                    found = best_place(tour, node)
                if found[0] < least and random() >= blink:
                    least, at = found
                    chosen = number
            where[node] = chosen
            if chosen < 0:
                left_out.append(node)
            else:
                tours[chosen] = inserted(tours[chosen], node, at)
        return left_out


def _orders(board, nodes) -> list[tuple[int, list | None]]:
    """Return ``(weight, key of each node)`` of the orders that tell visits apart; a None key is a random order."""
    far = [min((board.into[node][day.start] for day in board.days), default=0) for node in range(board.size)]
    spans = [_span(board, node) for node in range(board.size)]
    keys = [
        (4, [-visit.load for visit in board.visits]),
        (4, [-worth for worth in board.worth]),
        (2, [len(ways) for ways in board.ways]),
        (2, [-seconds for seconds in far]),
        (1, far),
        (2, [last - first for first, last in spans]),
        (2, [first for first, _last in spans]),
        (2, [-last for _first, last in spans]),
    ]
    return [(4, None), *((weight, key) for weight, key in keys if len({key[node] for node in nodes}) > 1)]


def _span(board, node: int) -> tuple[int, int]:
    """Return the first and the last start of a visit on any day."""
    infos = [board.days[number].info[node] for number in board.ways[node]]
    return min((info[0] for info in infos), default=0), max((info[1] for info in infos), default=0)
