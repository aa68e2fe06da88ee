import re

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.urls import urljoin

from ..signature import is_signed

PATH = "/service_notification/sms_twilio/received"
E164 = re.compile(r"\+[1-9]\d{6,14}")
SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")


class ServiceNotificationTwilioReceipt(models.Model):
    """Which text messages were dealt with, by Twilio's own id, so that each counts once.

    Twilio's signature knows no time: a START that somebody overheard and sends again, after its sender has written
    STOP, must not count. Rows are only added, and only of messages that change something.
    """

    _name = "service.notification.twilio.receipt"
    _description = "Text Message from Twilio"
    _order = "id desc"
    _rec_name = "message_sid"

    message_sid = fields.Char("Message", required=True, readonly=True, help="Twilio's id of it.")
    number = fields.Char("Sender", required=True, readonly=True, help="In the international form of E.164.")
    body = fields.Char("Text", readonly=True)
    create_date = fields.Datetime("When")

    _message_sid_uniq = models.Constraint("UNIQUE (message_sid)", "That message was dealt with already.")

    @api.model
    def _get_url(self, company):
        """Return the address that the shop's Twilio numbers are told to bring messages to."""
        return urljoin(company.get_base_url(), PATH)

    @api.model
    def _is_from_twilio(self, form, signature):
        """Return whether a request is signed by one of the accounts of our companies. Called as superuser.

        :param form: a multi-dict of what was posted
        :param signature: the header, or None
        """
        sid = form.get("AccountSid")
        companies = self.env["res.company"].search([("sms_twilio_account_sid", "=", sid)]) if sid else ()
        return any(
            is_signed(company.sms_twilio_auth_token, self._get_url(company), form, signature) for company in companies
        )

    @api.model
    def _receive(self, form):
        """Honour STOP and START, once for each message; return False when it is no text message at all.

        Senders that are no telephone numbers, such as names and short codes, agreed to nothing: they change nothing.
        """
        sid, number = form.get("MessageSid") or "", form.get("From") or ""
        if not SID.fullmatch(sid) or not number:
            return False
        consents = self.env["service.notification.consent"]
        # what Twilio itself took it for, also in words and languages of the shop's own, comes before the text
        body = form.get("OptOutType") if form.get("OptOutType") in ("STOP", "START") else form.get("Body") or ""
        if E164.fullmatch(number) and consents._read_word(body) and self._add(sid, number, body):
            consents._receive_sms(number, body)
        return True

    def _add(self, sid, number, body):
        """Write down that a message is dealt with; return False when it was before, or is by another request now."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO service_notification_twilio_receipt
                          (message_sid, number, body, create_uid, write_uid, create_date, write_date)
                   VALUES (%(sid)s, %(number)s, %(body)s, %(uid)s, %(uid)s, %(now)s, %(now)s)
                   ON CONFLICT DO NOTHING""",
                sid=sid,
                number=number,
                body=body,
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        return bool(self.env.cr.rowcount)
