import re

from odoo import api, fields, models
from odoo.exceptions import UserError

STOP_WORDS = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "ARRET", "ARRÊT", "STOPP", "BAJA", "ALTO"}
START_WORDS = {"START", "UNSTOP", "YES", "SUBSCRIBE"}
"""The words of the carriers (CTIA) and their translations; a message is one of them when it is its only word."""


class ServiceNotificationConsent(models.Model):
    """That somebody agreed to be sent text messages to a number, or took it back: when and how. Rows are only added.

    The last row of a person and a number holds. Another number is another consent.
    """

    _name = "service.notification.consent"
    _description = "SMS Consent"
    _order = "id desc"
    _rec_name = "number"

    partner_id = fields.Many2one("res.partner", "Person", required=True, readonly=True, ondelete="cascade", index=True)
    number = fields.Char(required=True, readonly=True, index=True, help="In the international form of E.164.")
    is_given = fields.Boolean("Agreed", readonly=True)
    how = fields.Selection(
        [("portal", "On the Portal"), ("staff", "Told the Staff"), ("booking", "While Booking"), ("sms", "By SMS")],
        required=True,
        readonly=True,
    )
    note = fields.Char(readonly=True, help="Such as the text that was agreed to, or the message that was received.")
    create_date = fields.Datetime("When")
    create_uid = fields.Many2one("res.users", "Recorded by")

    @api.model
    def _get_number(self, partner):
        """Return a partner's telephone number in E.164, or False when there is none that can be sent to."""
        return partner._phone_format(fname="phone") if partner.phone else False

    @api.model
    def _record(self, partner, is_given, how, note=""):
        """Write down that a person agrees or takes it back. Callers check that it is his to say.

        :raise UserError: the person has no telephone number that a text message can be sent to
        """
        number = self._get_number(partner)
        if not number:
            raise UserError(
                self.env._("%(name)s has no telephone number that a text message can be sent to.", name=partner.name)
            )
        # sudo: nobody may add consents but here
        return self.sudo().create(
            {"partner_id": partner.id, "number": number, "is_given": is_given, "how": how, "note": note}
        )

    @api.model
    def _read_consenting(self, partners):
        """Return ``{partner id: number}`` of those who agree to be sent text messages to their present number.

        A number that is on Odoo's list of blocked ones gets nothing.
        """
        numbers = {partner.id: self._get_number(partner) for partner in partners}
        numbers = {partner_id: number for partner_id, number in numbers.items() if number}
        if not numbers:
            return {}
        # sudo: whoever causes a message does not see who agreed to what
        rows = self.sudo().search_fetch(
            [("partner_id", "in", list(numbers))], ["partner_id", "number", "is_given"], order="id"
        )
        last = {(row.partner_id.id, row.number): row.is_given for row in rows}
        agreed = {partner_id: number for partner_id, number in numbers.items() if last.get((partner_id, number))}
        return self._drop_blocked(agreed) if agreed else {}

    def _drop_blocked(self, numbers):
        # sudo: as above
        blocked = self.env["phone.blacklist"].sudo().search([("number", "in", list(set(numbers.values())))])
        blocked = set(blocked.mapped("number"))
        return {partner_id: number for partner_id, number in numbers.items() if number not in blocked}

    @api.model
    def _receive_sms(self, number, body):
        """Honour STOP and START in a text message that was received; whoever receives messages calls this.

        STOP holds for all who have that number and for all that Odoo sends to it; START takes it back for those who
        had agreed before.

        :param str number: of the sender, in international form
        :return: "stop", "start", or False when the message is neither
        """
        word = self._read_word(body)
        if not word:
            return False
        is_start = word == "start"
        # sudo: it comes from a provider, not from a user
        blacklist = self.env["phone.blacklist"].sudo()
        number = self.env.user._phone_format(number=number) or number
        (blacklist._remove if is_start else blacklist._add)([number])
        earlier = self.sudo().search([("number", "=", number)])
        earlier.create(
            [
                {"partner_id": partner.id, "number": number, "is_given": is_start, "how": "sms", "note": body}
                for partner in earlier.partner_id
            ]
        )
        return word

    @api.model
    def _read_word(self, body):
        """Return "stop" or "start" when a text message is one of these words alone, else False."""
        word = re.sub(r"[^\w]", "", body or "").upper()
        if word in STOP_WORDS | START_WORDS:
            return "start" if word in START_WORDS else "stop"
        return False
