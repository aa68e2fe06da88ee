"""A lot walk of the demo's technician, which the tests of several pages walk over."""

from datetime import timedelta

from odoo import fields

DEMO = "service_schedule_demo"


def make_walk(env):
    """Return a walk that began a minute ago, so that it is shown whatever the hour is.

    The demo's technician has nothing else.
    """
    person, site = env.ref(f"{DEMO}.person_glazier"), env.ref(f"{DEMO}.location_fleet")
    env["fsm.order"].search([("person_id", "=", person.id), ("state", "in", ("assigned", "in_progress"))]).write(
        {"person_id": False}
    )
    begin = {"scheduled_date_start": fields.Datetime.now() - timedelta(minutes=1), "scheduled_duration": 0.25}
    values = env["fsm.order"]._prepare_walk_values(site)
    return env["fsm.order"].create({**values, **begin, "person_id": person.id})
