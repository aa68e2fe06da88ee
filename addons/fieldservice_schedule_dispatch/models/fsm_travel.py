import logging
from itertools import product
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from odoo.addons.fieldservice_schedule.dispatchlib import travel_matrix

from ..travel_services import TravelError

_logger = logging.getLogger(__name__)

GRID = 100_000
"""Steps of a degree in which places are told apart: about a metre."""
KEPT_DAYS = 400
"""Days after which nobody wants a way any more, whatever the company's expiry."""
AHEAD_DAYS = 14
"""How far ahead the ways between jobs are fetched before somebody asks."""


class Ways(NamedTuple):
    """Driving times between places.

    :param matrix: ``[from][to]`` in whole seconds; None is no way
    :param missing: how many of them had to be reckoned, because the service has not told them yet
    :param lost: rows of places from or to which there is no way
    """

    matrix: list
    missing: int
    lost: frozenset


class FsmTravel(models.Model):
    """How long one drives from one place to another: what a service of roads has told, for a while.

    All driving times of dispatch come through ``_get_ways``, which asks nobody: what is not here is reckoned by the
    straight line, and that is said. Only ``_fetch``, which the scheduled action and background jobs call, goes out.
    """

    _name = "fsm.travel"
    _description = "Driving Time"
    _log_access = False

    provider = fields.Char(required=True)
    profile = fields.Char(required=True)
    from_latitude = fields.Integer(required=True, help="In 1/100000 degree.")
    from_longitude = fields.Integer(required=True)
    to_latitude = fields.Integer(required=True)
    to_longitude = fields.Integer(required=True)
    seconds = fields.Integer(help="Nothing: there is no way.")
    metres = fields.Integer()
    fetched_at = fields.Datetime(required=True, index=True)

    _pair_uniq = models.UniqueIndex(
        "(provider, profile, from_latitude, from_longitude, to_latitude, to_longitude)", "This way is known already."
    )

    @api.model
    def _get_ways(self, company, places):
        """Return the `Ways` between ``places``: as the company's service told them, else by the straight line.

        One query, however many places there are. Roads may be asymmetric, and beside a reckoned way a way over a third
        place may be shorter: what a service told is never made shorter by what was only reckoned.

        :param places: ``(latitude, longitude)`` in degrees
        """
        straight = travel_matrix(places, company._get_dispatch_roads())
        service = company._get_road_service()
        if not service:
            return Ways(straight, 0, frozenset())
        points = [_on_grid(place) for place in places]
        known = self._read_known(company, service, points)
        padding = _get_padding(company)
        missing, lost = 0, set()
        for origin, target in product(range(len(points)), repeat=2):
            if points[origin] == points[target]:
                straight[origin][target] = 0
                continue
            pair = (*points[origin], *points[target])
            if pair not in known:
                missing += 1
                continue
            straight[origin][target] = _padded(known[pair], padding)
            if known[pair] is None:
                lost |= {origin, target}
        return Ways(straight, missing, self._pick_lost(straight, lost))

    @api.model
    def _get_pairs(self, company, pairs):
        """Return ``{(from, to): seconds, None without a way}`` of just these pairs of coordinates, as ``_get_ways``.

        One query where a service is set: neither that nor the reckoning grows with the square of the places.
        """
        roads = company._get_dispatch_roads()
        found = {pair: travel_matrix(pair, roads)[0][1] for pair in pairs}
        service = company._get_road_service()
        if not service:
            return found
        points = {pair: (*_on_grid(pair[0]), *_on_grid(pair[1])) for pair in found}
        known = self._read_known_pairs(company, service, set(points.values()))
        padding = _get_padding(company)
        for pair, point in points.items():
            if point[:2] == point[2:]:
                found[pair] = 0
            elif point in known:
                found[pair] = _padded(known[point], padding)
        return found

    @staticmethod
    def _pick_lost(matrix, suspects):
        """Return the rows that lack most of their ways, there and back: those are meant, not the others."""
        few = len(matrix) - 1
        return frozenset(
            row
            for row in suspects
            if sum(seconds is None for seconds in matrix[row]) + sum(other[row] is None for other in matrix) > few
        )

    @api.model
    def _read_known(self, company, service, points):
        """Return ``{(from, to coordinates on the grid): seconds, None without a way}`` of what has not expired."""
        spots = list(set(points))
        latitudes, longitudes = ([spot[axis] for spot in spots] for axis in (0, 1))
        joined = SQL(
            """JOIN unnest(%(lat)s, %(lon)s) AS a(lat, lon) ON (t.from_latitude, t.from_longitude) = (a.lat, a.lon)
               JOIN unnest(%(lat)s, %(lon)s) AS b(lat, lon) ON (t.to_latitude, t.to_longitude) = (b.lat, b.lon)""",
            lat=latitudes,
            lon=longitudes,
        )
        return self._read_told(company, service, joined)

    @api.model
    def _read_known_pairs(self, company, service, pairs):
        """Return the same of pairs ``(from latitude, from longitude, to latitude, to longitude)`` on the grid."""
        columns = [list(column) for column in zip(*pairs, strict=True)] or [[], [], [], []]
        joined = SQL(
            """JOIN unnest(%s::int[], %s::int[], %s::int[], %s::int[]) AS p(a, b, c, d)
                 ON (t.from_latitude, t.from_longitude, t.to_latitude, t.to_longitude) = (p.a, p.b, p.c, p.d)""",
            *columns,
        )
        return self._read_told(company, service, joined)

    @api.model
    def _read_told(self, company, service, joined):
        """Return ``{(from, to coordinates on the grid): seconds}`` of the ways that an SQL join picks."""
        rows = self.env.execute_query(
            SQL(
                """SELECT t.from_latitude, t.from_longitude, t.to_latitude, t.to_longitude, t.seconds
                     FROM fsm_travel t %(joined)s
                    WHERE t.provider = %(provider)s AND t.profile = %(profile)s AND t.fetched_at >= %(since)s""",
                joined=joined,
                provider=company.sudo().dispatch_roads,
                profile=service.profile,
                since=fields.Datetime.subtract(fields.Datetime.now(), days=company.sudo().dispatch_roads_days),
            )
        )
        return {tuple(row[:4]): row[4] for row in rows}

    # ------------------------------------------------------------------
    # Asking: never in a transaction in which somebody books
    # ------------------------------------------------------------------

    @api.model
    def _fetch(self, company, places):
        """Ask the company's service for the ways that are not known; return what went wrong, "" when nothing did.

        In blocks, as large as the server allows; after the first that fails no other is asked.
        """
        service = company._get_road_service()
        points = sorted({_on_grid(place) for place in places})
        if not service or len(points) < 2:
            return ""
        known = self._read_known(company, service, points)
        size = company.sudo().dispatch_roads_block
        for sources, targets in product(split_every(size, points, list), repeat=2):
            lacking = [(one, to) for one, to in product(sources, targets) if one != to and (*one, *to) not in known]
            wanted = list(dict.fromkeys(one for one, _to in lacking))
            asked = list(dict.fromkeys(to for _one, to in lacking))
            if not lacking:
                continue
            try:
                answer = service.ask([_off_grid(point) for point in wanted], [_off_grid(point) for point in asked])
            except TravelError as error:
                _logger.info("The service of roads of %s failed: %s", company.name, error)
                return str(error)
            self._keep(company, service, wanted, asked, answer)
        return ""

    @api.model
    def _keep(self, company, service, sources, targets, answer):
        """Write down what a service told; what was known is told anew."""
        rows = [
            (*source, *target, *(cell or (None, None)))
            for source, cells in zip(sources, answer, strict=True)
            for target, cell in zip(targets, cells, strict=True)
            if source != target
        ]
        if not rows:
            return
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env.cr.execute(
            SQL(
                """INSERT INTO fsm_travel (provider, profile, fetched_at,
                          from_latitude, from_longitude, to_latitude, to_longitude, seconds, metres)
                   SELECT %s, %s, %s, * FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::int[], %s::int[])
                       ON CONFLICT (provider, profile, from_latitude, from_longitude, to_latitude, to_longitude)
                       DO UPDATE SET seconds = excluded.seconds, metres = excluded.metres,
                                     fetched_at = excluded.fetched_at""",
                company.sudo().dispatch_roads,
                service.profile,
                fields.Datetime.now(),
                *columns,
            )
        )
        self.invalidate_model()

    @api.model
    def _want(self):
        """Have the ways that are missing fetched soon, in the background."""
        cron = self.env.ref("fieldservice_schedule_dispatch.fsm_travel_cron").sudo()  # sudo: anybody may miss a way
        waiting = self.env["ir.cron.trigger"].sudo().search_count([("cron_id", "=", cron.id)], limit=1)
        if not waiting:
            cron._trigger()

    @api.model
    def _cron_fetch(self):
        """Fetch the ways between the sites of the jobs to come and the technicians' homes, company by company."""
        companies = self.env["res.company"].search([("dispatch_roads", "!=", "straight")])
        for left, company in zip(range(len(companies) - 1, -1, -1), companies, strict=True):
            self._fetch(company, self._find_places(company))
            if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                break

    @api.model
    def _find_places(self, company):
        """Return the coordinates that dispatch will soon reckon with."""
        until = fields.Datetime.add(fields.Datetime.now(), days=AHEAD_DAYS)
        jobs = self.env["fsm.order"].search(
            [
                ("company_id", "=", company.id),
                ("state", "in", ("requested", "assigned", "in_progress")),
                "|",
                ("scheduled_date_start", "=", False),
                ("scheduled_date_start", "<", until),
            ]
        )
        people = self.env["fsm.dispatch"]._get_persons(company)
        homes = {(person.start_latitude, person.start_longitude) for person in people}
        sites = {job._get_coordinates() for job in jobs}
        return [place for place in homes | sites if place and any(place)]

    @api.autovacuum
    def _gc_old(self):
        """Forget what has long expired."""
        self.search([("fetched_at", "<", fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS))]).unlink()


def _on_grid(place):
    """Return a place in whole steps of the grid."""
    return round(place[0] * GRID), round(place[1] * GRID)


def _get_padding(company):
    """Return by what times on the road are multiplied to be on the safe side."""
    return 1 + company.dispatch_padding / 100


def _padded(seconds, padding):
    """Return the whole seconds of a way with its padding, rounded up; None, no way, stays."""
    return None if seconds is None else -int(-seconds * padding // 1)


def _off_grid(point):
    """Return a point of the grid in degrees."""
    return point[0] / GRID, point[1] / GRID
