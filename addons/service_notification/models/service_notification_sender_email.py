import smtplib
from contextlib import contextmanager

from odoo import models
from odoo.tools.mail import email_normalize, email_split_and_format_normalize, formataddr

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ..exceptions import DeliveryError
from ..smtp_sessions import SmtpSessions

OWN_HEADERS = {
    # RFC 3834: nobody's absence note shall answer
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "OOF, AutoReply",
}


class ServiceNotificationSenderEmail(models.AbstractModel):
    """E-mail, handed directly to the mail server: Odoo's own queue would be a second outbox with a second chance to
    send twice."""

    _name = "service.notification.sender.email"
    _inherit = "service.notification.sender"
    _description = "Notifications by E-mail"

    def _has_text(self, event):
        """Override: the text is the mail template."""
        return bool(event.mail_template_id)

    def _find_obstacles(self, messages):
        """Override: there must be an address."""
        missing = messages.filtered(lambda message: not message.partner_id.email_normalized)
        return dict.fromkeys(missing.ids, self.env._("There is no e-mail address"))

    def _prepare(self, messages):
        """Override to build the mails."""
        rendered, errors = self.env["service.notification.renderer"]._render_emails(messages)
        sending = messages.filtered(lambda message: message.id in rendered)
        attachments = sending._read_attachments()
        payloads = {}
        for message in sending:
            try:
                payloads[message.id] = self._prepare_payload(
                    message, rendered[message.id], attachments.get(message.id, [])
                )
            except DeliveryError as error:
                errors[message.id] = error
        return payloads, errors

    def _prepare_payload(self, message, rendered, attachments):
        """Return what ``_deliver`` needs of one message; plain values only.

        :raise DeliveryError: nobody is there to send it
        """
        company = message.company_id or self.env.company
        server = message.event_id.mail_template_id.mail_server_id
        from_address = self._get_from(rendered, company)
        mail = self.env["ir.mail_server"]._build_email__(
            email_from=from_address,
            email_to=[self._get_to(message.partner_id)],
            subject=rendered["subject"],
            body=rendered["html"],
            body_alternative=rendered["plain"],
            subtype="html",
            subtype_alternative="plain",
            reply_to=rendered["reply_to"] or from_address,
            attachments=attachments,
            message_id=message.reference,
            headers={**OWN_HEADERS, **self._get_list_headers(rendered)},
        )
        return {
            "title": rendered["subject"],
            "mail": mail,
            "from": from_address,
            "server_id": server.id,
            "entry_ids": rendered.get("entry_ids"),
            # given, so that no company is read for each mail
            "bounce": company.bounce_email or email_normalize(from_address),
            "sender": company.default_from_email or email_normalize(from_address),
        }

    def _get_from(self, rendered, company):
        """Return the address in the From header: the template's, the company's, or Odoo's own."""
        given = email_split_and_format_normalize(rendered["email_from"] or company.email_formatted or "")
        address = given[0] if given else self.env["ir.mail_server"]._get_default_from_address()
        if not address:
            raise DeliveryError(self.env._("%(company)s has no e-mail address to send from", company=company.name))
        return address

    def _get_to(self, partner):
        """Return the address of a recipient; a name with a line break would begin a header of its own."""
        return formataddr((" ".join((partner.name or "").split()), partner.email_normalized))

    def _get_list_headers(self, rendered):
        """Return the headers by which mail programs offer to unsubscribe with one click (RFC 2369, RFC 8058)."""
        if not rendered["unsubscribe_url"]:
            return {}
        return {
            "List-Unsubscribe": f"<{rendered['unsubscribe_url']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }

    @contextmanager
    def _open_session(self):
        """Override: connections to mail servers."""
        sessions = SmtpSessions()
        try:
            yield sessions
        finally:
            sessions.close()

    def _deliver(self, payloads, session):
        """Override to hand mails to their servers."""
        servers = self.env["ir.mail_server"]
        for message_id, payload in payloads.items():
            connection = session.get(servers, payload["server_id"], payload["from"])
            try:
                self._send_mail(servers, payload, connection)
            except DeliveryError as error:
                session.drop(payload["server_id"], payload["from"])
                yield message_id, error
            else:
                yield message_id, None

    def _send_mail(self, servers, payload, connection):
        """Hand over one mail.

        :raise DeliveryError: it was not accepted, or nobody knows: the next try has the same Message-Id
        """
        servers = servers.with_context(
            domain_bounce_address=payload["bounce"], domain_notifications_email=payload["sender"]
        )
        try:
            servers.send_email(payload["mail"], mail_server_id=payload["server_id"] or None, smtp_session=connection)
        except MailDeliveryException as error:
            raise DeliveryError(str(error.args[-1]), self._is_refused(error.__context__)) from error
        except (OSError, smtplib.SMTPException, AssertionError, UnicodeError) as error:
            raise DeliveryError(f"{type(error).__name__}: {error}", self._is_refused(error)) from error

    @staticmethod
    def _is_refused(error):
        """Return whether the server refused for good (a reply of 5xx)."""
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            return all(code >= 500 for code, _reply in error.recipients.values())
        return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500
