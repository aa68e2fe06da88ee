"""Made-up days of a field-service firm in a made-up town, in the real shape: every hard rule and every wish occurs.

The town is 30 km wide; work lies in clusters. The same arguments give the same day.
"""

import random

from dispatchlib import Break, Fixed, Problem, Roads, Technician, Visit, Weights, travel_matrix

MINUTE, HOUR = 60, 3600
SIZES = {20: 3, 50: 8, 100: 15, 200: 25}
"""Technicians for a number of visits."""

URGENT = 3
SKILLS = ("glass", "calibration", "truck", "bodywork")
TERRITORIES = ("north-west", "north-east", "south-west", "south-east")
CENTRE = (52.0, 8.5)
WEIGHTS = Weights(even=30.0)


def city_day(visits: int, technicians: int | None = None, seed: int = 0) -> Problem:
    """Return the day of a firm with ``visits`` and so many ``technicians`` (by default what ``SIZES`` says)."""
    chance = random.Random(f"city {visits} {technicians} {seed}")
    technicians = technicians or SIZES[visits]
    centres = [_anywhere(chance) for _cluster in range(max(3, visits // 15))]
    spots = [_near(chance, chance.choice(centres)) for _visit in range(visits)]
    homes = [_anywhere(chance) for _technician in range(technicians)]
    meetings = [_anywhere(chance) for _meeting in range(technicians // 5)]
    people = tuple(_technician(chance, number, visits + number, homes[number]) for number in range(technicians))
    people = tuple(_with_meeting(chance, one, visits + technicians, len(meetings)) for one in people)
    work = tuple(_visit(chance, number, spot, technicians) for number, spot in enumerate(spots))
    places = [_degrees(spot) for spot in (*spots, *homes, *meetings)]
    return Problem(people, work, travel_matrix(places, Roads(factor=1.3, speed=40, padding=0.15)), WEIGHTS)


def _anywhere(chance):
    return (chance.uniform(0, 30), chance.uniform(0, 30))


def _near(chance, spot):
    return tuple(min(max(chance.gauss(one, 2.5), 0), 30) for one in spot)


def _degrees(spot):
    """Return latitude and longitude of kilometres east and north."""
    return (CENTRE[0] + spot[1] / 111.2, CENTRE[1] + spot[0] / 68.5)


def _territory(spot):
    return TERRITORIES[(spot[0] > 15) + 2 * (spot[1] < 15)]


def _technician(chance, number, place, home):
    opens = chance.choice([7, 8, 8, 8, 9]) * HOUR
    closes = opens + chance.choice([8, 9, 9]) * HOUR
    leave = chance.random() < 0.1
    hour = chance.randrange(opens + HOUR, closes - 2 * HOUR, HOUR)
    return Technician(
        f"technician {number}",
        ((opens, hour), (hour + HOUR, closes)) if leave else ((opens, closes),),
        place,
        place,
        skills=frozenset(
            skill for skill, part in zip(SKILLS, (0.9, 0.4, 0.3, 0.5), strict=True) if chance.random() < part
        ),
        territories=frozenset({_territory(home), *(["north-east"] if chance.random() < 0.3 else [])}),
        max_visits=chance.choice([8, 10, 12]),
        lunch=Break(30 * MINUTE, int(11.5 * HOUR), 13 * HOUR),
        overtime=0,
    )


def _with_meeting(chance, technician, first, meetings):
    """Give one in five an appointment that stands, at a place of its own."""
    number = int(technician.id.split()[1])
    if number % 5 or number // 5 >= meetings:
        return technician
    start = chance.choice([14, 15]) * HOUR
    fixed = Fixed(f"meeting {number}", first + number // 5, start, start + 45 * MINUTE)
    return Technician(**{**vars(technician), "fixed": (fixed,)})


def _visit(chance, number, spot, technicians):
    priority = chance.choices([0, 1, 2, URGENT], [70, 17, 8, 5])[0]
    somebody = frozenset({f"technician {chance.randrange(technicians)}"})
    return Visit(
        f"visit {number}",
        number,
        chance.choice([15, 20, 30, 30, 45, 45, 60, 60, 90]) * MINUTE,
        _windows(chance),
        skills=frozenset(
            chance.choices([(), (SKILLS[0],), (SKILLS[1],), SKILLS[2:3], SKILLS[3:]], [30, 35, 12, 8, 15])[0]
        ),
        preferred=somebody if chance.random() < 0.15 else frozenset(),
        previous=somebody if chance.random() < 0.2 else frozenset(),
        priority=priority,
        territory=_territory(spot),
    )


def _windows(chance):
    """Return any time, a half of the day, two hours, or either of two hours."""
    kind = chance.choices(["any", "half", "two hours", "either"], [35, 35, 20, 10])[0]
    if kind == "half":
        return (chance.choice([(8 * HOUR, 12 * HOUR), (12 * HOUR, 16 * HOUR)]),)
    if kind == "two hours":
        opens = chance.randrange(8, 15) * HOUR
        return ((opens, opens + 2 * HOUR),)
    if kind == "either":
        return ((8 * HOUR, 10 * HOUR), (14 * HOUR, 16 * HOUR))
    return ()
