"""Visits of 1,000, 5,000 and 10,000 plans; then 10,000 more while the maker is killed twice, and two go on at once.

Each plan is weekly and has two visits within its two weeks, so 10,000 plans make 20,000 visits. Then technicians, some
of whom work at night, are looked for, for 500 and for 2,000 visits of a quarter of an hour: half of them by night.
"""

import gc
import sys
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parent))
from bench_tools import table, title
from nursery import Nursery
from plan_lab import PROGRAM, count_visits, create_nights, create_plans, create_technicians, find_faults

COUNTS = (1_000, 5_000, 10_000)
PLACED = (500, 2_000)
VISITS = 2
AIM_QUERIES = 5


def get_memory():
    """Return the resident memory of this process in MiB."""
    gc.collect()
    return psutil.Process().memory_info().rss / 2**20


def run(env, count):
    """Return the figures of making the visits of so many plans, and of a second run that finds nothing to do."""
    ids = create_plans(env, count).ids
    env.cr.commit()
    env.invalidate_all()
    memory, queries = get_memory(), env.cr.sql_log_count
    start, processor = time.perf_counter(), time.process_time()
    env["fsm.recurring"]._cron_generate_orders()
    env.cr.commit()
    seconds, processor = time.perf_counter() - start, time.process_time() - processor
    queries = (env.cr.sql_log_count - queries) / count
    env.invalidate_all()
    growth = get_memory() - memory
    assert not (faults := find_faults(env.cr, ids, VISITS)), faults[:3]
    before = env.cr.sql_log_count
    env["fsm.recurring"].browse(ids)._generate_orders()
    again = (env.cr.sql_log_count - before) / count
    env.cr.commit()
    env.invalidate_all()
    return count, seconds, processor / count * 1000, queries, again, memory, growth


def place(env, count):
    """Return the figures of looking for technicians for so many visits, and how many of them found one."""
    visits = create_nights(env, count)
    env.cr.commit()
    env.invalidate_all()
    memory, queries = get_memory(), env.cr.sql_log_count
    start, processor = time.perf_counter(), time.process_time()
    env["fsm.order"]._place_visits()
    env.cr.commit()
    seconds, processor = time.perf_counter() - start, time.process_time() - processor
    queries = (env.cr.sql_log_count - queries) / count
    env.invalidate_all()
    growth = get_memory() - memory
    placed = len(visits.filtered("person_id"))
    assert all(visits.mapped("placed_on"))
    return count, seconds, processor / count * 1000, queries, placed, memory, growth


def kill_and_resume(env, count):
    """Return when the makers were killed, as plans done, and how long two more took for the rest."""
    ids = create_plans(env, count).ids
    env.cr.commit()
    nursery = Nursery(env.cr.dbname, PROGRAM)
    killed = []
    for share in (0.25, 0.6):
        maker = psutil.Process(nursery.start())
        while len(count_visits(env.cr, ids)) < share * count:
            env.cr.rollback()
            time.sleep(0.02)
        maker.kill()
        maker.wait()
        env.cr.rollback()
        killed.append(len(count_visits(env.cr, ids)))
    start = time.perf_counter()
    nursery.start()
    nursery.start()
    nursery.wait()
    seconds = time.perf_counter() - start
    nursery.close()
    env.cr.rollback()
    return *killed, seconds, find_faults(env.cr, ids, VISITS)


def clean(env):
    """Remove what was committed: other benchmarks run on the same database."""
    env.cr.execute(
        """DELETE FROM fsm_order WHERE fsm_recurring_id IN
               (SELECT r.id FROM fsm_recurring r JOIN fsm_location l ON l.id = r.location_id
                  JOIN res_partner p ON p.id = l.partner_id WHERE p.name LIKE 'Bench lot %%');
           DELETE FROM fsm_recurring r USING fsm_location l, res_partner p
                 WHERE l.id = r.location_id AND p.id = l.partner_id AND p.name LIKE 'Bench lot %%'"""
    )
    env.cr.commit()


def main(env):
    """Print the tables and judge them."""
    env = env(context={"tracking_disable": True, "lang": "en_US"})
    env["fsm.recurring"].search([("state", "=", "progress")]).state = "suspend"
    title("Visits of plans")
    run(env, 100)  # caches warm
    rows = [run(env, count) for count in COUNTS]
    heads = ("plans", "seconds", "CPU ms each", "queries each", "again: queries each", "RSS MiB", "growth MiB")
    table(heads, [(row[0], *(f"{figure:.2f}" for figure in row[1:])) for row in rows])
    small, *_middle, large = rows
    print(f"processor time for each plan, 10,000 beside 1,000: {large[2] / small[2]:.2f} times (aim: about 1, linear)")
    print(f"queries for each plan: {large[3]:.2f} (aim: below {AIM_QUERIES})")
    print(f"memory: {small[6]:+.1f} MiB for 1,000, {large[6]:+.1f} MiB for 10,000 (aim: flat)")
    create_technicians(env)
    place(env, 100)  # caches warm
    heads = ("visits", "seconds", "CPU ms each", "queries each", "placed", "RSS MiB", "growth MiB")
    placed = [place(env, count) for count in PLACED]
    table(
        heads,
        [
            (row[0], f"{row[1]:.2f}", f"{row[2]:.2f}", f"{row[3]:.2f}", row[4], *(f"{one:.2f}" for one in row[5:]))
            for row in placed
        ],
    )
    first, second, seconds, faults = kill_and_resume(env, COUNTS[-1])
    print(f"killed with {first} and with {second} of {COUNTS[-1]} plans done; two makers at once did the rest in")
    print(f"{seconds:.1f} s: {len(faults)} plans with visits missing or double {faults[:3]} (aim: 0)")
    clean(env)


main(globals()["env"])
