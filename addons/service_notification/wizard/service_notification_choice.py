from datetime import datetime

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..clock import find_zone

USUAL = "usual_"
"""With what the values begin that say that nothing is chosen, and what is done then; a word is better than an empty
field. See ``service.notification.group._get_usual``."""


class ServiceNotificationChoice(models.TransientModel):
    """The dialog, and what is behind the page, on which a user chooses how he is told. Always about himself."""

    _name = "service.notification.choice"
    _description = "How You Are Told"

    line_ids = fields.One2many("service.notification.choice.line", "choice_id", default=lambda self: self._get_lines())
    has_quiet_hours = fields.Boolean("Quiet Hours", default=lambda self: bool(self._read_own_hours()))
    quiet_start = fields.Float("From", default=lambda self: (self._read_own_hours() or (21.0, 8.0))[0])
    quiet_stop = fields.Float("Until", default=lambda self: (self._read_own_hours() or (21.0, 8.0))[1])
    is_consenting = fields.Boolean(
        "I agree to text messages",
        default=lambda self: self._has_consent(),
        help="To the telephone number of your account.",
    )

    def _get_lines(self):
        return [
            Command.create(
                {
                    "group_id": group.id,
                    "channel_id": channel.id,
                    "mode": mode or f"{USUAL}{usual}",
                    "possible": ",".join([f"{USUAL}{usual}", *dict(options)]),
                }
            )
            for group, channels in self._get_own_choices()
            for channel, mode, options, usual in channels
        ]

    def action_save(self):
        """Keep what the user chose."""
        self.ensure_one()
        wanted = {
            (line.group_id.id, line.channel_id.id): "" if line.mode.startswith(USUAL) else line.mode
            for line in self.line_ids
        }
        self._save(wanted, (self.quiet_start, self.quiet_stop) if self.has_quiet_hours else None)
        self._save_consent(self.is_consenting, "staff")

    # ------------------------------------------------------------------
    # What both the dialog and the page do
    # ------------------------------------------------------------------

    @api.model
    def _get_own_choices(self):
        """Return the user's choices, see ``service.notification.preference._get_choices``."""
        user = self.env.user
        return self.env["service.notification.preference"]._get_choices(user.partner_id, user._is_internal())

    @api.model
    def _read_own_hours(self):
        partner = self.env.user.partner_id
        return self.env["service.notification.quiet"]._read_hours(partner).get(partner.id)

    @api.model
    def _has_consent(self):
        partner = self.env.user.partner_id
        return partner.id in self.env["service.notification.consent"]._read_consenting(partner)

    @api.model
    def _save(self, wanted, hours):
        """Keep the user's wishes and quiet hours.

        :param dict wanted: ``{(group id, channel id): mode or ""}``
        :param hours: ``(from, until)`` in local hours, or None for none
        """
        user = self.env.user
        self.env["service.notification.preference"]._save_choices(user.partner_id, user._is_internal(), wanted)
        quiet = self.env["service.notification.quiet"]
        if hours:
            quiet._choose(user.partner_id, *hours)
        else:
            quiet.search([("partner_id", "=", user.partner_id.id)]).unlink()

    @api.model
    def _save_consent(self, is_given, how):
        """Keep whether the user agrees to text messages, when that is new.

        :raise UserError: he agrees and has no number
        """
        consents = self.env["service.notification.consent"]
        if is_given != self._has_consent():
            consents._record(self.env.user.partner_id, is_given, how, self._get_consent_text())

    @api.model
    def _get_consent_text(self):
        """Return what a person agrees to; it is kept with the consent."""
        agreed = self.env._(
            "I agree that %(company)s sends me text messages about my appointments and orders. "
            "My provider may charge for them.",
            company=self.env.company.name,
        )
        return f"{agreed} {self._get_revoke_text()}"

    @api.model
    def _get_revoke_text(self):
        """Return how a person takes it back. A hook: where answers are received, addons say that STOP is one."""
        return self.env._("I can take it back here at any time.")

    # ------------------------------------------------------------------
    # The page
    # ------------------------------------------------------------------

    @api.model
    def _get_page_values(self):
        """Return what the portal's page shows."""
        partner = self.env.user.partner_id
        hours = self._read_own_hours()
        # sudo: customers do not read the contact of the company
        company_zone = self.env.company.sudo().partner_id.tz
        return {
            "choices": self._get_own_choices(),
            "usual_labels": self.env["service.notification.preference"]._get_usual_labels(),
            "quiet_start": self._format_hour(hours[0]) if hours else "",
            "quiet_stop": self._format_hour(hours[1]) if hours else "",
            "zone": find_zone(partner.tz, company_zone).key,
            "is_consenting": self._has_consent(),
            "consent_text": self._get_consent_text(),
            "number": self.env["service.notification.consent"]._get_number(partner),
        }

    @api.model
    def _save_page(self, post):
        """Keep what the form of the portal's page sent; return the name of the message to show."""
        try:
            hours = [self._parse_hour(post.get(name) or "") for name in ("quiet_start", "quiet_stop")]
        except ValueError:
            return "hours"
        self._save(self._parse_modes(post), None if None in hours else hours)
        if post.get("has_consent"):
            try:
                self._save_consent(bool(post.get("consent")), "portal")
            except UserError:
                return "number"
        return "saved"

    @staticmethod
    def _parse_modes(post):
        """Return ``{(group id, channel id): mode}`` of fields named "mode_<group>_<channel>"."""
        wanted = {}
        for name, value in post.items():
            parts = name.split("_")
            if len(parts) == 3 and parts[0] == "mode" and parts[1].isdecimal() and parts[2].isdecimal():
                wanted[int(parts[1]), int(parts[2])] = value
        return wanted

    @staticmethod
    def _parse_hour(text):
        """Return the hour of "21:30", or None of nothing.

        :raise ValueError: it is not a time of a day
        """
        if not text.strip():
            return None
        moment = datetime.strptime(text.strip()[:5], "%H:%M")
        return moment.hour + moment.minute / 60

    @staticmethod
    def _format_hour(hour):
        minutes = round(hour * 60) % 1440
        return f"{minutes // 60:02}:{minutes % 60:02}"


class ServiceNotificationChoiceLine(models.TransientModel):
    """One group and channel in the dialog."""

    _name = "service.notification.choice.line"
    _description = "How You Are Told of a Group"

    choice_id = fields.Many2one("service.notification.choice", required=True, ondelete="cascade")
    group_id = fields.Many2one("service.notification.group", required=True, ondelete="cascade")
    channel_id = fields.Many2one("service.notification.channel", required=True, ondelete="cascade")
    mode = fields.Selection("_selection_modes", "How", required=True)
    possible = fields.Char(readonly=True, help="Which of the modes can be chosen for the group and the channel.")

    @api.model
    def _selection_modes(self):
        preferences = self.env["service.notification.preference"]
        usual = [(f"{USUAL}{name}", label) for name, label in preferences._get_usual_labels().items()]
        return usual + preferences._fields["mode"]._description_selection(self.env)
