"""A plan of a week from end to end in Odoo: jobs are read, planned, checked, written, compared and applied.

First jobs that nobody has; then the same jobs again, after they were dealt out blindly, so that nearly all of them
move. Seconds are those of the clock on the wall. The planner is bound by tries, so that runs compare;
``PLAN_TRIES`` (400) of the environment says how many.
"""

import os
import random
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from bench_tools import table

MONDAY = datetime(2032, 3, 1)
DAYS = 5
SIZES = ((50, 10), (100, 10), (200, 10))
"""Jobs and technicians."""
TRIES = int(os.environ.get("PLAN_TRIES", "400"))
JOBS_A_CUSTOMER = 5


class Week:
    """Made-up jobs, customers who have e-mail, and technicians who log in, around a town."""

    def __init__(self, env, jobs, people):
        self.env, self.random = env, random.Random(5)
        env.company.partner_id.tz = "UTC"
        sites = self.create_sites(jobs)
        self.people = self.create_people(people)
        for partner in sites.partner_id | self.people.partner_id:
            place = {"partner_latitude": self.spot(28.4, 28.6), "partner_longitude": self.spot(-81.5, -81.3)}
            partner.write(place)
        window = {"request_early": MONDAY, "request_late": MONDAY + timedelta(days=DAYS)}
        self.jobs = env["fsm.order"].create(
            [{"location_id": site.id, "scheduled_duration": self.spot(0.5, 1.5), **window} for site in sites]
        )

    def spot(self, least, most):
        """Return a number between two."""
        return self.random.uniform(least, most)

    def create_sites(self, count):
        """Return sites, some of each customer."""
        customers = self.env["res.partner"].create(
            [
                {"name": f"Bench customer {number}", "email": f"bench{number}@example.com", "tz": "UTC"}
                for number in range(-(-count // JOBS_A_CUSTOMER))
            ]
        )
        owners = [customers[number // JOBS_A_CUSTOMER].id for number in range(count)]
        return self.env["fsm.location"].create(
            [{"name": f"Bench lot {number}", "owner_id": owner, "tz": "UTC"} for number, owner in enumerate(owners)]
        )

    def create_people(self, count):
        """Return technicians with users."""
        group = self.env.ref("fieldservice.group_fsm_user_own")
        users = self.env["res.users"].create(
            [
                {
                    "name": f"Bench technician {number}",
                    "login": f"bench technician {number} of {count} {self.env.cr.now()}",
                    "email": f"technician{number}@example.com",
                    "tz": "UTC",
                    "group_ids": [(4, group.id)],
                }
                for number in range(count)
            ]
        )
        return self.env["fsm.person"].create([{"partner_id": partner.id} for partner in users.partner_id])

    def plan(self, **values):
        """Return a plan of these jobs that is waiting to be computed."""
        asked = {"job_ids": [(6, 0, self.jobs.ids)], "person_ids": [(6, 0, self.people.ids)]}
        bounds = {"iterations": TRIES, "seconds": 600, "state": "waiting"}
        days = {"date_from": MONDAY.date(), "date_to": MONDAY.date() + timedelta(days=DAYS - 1)}
        return self.env["fsm.plan"].create({**days, **asked, **bounds, **values})

    def deal_out(self):
        """Give the jobs to the technicians blindly, one every two hours."""
        hands = self.random.sample(list(self.jobs), len(self.jobs))
        dealt = {}
        for number, job in enumerate(hands):
            turn, whose = divmod(number, len(self.people))
            day, hour = divmod(turn, 5)
            start = MONDAY + timedelta(days=day, hours=8 + 2 * hour)
            dealt[job] = (self.people[whose], start, job.scheduled_duration)
        self.jobs._plan_many(dealt)


def measured(env, act):
    """Return ``(seconds, queries)`` of ``act``, with nothing read before."""
    env.flush_all()
    env.invalidate_all()
    queries, began = env.cr.sql_log_count, time.perf_counter()
    act()
    env.flush_all()
    return time.perf_counter() - began, env.cr.sql_log_count - queries


def run(env, plan, name):
    """Return a row for each step of a plan; its jobs stand beside."""
    jobs, people, now = plan._find_jobs(), plan.person_ids, datetime(2032, 2, 29)
    steps = {
        "read and lay out": lambda: plan._lay_out(jobs, people, now),
        "read, plan, check, write": plan._run,
        "read again and compare": plan._find_changed,
        "apply": plan.action_apply,
    }
    rows = []
    for step, act in steps.items():
        seconds, queries = measured(env, act)
        rows.append((len(jobs), name, step, f"{seconds:.2f}", queries, f"{queries / len(jobs):.2f}"))
    placed = len(jobs.filtered("person_id"))
    print(
        f"{len(jobs)} jobs, {name}: {plan.state}, {plan.change_count} changes, {placed} with a technician", flush=True
    )
    return rows


def main(env):
    """Print what each step takes."""
    rows = []
    for jobs, people in SIZES:
        week = Week(env, jobs, people)
        rows += run(env, week.plan(), "new")
        week.deal_out()
        again = {"kind": "replan", "with_assigned": True, "time_rule": "free"}
        rows += run(env, week.plan(**again), "moved")
        env.flush_all()
        env.cr.rollback()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {TRIES} tries\n")
    table(("jobs", "what", "step", "seconds", "queries", "queries a job"), rows)


main(env)  # noqa: F821  given by the tool
env.cr.rollback()  # noqa: F821
