"""The race without accidents: ours, the peer's, and the trivial route beside them."""

import statistics
import urllib.parse
from collections import Counter

from . import books, contest, peer, world
from .doors import LOST, WON, PeerDoor
from .report import table, title

TRIVIAL = "/web/webclient/version_info"
SAMPLES = 60


def run(setting, server):
    """Prepare, race through our door and through the peer's, and print; return what was wrong."""
    with books.environment(setting.database) as env:
        shop = world.create_shop(env, "Race", setting.scale)
        quiet = world.create_shop(env, "Quiet", setting.scale)
        logins = world.create_customers(env, setting.clients)
        partners = [env["res.users"].search([("login", "=", login)]).partner_id for login in logins]
        bookings = _invite(env, shop, partners, setting) if peer.is_installed(env) else None
    clients = contest.log_in(server, logins)
    door = setting.door(shop)
    _print_uncontested(server, clients[0], setting.door(quiet), quiet)
    title(
        f"{setting.clients} clients, {len(shop.slots)} contested times with {shop.capacity} places, "
        f"{setting.clients * setting.tries} tries, {setting.workers} workers"
    )
    runs = [_contest(setting, server, clients, door, shop)]
    with books.environment(setting.database) as env:
        doubles = books.count_doubles(env, shop.resource_ids)
        claims = sum(
            count for state, count in books.count_states(env, shop.offer_ids).items() if state in ("held", "confirmed")
        )
    if bookings is not None:
        runs.append(_contest(setting, server, clients, PeerDoor(bookings[0]), shop))
        with books.environment(setting.database) as env:
            env.cr.execute(peer.DOUBLES, {"types": list(bookings[1].values())})
            runs[1]["doubles"] = env.cr.fetchone()[0]
    runs[0]["doubles"] = doubles
    _print_runs(runs)
    return _judge(runs[0], claims, shop)


def _invite(env, shop, partners, setting):
    """Return `({(client, offer): bookings}, {offer: type})`: as many invitations of the peer's as there are tries."""
    wanted = Counter()
    for number in range(setting.clients):
        for slot in contest.order_of(shop.slots, number, setting.clients, setting.tries):
            wanted[number, slot.offer_id] += 1
    types = peer.create_types(env, shop)
    return peer.invite(env, types, partners, wanted), types


def _print_uncontested(server, client, door, quiet):
    """Print what a booking costs when nobody else wants it, beside a trivial JSON route of the same server."""
    trivial, taken = [], []
    for slot in quiet.slots[:SAMPLES]:  # turn by turn: a busy machine is busy for both
        trivial.append(client.browser.call(TRIVIAL).seconds)
        outcome = client.take(door, slot)
        if outcome.kind != WON:
            raise AssertionError(f"an uncontested time was refused: {outcome.kind} {outcome.text[:500]}")
        taken.append(outcome.seconds)
    title(f"One client, {len(taken)} times that nobody else wants, turn by turn with a trivial JSON route")
    medians = statistics.median(trivial), statistics.median(taken)
    queries = statistics.median(found[1] for found in server.read_requests(door.path) if found[0] == 303)
    table(
        ["", "p50 ms", "p95 ms", "p99 ms", "max ms", "queries"],
        [
            ["trivial JSON route", *contest.percentiles(trivial), "-"],
            [f"booking: POST {door.path}", *contest.percentiles(taken), f"{queries:.0f}"],
        ],
    )
    print(f"Ratio of the medians {medians[1] / medians[0]:.2f}; aim: at most 4.\n")


def _contest(setting, server, clients, door, shop):
    """Let the clients race through a door; return what came of it."""
    for client in clients:
        client.outcomes = []
    log = books.DatabaseLog(setting.database_log)
    before = len(server.read_requests(door.path))
    deadlocks = _deadlocks(setting.database)
    seconds = contest.race(clients, door, shop.slots, setting.tries, lambda client, slot: _see(client, door, slot))
    return {
        "name": door.name,
        "outcomes": contest.outcomes_of(clients),
        "seconds": seconds,
        "refused": {**log.count(), "deadlocks": _deadlocks(setting.database) - deadlocks},
        "server": server.read_requests(door.path)[before:],
        "path": door.path,
    }


def _see(client, door, slot):
    """Try to take a slot as a browser does: it follows the redirect, so that everybody reads a page at the end."""
    outcome = client.take(door, slot)
    outcome.seen = outcome.seconds
    if outcome.location:
        parts = urllib.parse.urlsplit(outcome.location)
        answer = client.browser.get(f"{parts.path}?{parts.query}")
        outcome.seen += answer.seconds
        if answer.status != 200:
            outcome.kind = f"{outcome.kind}, then HTTP {answer.status}"
    return outcome


def _deadlocks(database):
    with books.environment(database) as env:
        env.cr.execute("SELECT pg_stat_force_next_flush()")
        env.cr.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return env.cr.fetchone()[0]


def _print_runs(runs):
    rows, times = [], []
    for run_ in runs:
        kinds = Counter(outcome.kind for outcome in run_["outcomes"])
        statuses = Counter(outcome.status for outcome in run_["outcomes"])
        rows.append(
            [
                run_["name"],
                len(run_["outcomes"]),
                kinds[WON],
                kinds[LOST],
                sum(count for status, count in statuses.items() if status >= 500),
                ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items())),
                run_["doubles"],
                run_["refused"]["deadlocks"],
                run_["refused"].get("40001", "-"),
                f"{len(run_['outcomes']) / run_['seconds']:.0f}",
            ]
        )
        for kind in (WON, LOST):
            at_server = [found[2] for found in run_["server"] if _is(kind, run_, found)]
            times.append(
                [
                    f"{run_['name']}, {kind}",
                    *contest.percentiles([outcome.seen for outcome in run_["outcomes"] if outcome.kind == kind]),
                    *contest.percentiles([outcome.seconds for outcome in run_["outcomes"] if outcome.kind == kind])[:2],
                    *(contest.percentiles(at_server)[:2]),
                ]
            )
    heads = ["", "tries", "won", "lost", "5xx", "statuses", "doubles", "deadlocks", "40001 inside", "tries/s"]
    table(heads, rows)
    heads = ["ms until a page", "p50", "p95", "p99", "max", "first answer p50", "p95", "at the server p50", "p95"]
    table(heads, times)


def _is(kind, run_, found):
    """Whether a request of the server's log was one of `kind`; the peer redirects losers as well."""
    if run_["path"] == PeerDoor.path:
        return kind == WON and found[0] in (302, 303)
    return (found[0] == 303) == (kind == WON)


def _judge(run_, claims, shop):
    """Return what must not be in our run."""
    kinds = Counter(outcome.kind for outcome in run_["outcomes"])
    faults = [f"{count} answers: {kind}" for kind, count in kinds.items() if kind not in (WON, LOST)]
    if run_["doubles"]:
        faults.append(f"{run_['doubles']} doubles")
    if run_["refused"]["deadlocks"]:
        faults.append(f"{run_['refused']['deadlocks']} deadlocks")
    if kinds[WON] != claims:
        faults.append(f"{kinds[WON]} were told that they have a time, {claims} have one")
    return faults
