"""What happens at the windshield firm, as tables: who, where, what, when."""

DAMAGES = {
    "chip": ("Chip in the windshield, driver's side", 0.5, 60.0, "chip"),
    "chips": ("Two chips, passenger's side", 0.75, 95.0, "chip"),
    "crack": ("Crack, 12 cm, from the lower edge", 1.0, 120.0, "crack"),
    "replace": ("Crack, 30 cm: replace the windshield", 1.5, 340.0, "replace"),
    "truck": ("Coach windshield, left half: replace", 2.0, 780.0, "truck"),
}
"""What is to be done, how many hours it takes, what it costs, and the skill for it."""

DAY, NOON = 24 * 60, 12 * 60

PAST = (
    (2, "owen", 8 * 60, "taxi", "chip"),  # called off
    (3, "hanna", 9 * 60, "coaches", "truck"),  # could not be done
    (6, "glazier", 8 * 60, "fleet", "replace"),
    (6, "glazier", NOON, "share", "chip"),
    (6, "carlos", 9 * 60, "movers", "chips"),
    (5, "owen", 8 * 60, "plumbing", "crack"),
    (5, "hanna", 10 * 60, "care", "chip"),
    (5, "carlos", NOON, "couriers", "replace"),
    (4, "glazier", 9 * 60, "linen", "chips"),
    (4, "owen", 11 * 60, "electric", "chip"),
    (4, "hanna", 8 * 60, "buses", "truck"),
    (3, "glazier", 9 * 60, "fleet", "crack"),
    (3, "owen", 14 * 60, "taxi", "chips"),
    (2, "glazier", 8 * 60, "rentals", "replace"),
    (2, "carlos", 10 * 60, "movers", "replace"),
    (2, "hanna", 13 * 60, "coaches", "chip"),
    (1, "glazier", 8 * 60, "fleet", "chip"),
    (1, "owen", 9 * 60, "linen", "crack"),
    (1, "hanna", 8 * 60 + 30, "care", "replace"),
    (1, "carlos", 10 * 60, "electric", "chips"),
)
"""Days ago, technician, minute of the day, customer, damage. The first was called off, the second could not be done."""

TODAY = (
    ("glazier", -240, "fleet", "crack", "completed"),
    ("glazier", -150, "linen", "chips", "completed"),
    ("glazier", -30, "taxi", "replace", "in_progress"),
    ("glazier", 105, "fleet", "walk", "assigned"),
    ("glazier", 210, "share", "chip", "assigned"),
    ("glazier", 285, "rentals", "chips", "assigned"),
    ("owen", -210, "plumbing", "crack", "completed"),
    ("owen", -45, "electric", "chip", "assigned"),  # should have begun
    ("owen", 90, "couriers", "chips", "assigned"),
    ("owen", 180, "rentals", "crack", "assigned"),
    ("hanna", -210, "coaches", "truck", "completed"),
    ("hanna", 45, "buses", "truck", "assigned"),
    ("hanna", 210, "care", "replace", "assigned"),
    ("carlos", -200, "movers", "replace", "completed"),
    ("carlos", 60, "couriers", "replace", "assigned"),
    ("carlos", 195, "movers", "chip", "assigned"),
)
"""Technician, minutes from now, customer, damage, state."""

UNASSIGNED = (
    ("taxi", "replace", "3", 30, 240),
    ("plumbing", "chip", "0", DAY, DAY + 8 * 60),
)
"""Customer, damage, priority, from when and until when it is wanted, in minutes from now."""

COMING = (
    (1, "glazier", 14 * 60, "fleet", "replace"),
    (1, "owen", 10 * 60, "taxi", "crack"),
    (1, "hanna", 11 * 60, "coaches", "truck"),
    (1, "carlos", 15 * 60, "electric", "replace"),
    (2, "glazier", 11 * 60, "share", "chips"),
    (2, "owen", 15 * 60, "linen", "chip"),
    (2, "hanna", 15 * 60, "care", "replace"),
    (3, "glazier", 15 * 60, "plumbing", "crack"),
    (3, "carlos", 15 * 60 + 30, "rentals", "replace"),
    (4, "owen", 14 * 60, "couriers", "chips"),
    (4, "hanna", 15 * 60, "buses", "truck"),
    (5, "glazier", 15 * 60, "fleet", "chips"),
)
"""Days ahead, technician, minute of the day, customer, damage."""

FINDINGS = {
    2: ("chip", 1, "Driver's side, low", True),
    5: ("crack", 1, "From the right edge, 20 cm", False),
    6: ("wipers", 2, "", False),
    11: ("windshield", 1, "Stone on the highway", False),
}
"""What was found on yesterday's lot walk: the unit's turn, kind of damage, how many, note, repaired on the spot."""
