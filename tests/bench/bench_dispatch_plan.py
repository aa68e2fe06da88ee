"""A plan of a day from end to end in Odoo: 50 jobs for 8 technicians are read, planned, checked, written and applied.

Seconds are those of the clock on the wall. The planner is bound by tries, so that runs compare.
"""

import random
import time
from datetime import datetime, timedelta

DAY = datetime(2032, 3, 1)  # a Monday
JOBS, PEOPLE, TRIES = 50, 8, 2000


def make(env):
    """Return a plan for made-up jobs and technicians around a town."""
    spot = random.Random(5).uniform
    env.company.partner_id.tz = "UTC"
    customer = env["res.partner"].create({"name": "Bench customer"})
    sites = env["fsm.location"].create(
        [{"name": f"Bench lot {number}", "owner_id": customer.id, "tz": "UTC"} for number in range(JOBS)]
    )
    people = env["fsm.person"].create([{"name": f"Bench technician {number}"} for number in range(PEOPLE)])
    for partner in sites.partner_id | people.partner_id:
        partner.write({"partner_latitude": spot(28.4, 28.6), "partner_longitude": spot(-81.5, -81.3)})
    window = {"request_early": DAY, "request_late": DAY + timedelta(hours=23)}
    jobs = env["fsm.order"].create(
        [{"location_id": site.id, "scheduled_duration": spot(0.5, 1.5), **window} for site in sites]
    )
    values = {"job_ids": [(6, 0, jobs.ids)], "person_ids": [(6, 0, people.ids)], "iterations": TRIES, "seconds": 600}
    return env["fsm.plan"].create({"date_from": DAY.date(), "date_to": DAY.date(), **values})


def measured(env, act):
    """Return ``(seconds, queries)`` of ``act``, with nothing read before."""
    env.flush_all()
    env.invalidate_all()
    queries, began = env.cr.sql_log_count, time.perf_counter()
    act()
    env.flush_all()
    return time.perf_counter() - began, env.cr.sql_log_count - queries


def main(env):
    """Print what each step takes."""
    plan = make(env)
    plan.state = "waiting"
    jobs, people, now = plan._find_jobs(), plan.person_ids, datetime(2032, 2, 29)
    layouts = []
    steps = {
        "read and lay out": lambda: layouts.append(plan._lay_out(jobs, people, now)),
        "read, plan, check, write": plan._run,
        "read again and compare": plan._find_changed,
        "apply": plan.action_apply,
    }
    print(f"{JOBS} jobs, {PEOPLE} technicians, {TRIES} tries")
    for name, act in steps.items():
        seconds, queries = measured(env, act)
        print(f"| {name:26} | {seconds:6.2f} s | {queries:5} queries |")
    print(f"{plan.state}: {len(plan.job_ids.filtered('person_id'))} of {JOBS} jobs have a technician")


main(env)  # noqa: F821  given by the tool
env.cr.rollback()  # noqa: F821
