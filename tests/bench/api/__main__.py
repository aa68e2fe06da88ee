"""Call every GET of the API and `POST /orders` on a served Odoo, beside `/json/2` and a route that does nothing."""

import logging
import os
import pathlib
import sys
from contextlib import closing

from race.report import table, title
from race.serving import Server

from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config

from .load import Caller, Figures, measure
from .routes import Request, make_routes
from .world import create_world

ORDERS = int(os.environ.get("API_ORDERS") or 1000)
CLIENTS = int(os.environ.get("API_CLIENTS") or 4)
SECONDS = float(os.environ.get("API_SECONDS") or 2)
TURNS = int(os.environ.get("API_TURNS") or 3)
ONLY = os.environ.get("API_ONLY", "")
WORKERS = 2
AIM = 2
NOTHING = Request("POST", "/web/webclient/version_info", {})
WARM = 3
"""Calls for each worker, before anything is measured."""
TICKS = os.sysconf("SC_CLK_TCK")


def main():
    """Run everything; return the exit code: 1 when a call was not done."""
    conf, root = os.environ["BENCH_CONF"], pathlib.Path(os.environ["BENCH_ROOT"])
    config.parse_config(["-c", conf])
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    [database] = config["db_name"] if isinstance(config["db_name"], list) else [config["db_name"]]
    with closing(Registry(database).cursor()) as cr:
        world = create_world(api.Environment(cr, api.SUPERUSER_ID, {}), ORDERS)
        cr.commit()
    with Server(database, conf, root / ".run" / "log" / "bench-api.log", WORKERS) as server:
        return _run(server, world)


def _run(server, world):
    title(f"The API beside Odoo's own: {WORKERS} workers, {CLIENTS} clients, {ORDERS} orders")
    caller = Caller(server.port, world.key)
    nothing = _by(caller, [lambda _before: NOTHING])
    print(_tell("A route that does nothing", _measure_all(server, {"": nothing})[""]))
    rows, failed = [], 0
    for route in make_routes(world):
        if ONLY in route.name:
            row, errors = _measure_route(server, caller, route)
            rows.append(row)
            failed += errors
    heads = ["call", "req/s", "p50 ms", "p95 ms", "CPU ms", "/json/2 req/s", "p50 ms", "p95 ms", "CPU ms"]
    table([*heads, "CPU, ours / theirs", "errors"], rows)
    print("CPU: of the workers, a call; PostgreSQL's is not in it.")
    print(f"Aim: at most {AIM} times /json/2, no error. Load at the end: {os.getloadavg()[0]:.1f}.")
    return int(bool(failed))


def _measure_route(server, caller, route):
    """Return the table's row of a route, and how many calls were not done."""
    ours = Request(route.ours.method, f"/api/v1{route.ours.path}", route.ours.body)
    acts = {"ours": _by(caller, [lambda _before: ours])}
    if route.theirs:
        acts["theirs"] = _by(caller, route.theirs)
    figures = _measure_all(server, acts)
    cells = [route.name]
    for name in ("ours", "theirs"):
        cells += _describe(figures[name]) if name in figures else ["-"] * 4
    ratio = figures["ours"].cost / figures["theirs"].cost if route.theirs else None
    errors = sum(one.errors for one in figures.values())
    for name, one in figures.items():
        if one.wrong:
            print(f"FAULT {route.name}, {name}: {one.wrong}")
    return [*cells, f"{ratio:.2f}" if ratio else "-", errors], errors


def _by(caller, requests):
    return lambda: caller.act(requests)


def _measure_all(server, acts):
    """Return ``{name: Figures}`` of functions, taken turn by turn: a busy machine is busy for all of them."""
    figures = {name: Figures() for name in acts}
    for act in acts.values():
        for _time in range(WARM * WORKERS):
            act()
    for _turn in range(TURNS):
        for name, act in acts.items():
            before = _read_cpu(server)
            figures[name].add(measure(act, CLIENTS, SECONDS))
            figures[name].cpu += _read_cpu(server) - before
    return figures


def _read_cpu(server):
    """Return the seconds that the workers have used of the processors."""
    stats = [
        pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in server.get_worker_pids()
    ]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / TICKS


def _describe(figures):
    half, most = figures.quantile(0.5), figures.quantile(0.95)
    return [f"{figures.rate:.0f}", f"{half:.1f}", f"{most:.1f}", f"{figures.cost:.1f}"]


def _tell(what, figures):
    rate, half, most, cost = _describe(figures)
    return f"{what}: {rate} req/s, p50 {half} ms, p95 {most} ms, CPU {cost} ms, {figures.errors} errors\n"


if __name__ == "__main__":
    sys.exit(main())
