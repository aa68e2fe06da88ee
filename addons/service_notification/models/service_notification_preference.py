from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

MODES = [("immediate", "At once"), ("daily", "Once a day"), ("weekly", "Once a week"), ("off", "Not at all")]
DIGESTS = ("daily", "weekly")


class ServiceNotificationPreference(models.Model):
    """How a person wants to hear of a group of events over one channel. Without a row the event's default holds."""

    _name = "service.notification.preference"
    _description = "Notification Preference"
    _order = "partner_id, group_id, channel_id"

    partner_id = fields.Many2one("res.partner", "Person", required=True, ondelete="cascade", index=True)
    group_id = fields.Many2one("service.notification.group", required=True, ondelete="cascade")
    channel_id = fields.Many2one("service.notification.channel", required=True, ondelete="cascade")
    mode = fields.Selection(MODES, "How", required=True)

    _person_uniq = models.Constraint(
        "UNIQUE (partner_id, group_id, channel_id)", "A person has one wish for a group and a channel."
    )

    def write(self, vals):
        """Override to keep whose it is: the rules ask whose it was, not whose it becomes."""
        if "partner_id" in vals and not self.env.su:
            raise AccessError(self.env._("You choose for yourself only."))
        return super().write(vals)

    @api.constrains("mode", "channel_id")
    def _check_mode(self):
        for preference in self:
            if preference.mode in DIGESTS and not preference.channel_id.can_digest:
                raise ValidationError(
                    self.env._(
                        "%(channel)s cannot be collected: choose at once or not at all.",
                        channel=preference.channel_id.name,
                    )
                )

    @api.model
    def _read_modes(self, partners, groups):
        """Return ``{(partner id, group id, channel id): mode}`` of what people have chosen; one query."""
        # sudo: how somebody wants to be told is not for those who cause the message to see
        rows = self.sudo().search_fetch(
            [("partner_id", "in", partners.ids), ("group_id", "in", groups.ids)],
            ["partner_id", "group_id", "channel_id", "mode"],
        )
        return {(row.partner_id.id, row.group_id.id, row.channel_id.id): row.mode for row in rows}

    @api.model
    def _choose(self, partner, group, channel, mode):
        """Write down what a person wants. Callers check that it is his to say."""
        # sudo: also a guest with a link of a message chooses
        preferences = self.sudo()
        row = preferences.search(
            [("partner_id", "=", partner.id), ("group_id", "=", group.id), ("channel_id", "=", channel.id)]
        )
        if row:
            row.mode = mode
        else:
            row = preferences.create(
                {"partner_id": partner.id, "group_id": group.id, "channel_id": channel.id, "mode": mode}
            )
        return row

    @api.model
    def _get_choices(self, partner, is_staff):
        """Return what a person can choose and has chosen, for pages and dialogs.

        :return: ``[(group, [(channel, mode or "" for the default, [(mode, label)], what the default is)])]``; for the
            last see ``service.notification.group._get_usual``
        """
        # sudo: people may know which groups of events there are
        groups = self.env["service.notification.group"].sudo()
        groups = groups.search(groups._get_choice_domain(is_staff))
        modes = self._read_modes(partner, groups)
        offered = {group: group._get_channels() for group in groups}
        channels = self.env["service.notification.channel"].union(*offered.values())
        channels = channels.filtered(lambda channel: channel._get_sender()._is_choice_of(partner))
        return [
            (
                group,
                [
                    (
                        channel,
                        modes.get((partner.id, group.id, channel.id), ""),
                        self._get_options(channel),
                        group._get_usual(channel, is_staff),
                    )
                    for channel in offered[group] & channels
                ],
            )
            for group in groups
        ]

    @api.model
    def _get_options(self, channel):
        """Return ``[(mode, label)]`` of what can be chosen for a channel."""
        labels = self._fields["mode"]._description_selection(self.env)
        return [(mode, label) for mode, label in labels if channel.can_digest or mode not in DIGESTS]

    @api.model
    def _get_usual_labels(self):
        """Return ``{what the default is: how people read it}``."""
        return {
            "on": self.env._("As usual (at once)"),
            "some": self.env._("As usual (some of it at once)"),
            "off": self.env._("As usual (not at all)"),
        }

    @api.model
    def _save_choices(self, partner, is_staff, wanted):
        """Keep what a person chose on a page. Callers check that the person is the user.

        :param dict wanted: ``{(group id, channel id): mode, or "" for the default}``; what is not among the choices of
            the person is ignored
        """
        for group, channels in self._get_choices(partner, is_staff):
            for channel, mode, options, _usual in channels:
                new = wanted.get((group.id, channel.id), mode)
                if new == mode or (new and new not in dict(options)):
                    continue
                if new:
                    self._choose(partner, group, channel, new)
                else:
                    self._forget(partner, group, channel)

    def _forget(self, partner, group, channel):
        """Go back to the default."""
        # sudo: as in _choose
        self.sudo().search(
            [("partner_id", "=", partner.id), ("group_id", "=", group.id), ("channel_id", "=", channel.id)]
        ).unlink()
