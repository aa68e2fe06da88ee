from odoo.tools import SQL


def post_init_hook(env):
    """Give the workers who were there before a resource, with the working hours that they had."""
    hours = dict(env.execute_query(SQL("SELECT id, calendar_id FROM fsm_person WHERE calendar_id IS NOT NULL")))
    people = env["fsm.person"].with_context(active_test=False).search([("resource_id", "=", False)])
    people._create_missing_resources({person.id: hours.get(person.id) for person in people})
    jobs = env["fsm.order"].search([("state", "in", ("requested", "assigned", "in_progress"))])
    jobs._adopt_times()
