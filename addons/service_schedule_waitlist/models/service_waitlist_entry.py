import uuid

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, consteq, format_date, hmac

from odoo.addons.service_schedule.exceptions import NotBookable

IN_LINE = ("waiting", "offered")
STEPS = {
    "waiting": ("offered", "left", "over"),
    "offered": ("taken", "missed", "left"),
    # who pays after all gets the time, when it can still be had
    "missed": ("taken",),
    "left": ("taken",),
}
"""Which state may follow which."""


class ServiceWaitlistEntry(models.Model):
    """One who waits for a full day or window. First in, first offered: the order is that of the ids."""

    _name = "service.waitlist.entry"
    _description = "Waitlist Entry"
    _order = "id"
    _rec_name = "public_id"

    public_id = fields.Char(
        "Public Reference", required=True, readonly=True, copy=False, default=lambda self: str(uuid.uuid4())
    )
    offer_id = fields.Many2one("service.offer", required=True, readonly=True, ondelete="cascade", index=True)
    point_id = fields.Many2one(related="offer_id.point_id", store=True, index=True)
    company_id = fields.Many2one(related="offer_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade", index=True
    )
    day = fields.Date(required=True, readonly=True, help="In the service point's zone.")
    window_id = fields.Many2one("service.window", readonly=True, ondelete="cascade", help="Empty: any time of the day.")
    resource_id = fields.Many2one(
        "resource.resource", "With", readonly=True, ondelete="cascade", help="Empty: whoever is free."
    )
    lanes = fields.Integer("Places Wanted", required=True, readonly=True, default=1)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("offered", "Offered"),
            ("taken", "Taken"),
            ("missed", "Missed"),
            ("left", "Left"),
            ("over", "Day Passed"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        copy=False,
        group_expand=True,
    )
    reservation_id = fields.Many2one(
        "service.reservation",
        "Offered Time",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The hold that was made of freed time.",
    )
    offered_until = fields.Datetime(related="reservation_id.expires_at", string="Offered Until")
    number = fields.Integer(readonly=True, copy=False, help="For how many things the customer waits is bounded by it.")
    told_state = fields.Char(readonly=True, copy=False, help="Of which state the customer has been told last.")
    position = fields.Integer(compute="_compute_position", help="1 is the first in line.")

    _public_id_uniq = models.Constraint("UNIQUE (public_id)", "The public reference is already used.")
    _lanes_positive = models.Constraint("CHECK (lanes >= 1)", "A customer waits for at least one place.")
    _once_uniq = models.UniqueIndex(
        """(partner_id, offer_id, day, COALESCE(window_id, 0), COALESCE(resource_id, 0))
           WHERE state IN ('waiting', 'offered')""",
        "You are on that waitlist already.",
    )
    # the bound: a number for each, so that two requests at once cannot both be the last
    _number_uniq = models.UniqueIndex(
        "(partner_id, point_id, number) WHERE state IN ('waiting', 'offered')", "You wait for too many things at once."
    )
    _line_idx = models.Index("(offer_id, day, id) WHERE state = 'waiting'")
    _point_line_idx = models.Index("(point_id) WHERE state = 'waiting'")

    @api.depends("state")
    def _compute_position(self):
        waiting = self.filtered(lambda entry: entry.state == "waiting")
        positions = waiting._read_positions()
        for entry in self:
            entry.position = positions.get(entry.id, 0)

    def _read_positions(self):
        """Return ``{entry id: position}``, counting those earlier in line who could get the same time; one query."""
        if not self.ids:
            return {}
        self.flush_model(["offer_id", "day", "window_id", "resource_id", "state"])
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT e.id, count(other.id) + 1
                         FROM service_waitlist_entry e
                         LEFT JOIN service_waitlist_entry other
                           ON other.offer_id = e.offer_id AND other.day = e.day AND other.state = 'waiting'
                          AND other.id < e.id
                          AND (other.window_id = e.window_id OR other.window_id IS NULL OR e.window_id IS NULL)
                          AND (other.resource_id = e.resource_id OR other.resource_id IS NULL OR e.resource_id IS NULL)
                        WHERE e.id IN %s
                        GROUP BY e.id""",
                    tuple(self.ids),
                )
            )
        )

    @api.depends("offer_id", "day", "window_id", "resource_id")
    def _compute_display_name(self):
        for entry in self:
            # sudo: a customer reads what he waits for
            entry.display_name = f"{entry.sudo().offer_id.name}, {entry._get_label()}"

    # ------------------------------------------------------------------
    # Joining and leaving
    # ------------------------------------------------------------------

    @api.model
    def _join(self, offer, day, partner, *, window=None, resource=None, lanes=1, now=None):
        """Put a customer on the waitlist and return his entry, as superuser. Joining twice is once.

        Callers check that the user may act for ``partner``.

        :param date day: in the service point's zone
        :param window: ``service.window``; None is any time of the day
        :param resource: ``resource.resource``; None is whoever is free
        :param datetime now: aware UTC; None is this moment
        :raise NotBookable: there is free time, or nothing that could become free; or he waits for too much already
        """
        window = window or self.env["service.window"]
        resource = resource or self.env["resource.resource"]
        # sudo: customers have no rights on the waitlist; what they may wait for is checked below
        in_line = self.sudo().search([("partner_id", "=", partner.id), ("state", "in", IN_LINE)])
        values = {
            "offer_id": offer.id,
            "partner_id": partner.id,
            "day": day,
            "window_id": window.id,
            "resource_id": resource.id,
        }
        twin = in_line.filtered_domain([(name, "=", value) for name, value in values.items()])
        if twin:
            return twin
        self._lock_line(offer, day)
        offer._check_may_wait(day, window, resource, lanes, now)
        entry = self._add({**values, "lanes": lanes}, in_line.filtered(lambda entry: entry.point_id == offer.point_id))
        entry._look_soon()
        return entry

    @api.model
    def _lock_line(self, offer, day):
        """Wait for others who join the same line, until they have committed: who is there earlier has the lower id.

        Who joins waits for nothing else afterwards, so two never wait for each other crosswise.
        """
        self.env.cr.execute(
            SQL(
                "SELECT pg_advisory_xact_lock(hashtextextended('service.waitlist.entry', %s::bigint * 10000000 + %s))",
                offer.id,
                day.toordinal(),
            )
        )

    def _add(self, values, in_line):
        """Create an entry under a number that no other of the customer's has.

        :param in_line: those that he has at the same service point
        :raise NotBookable: he has as many as he may
        """
        limit = self.env["service.offer"].browse(values["offer_id"]).sudo().point_id.waiting_limit
        for number in sorted(set(range(limit)) - set(in_line.mapped("number"))):
            try:
                with self.env.cr.savepoint():
                    # sudo: as in _join
                    return self.sudo().create({**values, "number": number})
            except UniqueViolation as race:
                if race.diag.constraint_name == "service_waitlist_entry_once_uniq":
                    raise NotBookable(self._sql_error_to_message(race)) from None
        raise NotBookable(
            self.env._(
                "You wait for %(count)s days or windows already. Leave one of those waitlists first.", count=limit
            )
        )

    def _leave(self):
        """Take these off the waitlist. What was being offered goes to the next in line. Leaving twice is once."""
        for entry in self.filtered(lambda entry: entry.state in IN_LINE):
            # the hold first, as everybody does: its end ends the entry
            hold = entry.sudo().reservation_id.filtered(lambda reservation: reservation.state == "held")
            if hold:
                hold._release(self.env._("Did not want it"))
            else:
                entry._update_state("left")

    def _update_state(self, target, values=None):
        """Move these to ``target``, the one place where the state changes; those that may not stay as they are."""
        moving = self.filtered(lambda entry: target in STEPS.get(entry.state, ()))
        # sudo: customers and staff have no rights to write the waitlist; callers have checked what may happen
        moving.sudo().write({"state": target, **(values or {})})
        return moving

    def action_leave(self):
        """Take off the waitlist, for the staff's button."""
        self.check_access("read")
        self._leave()

    @api.ondelete(at_uninstall=False)
    def _unlink_never_in_line(self):
        if any(entry.state in IN_LINE for entry in self):
            raise UserError(self.env._("Take them off the waitlist first: what is offered to them goes to the next."))

    # ------------------------------------------------------------------
    # What people read
    # ------------------------------------------------------------------

    def _get_label(self):
        """Return what it waits for: "Thursday, October 15, 2026, Afternoon (12:00-17:00), with Maria"."""
        self.ensure_one()
        self_sudo = self.sudo()  # sudo: a customer reads what he waits for
        parts = [format_date(self.env, self_sudo.day, date_format="full")]
        if self_sudo.window_id:
            parts.append(self_sudo.window_id.display_name)
        if self_sudo.resource_id:
            parts.append(self.env._("with %(name)s", name=self_sudo.resource_id.name))
        return ", ".join(parts)

    def _get_until_label(self):
        """Return until when the offered time is kept, in the service point's zone, "" when nothing is offered."""
        self.ensure_one()
        self_sudo = self.sudo()  # sudo: a customer reads what is kept for him
        return self_sudo.reservation_id._get_expiry_label() if self_sudo.state == "offered" else ""

    # ------------------------------------------------------------------
    # Links for people without a log-in
    # ------------------------------------------------------------------

    def _get_token(self):
        """Return the secret that opens this entry's pages from a link in a message."""
        self.ensure_one()
        return hmac(self.env(su=True), "service.waitlist.entry", self.public_id)

    @api.model
    def _find_by_token(self, public_id, token):
        """Return the entry of a link as superuser, empty when the link is not one of ours."""
        # sudo: the token is the right
        entry = self.sudo().search(self._get_public_id_domain(public_id), limit=1)
        # in bytes: a token with an accent is a wrong one, not a fault
        is_ours = entry and consteq(entry._get_token().encode(), (token or "").encode())
        return entry if is_ours else entry.browse()

    def _get_page_url(self):
        """Return the address of this entry's own page, without a log-in."""
        self.ensure_one()
        return f"{self.get_base_url()}/my/waitlist/{self.public_id}?token={self._get_token()}"

    def _get_accept_url(self):
        """Return where the customer takes the time that is offered to him, for messages."""
        return f"{self.get_base_url()}{self._get_accept_path()}"

    def _get_accept_path(self):
        """Return the same for pages: they stay on the address by which the customer came.

        The wizard shows the page ``/book/<public id>`` of the held reservation.
        """
        self.ensure_one()
        hold = self.sudo().reservation_id  # sudo: the link is for the one to whom the time is offered
        return f"/book/{hold.public_id}?token={hold._get_token()}"
