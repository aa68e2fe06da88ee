"""To 19.0.1.1.0: holds, policies, no-shows."""


def migrate(cr, version):
    """Keep what offers did before: the first free resource is taken. What is booked gets the usual grace."""
    cr.execute("UPDATE service_offer SET assignment = 'first'")
    cr.execute("UPDATE service_reservation SET grace_minutes = 15")
