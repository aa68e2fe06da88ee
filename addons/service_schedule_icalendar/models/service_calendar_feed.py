import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

DAYS_BACK = 31
DAYS_AHEAD = 366
TOKEN_BYTES = 32
READ_EVERY = timedelta(hours=1)
"""How exactly we know when a feed was last read: every reading would be a write."""
SHOWN = ("confirmed", "done")


class ServiceCalendarFeed(models.Model):
    """A secret address under which a calendar program reads reservations, in the name of one user.

    What it shows is what the user may see at the moment of reading: who leaves the staff, or is archived, has an
    address that shows nothing more.
    """

    _name = "service.calendar.feed"
    _description = "Calendar Feed"
    _order = "kind, id"

    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade", index=True)
    kind = fields.Selection(
        [
            ("customer", "My appointments"),
            ("technician", "What I serve"),
            ("point", "A service point"),
        ],
        required=True,
        readonly=True,
    )
    point_id = fields.Many2one("service.point", "Service Point", readonly=True, ondelete="cascade")
    token = fields.Char(
        required=True, readonly=True, copy=False, groups="base.group_system", default=lambda self: self._new_token()
    )
    url = fields.Char("Secret Address", compute="_compute_url", help="Whoever has it can read the calendar.")
    read_at = fields.Datetime("Last Read", readonly=True, copy=False, help="To the hour.")

    _token_uniq = models.Constraint("UNIQUE (token)", "The address of a calendar feed is already used.")
    _one_each = models.UniqueIndex("(user_id, kind, coalesce(point_id, 0))")
    _kind_fields = models.Constraint(
        "CHECK ((kind = 'point') = (point_id IS NOT NULL))", "A feed of a service point names one, others do not."
    )

    @api.depends("token")
    def _compute_url(self):
        for feed in self:
            # sudo: the rules of access say who may see the feed, and with it its address
            feed.url = f"{feed.get_base_url()}/service/calendar/{feed.sudo().token}.ics"

    @api.depends("kind", "point_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for feed in self:
            feed.display_name = feed.sudo().point_id.name or kinds[feed.kind]

    @api.model
    def _new_token(self):
        return secrets.token_urlsafe(TOKEN_BYTES)

    # ------------------------------------------------------------------
    # Having one
    # ------------------------------------------------------------------

    @api.model
    def _find_own(self, kind, point=None):
        """Return the user's feed of that kind, as superuser; empty when there is none."""
        # sudo: portal users have no rights on feeds; the domain keeps to their own
        return self.sudo().search(
            [("user_id", "=", self.env.uid), ("kind", "=", kind), ("point_id", "=", point.id if point else False)]
        )

    @api.model
    def _open(self, kind, point=None):
        """Return the user's feed of that kind, as superuser, making it when there is none."""
        if point:
            point.check_access("read")
        found = self._find_own(kind, point)
        values = {"user_id": self.env.uid, "kind": kind, "point_id": point.id if point else False}
        # sudo: portal users have no rights on feeds; it is their own
        return found or self.sudo().create(values)

    def _renew(self):
        """Give the feed another address; the old one is nobody's any more."""
        for feed in self.sudo():  # sudo: nobody writes tokens; callers hold a feed that is the user's own
            feed.write({"token": self._new_token(), "read_at": False})

    def action_renew(self):
        """Give the feed another address, for the button."""
        self.check_access("read")
        self._renew()

    def _get_dialog(self):
        """Return the action that shows the feed."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Calendar Feed"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_stop(self):
        """Delete the feed, for the button."""
        self.check_access("read")
        self.sudo().unlink()  # sudo: whoever sees the feed may end it
        return {"type": "ir.actions.act_window_close"}

    # ------------------------------------------------------------------
    # Reading it
    # ------------------------------------------------------------------

    @api.model
    def _find_by_token(self, token):
        """Return the feed of an address as superuser, empty when it is none or its user is archived."""
        # a token with a zero byte is nobody's: the database cannot even look for it
        feed = self.sudo().search([("token", "=", (token or "").replace("\0", ""))])
        return feed.filtered("user_id.active")

    def _read_feed(self):
        """Return the calendar file with what the feed's user may see now, bytes."""
        self.ensure_one()
        user = self.user_id
        found = self._find_reservations().with_context(lang=user.lang, tz=user.tz)
        self._note_reading()
        return found._get_calendar_feed(self._get_feed_name(user.lang), for_customer=self.kind == "customer")

    def _find_reservations(self):
        """Return what the feed shows: with the rights of its user, as superuser when he is a customer."""
        reservations = self.env["service.reservation"].with_user(self.user_id)
        domain = self._get_feed_domain()
        if self.kind == "customer":
            # sudo: customers have no rights; the domain keeps to their own
            return reservations.sudo().search(domain & reservations._get_own_domain())
        # who is not on the staff any more has no right to search at all
        return reservations.search(domain) if reservations.has_access("read") else reservations

    def _get_feed_domain(self):
        """Return the domain of what the feed is about, whoever reads it."""
        now = fields.Datetime.now()
        domain = Domain("state", "in", SHOWN) & Domain("start", ">=", now - timedelta(days=DAYS_BACK))
        domain &= Domain("start", "<", now + timedelta(days=DAYS_AHEAD))
        if self.kind == "technician":
            domain &= Domain("resource_id.user_id", "=", self.user_id.id)
        return domain & Domain("point_id", "=", self.point_id.id) if self.kind == "point" else domain

    def _get_feed_name(self, lang):
        """Return how the subscriber's calendar is called, in a language."""
        if self.kind == "point":
            return self.point_id.with_context(lang=lang).name
        feed = self.with_context(lang=lang)
        company = self.user_id.company_id.name
        if self.kind == "technician":
            return feed.env._("Work at %(company)s", company=company)
        return feed.env._("Appointments at %(company)s", company=company)

    def _note_reading(self):
        """Remember that the feed is in use."""
        now = fields.Datetime.now()
        if not self.read_at or self.read_at < now - READ_EVERY:
            self.read_at = now
