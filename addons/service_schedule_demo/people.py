"""Who may log in: the users of ``data/users.json``, each with the clock of his shop and the page where his work is."""

import json

from odoo.tools import file_open

FILE = "service_schedule_demo/data/users.json"
BACKEND = "/odoo/"
ON_THE_ROAD = {"/field": "/odoo/my-jobs"}
"""Whose page is not one of Odoo's has another one when he comes to Odoo."""


def settle_in(env):
    """Let nobody's first log-in change his clock, and open his own page after it; who has settled in stays as he is.

    At the first log-in Odoo takes the browser's zone, and these people are at their shops; without a first page Odoo
    shows them an empty Discuss.
    """
    with file_open(FILE) as file:
        starts = {user["login"]: user["start"] for user in json.load(file)}
    users = env["res.users"].search([("login", "in", [*starts, "admin"])])
    for user in users.filtered(lambda user: not user.login_date):
        user.with_user(user)._update_last_login()
    for user in users.filtered(lambda user: user._is_internal() and not user.action_id):
        user.action_id = _find_action(env, starts.get(user.login, ""))


def _find_action(env, start):
    """Return the id of the action of a page, ``/odoo/<its path>`` or ``/odoo/action-<its name>``; False of another."""
    name = ON_THE_ROAD.get(start, start).removeprefix(BACKEND)
    if name.startswith("action-"):
        return env.ref(name.removeprefix("action-")).id
    return name and env["ir.actions.actions"].search([("path", "=", name)]).id
