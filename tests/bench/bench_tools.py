"""What the benchmarks share: measuring, printing, and the same shop for us and for the peer."""

import gc
import os
import statistics
import time
from datetime import timedelta

from odoo.fields import Command

RUNS = 7
LONG = 1.0
"""Seconds after which a measurement is not repeated."""

SLOTS_A_DAY = 12
"""Bookings that a resource has on a full day: every other half hour from 8 to 20."""


def measure(env, *functions, runs=RUNS):
    """Return `[(median milliseconds, queries, what it returned)]` of `functions`, taken turn by turn.

    Records are cold at each turn and the registry's caches warm, as a request finds them. Turns, so that a busy
    machine is busy for all of them.
    """
    warm = [measure_once(env, function) for function in functions]
    taken = [[once] if once[0] > LONG else [] for once in warm]
    for _run in range(runs):
        for mine, function in zip(taken, functions, strict=True):
            if not mine or mine[0][0] < LONG:
                mine.append(measure_once(env, function))
    return [(statistics.median(seconds for seconds, *_rest in mine) * 1000, mine[-1][1], mine[-1][2]) for mine in taken]


def measure_once(env, function):
    """Return `(seconds, queries, what it returned)` of one call with cold records."""
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    before, start = env.cr.sql_log_count, time.perf_counter()
    result = function()
    return time.perf_counter() - start, env.cr.sql_log_count - before, result


def title(text):
    """Print what is measured, and on what."""
    load = " ".join(f"{figure:.1f}" for figure in os.getloadavg())
    print(f"\n{text}\n{'=' * len(text)}\n{os.cpu_count()} cores, load {load}, median of {RUNS} (of 1 above 1 s)\n")


