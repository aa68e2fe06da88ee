from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.models.service_reservation import CLAIMING
from odoo.addons.service_schedule.schedlib import day_span, local_day, stamp

from ..exceptions import WaiverRefused
from ..moments import format_moment

STATES = [("missing", "Missing"), ("signed", "Signed"), ("overridden", "Overridden")]


class ServiceReservation(models.Model):
    """A signature, or a manager's word instead, holds for the reservation and the day that it had then. So a move to
    another day asks anew, and a version that is published later does not."""

    _inherit = "service.reservation"

    waiver_signature_ids = fields.One2many(
        "service.waiver.signature", "reservation_id", "Waiver Signatures", readonly=True
    )
    waiver_override_ids = fields.One2many(
        "service.reservation.change",
        "reservation_id",
        "Waiver Overrides",
        domain=[("kind", "=", "waiver_overridden")],
        readonly=True,
    )
    waiver_state = fields.Selection(
        STATES,
        "Waiver",
        compute="_compute_waiver_state",
        search="_search_waiver_state",
        help="Whether the waiver is signed for the appointment's present day. Empty when none is asked for.",
    )
    waiver_label = fields.Char("Waiver Status", compute="_compute_waiver_label")
    is_waiver_open = fields.Boolean(
        "Waiver May Be Signed",
        compute="_compute_is_waiver_open",
        search="_search_is_waiver_open",
        help="A waiver is asked for, the appointment's day has come at the service point, and it is not over.",
    )

    # ------------------------------------------------------------------
    # What holds for the present day
    # ------------------------------------------------------------------

    def _get_waiver_day(self):
        """Return the day that was promised, on the shop's wall clock."""
        self.ensure_one()
        return date.fromisoformat(self.wall_start[:10])

    def _get_waiver_signature(self):
        """Return the signature that holds for the present day, empty without."""
        self.ensure_one()
        day = self._get_waiver_day()
        return self.waiver_signature_ids.filtered(lambda signature: signature.day == day)[:1]

    def _get_waiver_override(self):
        """Return the history row of the override that holds for the present day, empty without."""
        self.ensure_one()
        day = self._get_waiver_day()
        return self.waiver_override_ids.filtered(lambda change: change.waiver_day == day)[:1]

    def _get_waiver_state(self):
        """Return the value of ``waiver_state``; ``_get_waiver_sql`` is the same for the database."""
        self.ensure_one()
        if self._get_waiver_signature():
            return "signed"
        if self._get_waiver_override():
            return "overridden"
        return "missing" if self.offer_id.waiver_id and self.state in CLAIMING else False

    @api.depends("state", "wall_start", "offer_id.waiver_id", "waiver_signature_ids", "waiver_override_ids")
    def _compute_waiver_state(self):
        # sudo: whoever reads the reservation may know whether it is signed
        for reservation in self.sudo():
            reservation.waiver_state = reservation._get_waiver_state() if reservation.wall_start else False

    def _search_waiver_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        names = ("state", "wall_start", "offer_id")
        self.env["service.offer"].flush_model(["waiver_id"])
        self.env["service.waiver.signature"].flush_model(["reservation_id", "day"])
        self.env["service.reservation.change"].flush_model(["reservation_id", "kind", "waiver_day"])
        self.flush_model(names)
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "(%s)", SQL(" OR ").join(self._get_waiver_sql(alias, state or False) for state in value)
            ),
            predicate=lambda reservation: reservation.waiver_state in value,
        )

    @api.model
    def _get_waiver_sql(self, alias, state):
        """Return the condition that row ``alias`` of reservations has ``waiver_state`` ``state``."""
        row = SQL.identifier(alias)
        signed = SQL(
            """EXISTS (SELECT FROM service_waiver_signature s
                        WHERE s.reservation_id = %(row)s.id AND s.day = left(%(row)s.wall_start, 10)::date)""",
            row=row,
        )
        overridden = SQL(
            """EXISTS (SELECT FROM service_reservation_change c
                        WHERE c.reservation_id = %(row)s.id AND c.kind = 'waiver_overridden'
                          AND c.waiver_day = left(%(row)s.wall_start, 10)::date)""",
            row=row,
        )
        asked = SQL(
            """(%(row)s.state IN %(states)s AND EXISTS (SELECT FROM service_offer o
                 WHERE o.id = %(row)s.offer_id AND o.waiver_id IS NOT NULL))""",
            row=row,
            states=tuple(CLAIMING),
        )
        conditions = {
            "signed": signed,
            "overridden": SQL("(NOT %s AND %s)", signed, overridden),
            "missing": SQL("(%s AND NOT %s AND NOT %s)", asked, signed, overridden),
        }
        return conditions.get(state) or SQL("NOT (%s OR %s OR %s)", signed, overridden, asked)

    @api.depends("waiver_state")
    @api.depends_context("lang")
    def _compute_waiver_label(self):
        # sudo: whoever reads the reservation may know who signed
        for reservation in self.sudo():
            reservation.waiver_label = reservation._get_waiver_label()

    def _get_waiver_label(self):
        """Return "Missing", who signed which version when, or who overrode it and why; False when none is asked for."""
        self.ensure_one()
        if self.waiver_state == "signed":
            signature = self._get_waiver_signature()
            return self.env._(
                "Signed by %(signer)s on %(time)s, version %(number)s",
                signer=signature.signer,
                time=signature._get_time_label(),
                number=signature.version_id.number,
            )
        if self.waiver_state == "overridden":
            override = self._get_waiver_override()
            return self.env._(
                "Overridden by %(user)s on %(time)s: %(reason)s",
                user=override.user_id.name,
                time=format_moment(self.env, override.create_date, self.tz),
                reason=override.reason,
            )
        return self.env._("Missing") if self.waiver_state else False

    # ------------------------------------------------------------------
    # When it may be signed
    # ------------------------------------------------------------------

    def _is_waiver_day(self, now=None):
        """Return whether the day has come where the shop is. ``now``: aware UTC, None is this moment."""
        self.ensure_one()
        return self._get_waiver_day() <= local_day(stamp(now or timing.utc_now()), self._get_zone())

    @api.depends("state", "wall_start", "tz", "offer_id.waiver_id")
    def _compute_is_waiver_open(self):
        # sudo: an offer's waiver is no secret of those who may read the reservation
        for reservation in self.sudo():
            reservation.is_waiver_open = bool(
                reservation.offer_id.waiver_id and reservation.state == "confirmed" and reservation._is_waiver_day()
            )

    def _search_is_waiver_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        confirmed = Domain("state", "=", "confirmed")
        # sudo: which zones there are is no secret; each has its own day
        zones = [name for (name,) in self.sudo()._read_group(confirmed, ["tz"])]
        now = stamp(timing.utc_now())
        begun = Domain.OR(
            Domain("tz", "=", name) & Domain("start", "<", timing.to_field(day_span(local_day(now, zone), zone)[1]))
            for name, zone in ((name, timing.zone(name)) for name in zones)
        )
        return confirmed & Domain("offer_id.waiver_id", "!=", False) & begun

    # ------------------------------------------------------------------
    # Work cannot begin without it
    # ------------------------------------------------------------------

    def _get_begin_obstacles(self):
        """Override of ``service_schedule``: work does not begin before the waiver is signed or overridden."""
        obstacles = super()._get_begin_obstacles()
        # sudo: whoever begins the work need not read the waiver
        reservation = self.sudo()
        if reservation.waiver_state != "missing":
            return obstacles
        return [
            *obstacles,
            self.env._(
                "%(waiver)s has not been signed for %(reservation)s. The customer signs it on the portal, or on your "
                "tablet: Scheduling, Planning, Waivers Today. There a manager can also override it.",
                waiver=reservation.offer_id.waiver_id.version_id.name,
                reservation=reservation.display_name,
            ),
        ]

    def _override_waiver(self, reason):
        """Let the work begin without a signature, for the appointment's present day. Managers only; it is logged.

        :raise AccessError: the user is no manager, or may not see the reservation
        :raise WaiverRefused: there is nothing to override, or no reason is given
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("service_schedule.group_manager"):
            raise AccessError(self.env._("Only scheduling managers can override a waiver."))
        if self.waiver_state != "missing":
            raise WaiverRefused(self.env._("There is no missing waiver to override."))
        if not (reason or "").strip():
            raise WaiverRefused(self.env._("Give the reason for overriding the waiver."))
        self._record("waiver_overridden", {"waiver_day": self._get_waiver_day()}, reason.strip())

    def action_override_waiver(self):
        """Open the dialog that asks for the reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Override Waiver"),
            "res_model": "service.waiver.override",
            "view_mode": "form",
            "target": "new",
            "context": {"default_reservation_id": self.id},
        }
