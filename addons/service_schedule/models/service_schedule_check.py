from collections.abc import Callable
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from .. import timing
from ..schedlib import from_wall_text, wall_text
from .service_reservation import CLAIMING

STALE_MINUTES = 60
SHOWN = 200
"""Problems of one check that are listed; all are counted."""


class Check(NamedTuple):
    """One invariant of the database.

    :param str title: what holds, in the user's language
    :param str model: the model of the rows that break it
    :param find: ``SQL``, or a function without arguments, of ``[(id, detail)]``: the rows that break it; the id is None
        when what is broken is no record
    """

    title: str
    model: str
    find: SQL | Callable[[], list]


class ServiceScheduleCheck(models.TransientModel):
    """Reads the whole database and says whether what must hold does hold, without relying on what enforces it."""

    _name = "service.schedule.check"
    _description = "Check of the Books"

    reservation_count = fields.Integer("Reservations", readonly=True)
    check_count = fields.Integer("Checks", readonly=True)
    problem_count = fields.Integer("Problems", readonly=True)
    problem_ids = fields.One2many("service.schedule.check.problem", "check_id", readonly=True)

    @api.model
    def action_check(self):
        """Run all checks and show what they found. For the menu."""
        self.check_access("create")
        found = self._run()
        problems = [
            Command.create({"title": check.title, "res_model": check.model, "res_id": row_id, "detail": detail})
            for check, rows in found
            for row_id, detail in rows[:SHOWN]
        ]
        result = self.create(
            {
                "reservation_count": self.env["service.reservation"].sudo().search_count([]),
                "check_count": len(found),
                "problem_count": sum(len(rows) for _check, rows in found),
                "problem_ids": problems,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check the Books"),
            "res_model": self._name,
            "res_id": result.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _run(self):
        """Return ``[(check, [(id or None, detail)])]`` of all checks: one query each, however much there is to read."""
        self.env.flush_all()
        return [
            (check, self.env.execute_query(check.find) if isinstance(check.find, SQL) else check.find())
            for check in self._get_checks()
        ]

    @api.model
    def _get_checks(self):
        """Return the list of ``Check``. Addons above add theirs."""
        checks = [
            (self.env._("No place is taken twice at a time"), self._find_doubles()),
            (self.env._("The database refuses to take a place twice"), self._find_missing_constraint()),
            (
                self.env._("What is taken lies within the places there are, or is listed as a trouble"),
                self._find_beyond_places(),
            ),
            (self.env._("Holds expire, and nothing else does"), self._find_wrong_holds()),
            (self.env._("Holds that have expired are cleared away"), self._find_stale_holds()),
            (
                self.env._("The promised wall clock agrees with the time taken, or is listed as a trouble"),
                self._find_wrong_clocks,
            ),
            (self.env._("The history of each reservation begins with its booking"), self._find_headless_histories()),
            (self.env._("The history of each reservation ends where it is now"), self._find_broken_histories()),
            (self.env._("No public reference is used twice"), self._find_same_public_ids()),
            (self.env._("Offer, service point, window, resource and company agree"), self._find_strangers()),
        ]
        return [Check(title, "service.reservation", find) for title, find in checks]

    # ------------------------------------------------------------------
    # Time
    # ------------------------------------------------------------------

    def _find_doubles(self):
        """Return the SQL of claims that begin before an earlier one on the same place has ended.

        A sweep over every single place in the order of time: plain comparisons, so that neither the constraint nor
        its index is trusted.
        """
        return SQL(
            """SELECT id, public_id || ': ' || blocked_start || ' < ' || taken_until
                 FROM (SELECT r.id, r.public_id, r.blocked_start, max(r.blocked_stop) OVER (
                              PARTITION BY r.resource_id, place ORDER BY r.blocked_start, r.id
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
                         FROM service_reservation r, generate_series(r.lane, r.lane + r.lanes - 1) AS place
                        WHERE r.state IN %s) AS sweep
                WHERE blocked_start < taken_until
                GROUP BY id, public_id, blocked_start, taken_until
                ORDER BY id""",
            CLAIMING,
        )

    def _find_missing_constraint(self):
        """Return the SQL of one row when the exclusion constraint is not there, not valid or narrower than it was."""
        return SQL(
            """SELECT NULL::integer, 'service_reservation_no_overlap'
                WHERE NOT EXISTS (
                      SELECT FROM pg_constraint c JOIN pg_index i ON i.indexrelid = c.conindid
                       WHERE c.conrelid = 'service_reservation'::regclass AND c.contype = 'x'
                         AND c.conname = 'service_reservation_no_overlap'
                         AND c.convalidated AND NOT c.condeferrable AND i.indisvalid AND i.indisready AND i.indislive
                         AND pg_get_constraintdef(c.oid)
                             ~ 'resource_id.*lane.*blocked_start.*WHERE.*''held''.*''confirmed''')"""
        )

    def _find_beyond_places(self):
        """Return the SQL of coming claims on places that their resource does not have, unless staff are told so."""
        return SQL(
            """SELECT r.id, r.public_id || ': ' || s.name || ', ' || r.lane + r.lanes || ' > ' || s.lane_count
                 FROM service_reservation r JOIN resource_resource s ON s.id = r.resource_id
                WHERE r.state IN %s AND r.stop > %s AND r.lane + r.lanes > s.lane_count AND r.trouble IS NULL
                ORDER BY r.id""",
            CLAIMING,
            fields.Datetime.now(),
        )

    def _find_wrong_holds(self):
        """Return the SQL of holds without an end, and of others that would expire or count as held by somebody."""
        return SQL(
            """SELECT id, public_id || ': ' || state || ', ' || coalesce(expires_at::text, '-')
                          || ', ' || coalesce(holder, '-')
                 FROM service_reservation
                WHERE (state = 'held') <> (expires_at IS NOT NULL) OR (state <> 'held' AND holder IS NOT NULL)
                ORDER BY id"""
        )

    def _find_stale_holds(self):
        """Return the SQL of holds that expired an hour ago: the scheduled action that clears them does not run."""
        return SQL(
            """SELECT id, public_id || ': ' || expires_at FROM service_reservation
                WHERE state = 'held' AND expires_at < %s::timestamp - %s * interval '1 minute' ORDER BY id""",
            fields.Datetime.now(),
            STALE_MINUTES,
        )

    def _find_wrong_clocks(self):
        """Return the coming claims whose UTC is not what the promised wall clock means today, unless staff are told so.

        Python's zone database decides, as it did when the promise was made; PostgreSQL has one of its own.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT id, public_id, tz, wall_start, start, wall_stop, stop FROM service_reservation
                    WHERE state IN %s AND stop > %s AND trouble IS NULL ORDER BY id""",
                CLAIMING,
                fields.Datetime.now(),
            )
        )
        return [
            (row_id, f"{public_id}: {tz}, {wall_start} = {start}, {wall_stop} = {stop}")
            for row_id, public_id, tz, wall_start, start, wall_stop, stop in rows
            if not (self._is_shown(wall_start, start, tz) and self._is_shown(wall_stop, stop, tz))
        ]

    @staticmethod
    def _is_shown(wall, moment, tz):
        """Return whether clocks in ``tz`` show the text ``wall`` at the naive UTC ``moment``."""
        try:
            zone = timing.zone(tz)
            stamp = timing.to_stamp(moment)
            return wall_text(stamp, zone) == wall and from_wall_text(wall, zone) == stamp
        except (ValueError, LookupError):  # no such zone, or a text that is no time
            return False

    # ------------------------------------------------------------------
    # History and identity
    # ------------------------------------------------------------------

    def _find_headless_histories(self):
        """Return the SQL of reservations whose first row of history is missing or none that begins one."""
        return SQL(
            """SELECT r.id, r.public_id || ': ' || coalesce(c.kind, '-')
                 FROM service_reservation r
                 LEFT JOIN (SELECT DISTINCT ON (reservation_id) reservation_id, kind
                              FROM service_reservation_change ORDER BY reservation_id, id) c ON c.reservation_id = r.id
                WHERE c.kind IS NULL OR c.kind NOT IN %s ORDER BY r.id""",
            self._get_first_kinds(),
        )

    @api.model
    def _get_first_kinds(self):
        """Return the kinds of change that may begin a history."""
        return ("booked", "held")

    def _find_broken_histories(self):
        """Return the SQL of reservations that are elsewhere, or of another revision, than their history says.

        The last row says where it is now; one that gave the time back says where it was.
        """
        return SQL(
            """SELECT r.id, r.public_id || ': ' || c.kind || ', ' || coalesce(c.to_start, c.from_start)
                          || ' / ' || r.start || ', ' || h.revision || ' / ' || coalesce(r.revision, 0)
                 FROM service_reservation r
                 JOIN (SELECT DISTINCT ON (reservation_id) * FROM service_reservation_change
                        ORDER BY reservation_id, id DESC) c ON c.reservation_id = r.id
                 JOIN (SELECT reservation_id, coalesce(max(revision), 0) AS revision FROM service_reservation_change
                        GROUP BY reservation_id) h ON h.reservation_id = r.id
                WHERE h.revision <> coalesce(r.revision, 0)
                   OR (r.start, r.stop, r.resource_id, coalesce(r.window_id, 0)) IS DISTINCT FROM
                      CASE WHEN c.to_start IS NOT NULL
                           THEN (c.to_start, c.to_stop, c.to_resource_id, coalesce(c.to_window_id, 0))
                           ELSE (c.from_start, c.from_stop, c.from_resource_id, coalesce(c.from_window_id, 0)) END
                ORDER BY r.id"""
        )

    def _find_same_public_ids(self):
        """Return the SQL of reservations whose public reference another one has as well."""
        return SQL(
            """SELECT id, public_id FROM (SELECT id, public_id, count(*) OVER (PARTITION BY public_id) AS uses
                                            FROM service_reservation) AS used
                WHERE uses > 1 ORDER BY id"""
        )

    def _find_strangers(self):
        """Return the SQL of claims whose parts do not belong together."""
        return SQL(
            """SELECT r.id, r.public_id
                 FROM service_reservation r
                 JOIN service_offer o ON o.id = r.offer_id
                 JOIN service_point p ON p.id = r.point_id
                 JOIN resource_resource s ON s.id = r.resource_id
                 LEFT JOIN service_window w ON w.id = r.window_id
                WHERE r.state IN %s
                  AND (o.point_id <> r.point_id OR p.company_id <> r.company_id OR w.point_id <> r.point_id
                       OR s.company_id <> r.company_id)
                ORDER BY r.id""",
            CLAIMING,
        )


class ServiceScheduleCheckProblem(models.TransientModel):
    _name = "service.schedule.check.problem"
    _description = "Problem in the Books"

    check_id = fields.Many2one("service.schedule.check", required=True, ondelete="cascade")
    title = fields.Char("What Does Not Hold", readonly=True)
    detail = fields.Char(readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)

    def action_open_record(self):
        """Open the record that the problem is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
            "target": "current",
        }