def table(heads, rows):
    """Print rows as a Markdown table."""
    widths = [max(len(str(cell)) for cell in column) for column in zip(heads, *rows, strict=True)]
    for row in (heads, ["-" * width for width in widths], *rows):
        print("| " + " | ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
    print(flush=True)


class Shop:
    """People who work Monday to Saturday from 8 to 20, offered for half an hour by us and by the peer.

    Everything is in UTC, so that both compute the same slots. `first_day` is the first of the 30 days.
    """

    def __init__(self, env, people, kind="user"):
        self.env = env = env(
            context={"tracking_disable": True, "no_reset_password": True, "tz": "UTC", "lang": "en_US"}
        )
        env.user.tz = "UTC"
        hours = [
            Command.create(
                {"name": "Work", "dayofweek": str(day), "hour_from": 8, "hour_to": 20, "day_period": "full_day"}
            )
            for day in range(6)
        ]
        self.calendar = env["resource.calendar"].create(
            {"name": "Bench hours", "tz": "UTC", "attendance_ids": [Command.clear(), *hours]}
        )
        self.resources = env["resource.resource"].create(
            [self._prepare_resource(number, kind) for number in range(people)]
        )
        self.point = env["service.point"].create({"name": "Bench", "tz": "UTC", "calendar_id": self.calendar.id})
        self.offer = env["service.offer"].create(
            {
                "name": "Bench",
                "point_id": self.point.id,
                "resource_ids": [Command.set(self.resources.ids)],
                "duration_minutes": 30,
                "step_minutes": 30,
                "lead_minutes": 0,
                "allow_windows": False,
            }
        )
        self.first_day = self.point._get_today() + timedelta(days=1)
        self.last_day = self.first_day + timedelta(days=29)
        self.customer = env["res.partner"].create({"name": "Bench customer"})
        self.type = self._create_peer_type() if self.has_peer() else None

    def _prepare_resource(self, number, kind):
        values = {"name": f"Bench {number}", "resource_type": kind, "calendar_id": self.calendar.id, "tz": "UTC"}
        if kind == "user":
            values["user_id"] = self.env["res.users"].create({"name": f"Bench {number}", "login": f"bench{number}"}).id
        return values

    def has_peer(self):
        """Whether OCA `resource_booking` is installed."""
        return "resource.booking.type" in self.env

    def _create_peer_type(self):
        combinations = self.env["resource.booking.combination"].create(
            [{"resource_ids": [Command.set(resource.ids)]} for resource in self.resources]
        )
        return self.env["resource.booking.type"].create(
            {
                "name": "Bench",
                "duration": 0.5,
                "slot_duration": 0.5,
                "modifications_deadline": 0,
                "combination_assignment": "sorted",
                "resource_calendar_id": self.calendar.id,
                "combination_rel_ids": [
                    Command.create({"combination_id": combination.id, "sequence": number})
                    for number, combination in enumerate(combinations)
                ],
            }
        )

    def create_peer_booking(self, env=None, **values):
        """Return a booking of the peer, without a time unless `values` has a `start`."""
        type_ = self.type.with_env(env or self.env)
        return type_.env["resource.booking"].create(
            {"type_id": type_.id, "partner_ids": [Command.set(self.customer.ids)], **values}
        )

    def fill(self, count):
        """Insert `count` bookings of half an hour, the same for us and for the peer, spread over the people.

        Every other half hour of the 30 days first; what does not fit lies before them.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """CREATE TEMP TABLE bench_booking ON COMMIT DROP AS
               SELECT (%(resources)s)[1 + i %% %(width)s] AS resource_id,
                      day + interval '8 hour' + (i / %(width)s %% %(a_day)s) * interval '1 hour' AS start
                 FROM generate_series(0, %(count)s - 1) AS i
                 JOIN (SELECT day, row_number() OVER (ORDER BY is_before, distance) - 1 AS number
                         FROM (SELECT %(first)s::date + n AS day, n < 0 AS is_before, abs(n) AS distance
                                 FROM generate_series(-2000, 29) AS n) AS days
                        WHERE extract(isodow FROM day) < 7) AS days
                   ON days.number = i / %(width)s / %(a_day)s""",
            {
                "resources": self.resources.ids,
                "width": len(self.resources),
                "a_day": SLOTS_A_DAY,
                "count": count,
                "first": self.first_day,
            },
        )
        self._fill_ours()
        if self.type:
            self._fill_peers()
        self.env.cr.execute("DROP TABLE bench_booking")
        self.env.cr.execute("ANALYZE service_reservation")
        self.env.invalidate_all()

    def _fill_ours(self):
        self.env.cr.execute(
            """INSERT INTO service_reservation (public_id, offer_id, point_id, company_id, resource_id, state, start,
                   stop, blocked_start, blocked_stop, tz, wall_start, wall_stop, lane, lanes, revision, cutoff_minutes)
               SELECT gen_random_uuid(), %s, %s, %s, resource_id, 'confirmed', start, start + interval '30 minute',
                      start, start + interval '30 minute', 'UTC', to_char(start, 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'),
                      to_char(start + interval '30 minute', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'), 0, 1, 0, 0
                 FROM bench_booking""",
            [self.offer.id, self.point.id, self.point.company_id.id],
        )

    def _fill_peers(self):
        self.env.cr.execute(
            """WITH numbered AS (
                   SELECT nextval('calendar_event_id_seq') AS event_id, booking.*, combination.id AS combination_id,
                          users.id AS user_id, users.partner_id
                     FROM bench_booking AS booking
                     JOIN resource_resource AS resource ON resource.id = booking.resource_id
                     JOIN resource_booking_combination AS combination ON combination.name = resource.name
                     LEFT JOIN res_users AS users ON users.id = resource.user_id),
               events AS (
                   INSERT INTO calendar_event (id, name, start, stop, duration, show_as, active, privacy, user_id)
                   SELECT event_id, 'Bench', start, start + interval '30 minute', 0.5, 'busy', true, 'public', user_id
                     FROM numbered RETURNING id),
               guests AS (
                   INSERT INTO calendar_event_res_partner_rel (calendar_event_id, res_partner_id)
                   SELECT event_id, partner_id FROM numbered WHERE partner_id IS NOT NULL),
               attendees AS (
                   INSERT INTO calendar_attendee (event_id, partner_id, state)
                   SELECT event_id, partner_id, 'accepted' FROM numbered WHERE partner_id IS NOT NULL)
               INSERT INTO resource_booking (type_id, combination_id, meeting_id, state, active, start, stop, duration)
               SELECT %s, combination_id, event_id, 'confirmed', true, start, start + interval '30 minute', 0.5
                 FROM numbered""",
            [self.type.id],
        )
        self.env.cr.execute(
            "ANALYZE calendar_event, resource_booking, calendar_attendee, calendar_event_res_partner_rel"
        )
