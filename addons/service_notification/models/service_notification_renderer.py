import logging
import re
from collections import defaultdict

from markupsafe import Markup

from odoo import models
from odoo.tools import hash_sign, html2plaintext

from ..exceptions import DeliveryError
from ..moments import make_format_moment

_logger = logging.getLogger(__name__)

LAYOUT = "service_notification.mail_layout"
UNSUBSCRIBE_SCOPE = "service_notification.unsubscribe"


class ServiceNotificationRenderer(models.AbstractModel):
    """Turns messages into texts, in the recipients' languages and with times in the zones of the records.

    Messages that read the same (event, audience, language, zones, company) are rendered together; the layout, which
    greets the recipient by name and has his links, for each.

    Besides what Odoo's templates know, ours know ``audience``, ``format_moment(moment)``, and the names ``zone`` of the
    record's zone and ``own_zone`` of the recipient's.
    """

    _name = "service.notification.renderer"
    _description = "Notification Renderer"

    # ------------------------------------------------------------------
    # E-mails
    # ------------------------------------------------------------------

    def _render_emails(self, messages, lang=None):
        """Return ``({message id: parts}, {message id: DeliveryError})``.

        :param str lang: of all of them; None is each recipient's own

        Parts: "subject", "html" (the whole page), "plain", "email_from", "reply_to", "unsubscribe_url", and for
        digests "entry_ids".
        """
        digest_event = self.env.ref("service_notification.event_digest", raise_if_not_found=False)
        digests = messages.filtered(lambda message: message.event_id == digest_event)
        bodies, errors = self._render_parts(messages - digests, self._render_mail_group, lang)
        digest_bodies, digest_errors = self._render_digests(digests)
        bodies.update(digest_bodies)
        urls, contacts = self._read_urls(messages), self._read_contacts(messages)
        return {
            message.id: self._lay_out(message, bodies[message.id], urls.get(message.id, ""), contacts[message.id], lang)
            for message in messages
            if message.id in bodies
        }, {**errors, **digest_errors}

    def _render_mail_group(self, messages, lang, add_context):
        """Return ``{message id: parts without the layout}`` of messages that read the same."""
        event = messages.event_id
        # sudo, lang: the sender acts for nobody in particular, and writes in the language of the recipient
        template = event.mail_template_id.sudo().with_context(lang=lang, tz=add_context["zone"])
        ids = list(set(messages.mapped("res_id")))
        parts = {
            field: template._render_field(field, ids, add_context=add_context, options=options)
            for field, options in (
                ("subject", {}),
                ("body_html", {"post_process": True}),
                ("email_from", {}),
                ("reply_to", {}),
            )
        }
        return {
            message.id: {
                "subject": " ".join((parts["subject"][message.res_id] or event.name).split()),
                "body": parts["body_html"][message.res_id],
                "email_from": parts["email_from"][message.res_id],
                "reply_to": parts["reply_to"][message.res_id],
            }
            for message in messages
        }

    def _render_digests(self, digests):
        """Return what ``_render_parts`` does, for digests: one after the other all that each collected."""
        entries = digests._get_entries()
        bodies, errors = self._render_parts(entries, self._render_mail_group)
        rendered, failed = {}, {}
        for digest, mine in entries.grouped("digest_id").items():
            wrong = [errors[entry.id] for entry in mine if entry.id in errors]
            if wrong:
                failed[digest.id] = wrong[0]
                continue
            items = [(bodies[entry.id]["subject"], bodies[entry.id]["body"]) for entry in mine]
            texts = self.with_context(lang=self._get_lang(digest))
            rendered[digest.id] = {
                "subject": texts._get_digest_subject(digest, len(items)),
                "body": texts.env["ir.qweb"]._render(
                    "service_notification.mail_digest", {"items": items}, minimal_qcontext=True
                ),
                "email_from": bodies[mine[0].id]["email_from"],
                "reply_to": "",
                "entry_ids": mine.ids,
            }
        return rendered, failed

    def _get_digest_subject(self, digest, count):
        if digest.occasion == "weekly":
            return self.env._("Your week: %(count)s messages", count=count)
        return self.env._("Your day: %(count)s messages", count=count)

    def _lay_out(self, message, parts, url, contact, lang=None):
        """Return the parts of one e-mail with its layout around the body; answers go to its contact."""
        lang = lang or self._get_lang(message)
        texts = self.with_context(lang=lang)
        values = texts._get_layout_values(message, parts, url, contact, lang)
        html = texts.env["ir.qweb"]._render(LAYOUT, values, minimal_qcontext=True)
        return {
            **parts,
            "reply_to": parts["reply_to"] or contact.get("email") or "",
            "html": Markup("<!DOCTYPE html>\n") + html,
            "plain": texts._get_plain(values),
            "unsubscribe_url": values["unsubscribe_url"],
        }

    def _get_layout_values(self, message, parts, url, contact, lang):
        """Return what the layout shows."""
        base = self.get_base_url()
        language = self.env["res.lang"]._get_data(code=lang)
        company = message.company_id or self.env.company
        return {
            "subject": parts["subject"],
            "body": parts["body"],
            "lang": lang.replace("_", "-"),
            "direction": language.direction or "ltr",
            "name": message.partner_id.name or "",
            "contact": {
                "name": contact.get("name") or company.name,
                "phone": contact.get("phone") or company.phone or "",
                "email": contact.get("email") or company.email or "",
                "address": contact.get("address") or "",
            },
            # those of Odoo's own e-mails
            "color": company.email_secondary_color or "#875A7B",
            "text_color": company.email_primary_color or "#FFFFFF",
            "url": base + url if url.startswith("/") else url,
            "group": message.event_id.group_id,
            "unsubscribe_url": self._get_unsubscribe_url(message),
            "choose_url": f"{base}/my/notifications",
        }

    def _get_unsubscribe_url(self, message):
        """Return the link by which a recipient needs no log-in to switch such messages off; "" when he cannot."""
        if not message.event_id.group_id or not message.partner_id:
            return ""
        if not message.id:
            # a preview: who looks at it has no business with the recipient's choices
            return f"{self.get_base_url()}/notifications/unsubscribe/preview"
        token = hash_sign(
            self.env(su=True),
            UNSUBSCRIBE_SCOPE,
            [message.partner_id.id, message.event_id.group_id.id, message.channel_id.id],
        )
        return f"{self.get_base_url()}/notifications/unsubscribe/{token}"

    def _get_plain(self, values):
        """Return the plain-text part: all that the HTML part says."""
        # Odoo's function runs the items of a list together
        body = html2plaintext(re.sub(r"<li\b[^>]*>", r"\g<0><br/>- ", str(values["body"] or "")))
        lines = [self.env._("Hello %(name)s,", name=values["name"]), body]
        if values["url"]:
            lines.append(values["url"])
        contact = values["contact"]
        told = " · ".join(filter(None, (contact["name"], contact["phone"], contact["email"])))
        lines.append("\n".join(filter(None, (told, contact["address"]))))
        if values["unsubscribe_url"]:
            lines.append(
                self.env._(
                    "You get this because of “%(group)s”. Unsubscribe: %(url)s",
                    group=values["group"].with_context(lang=self.env.lang).name,
                    url=values["unsubscribe_url"],
                )
            )
        lines.append(self.env._("Choose what you get: %(url)s", url=values["choose_url"]))
        return "\n\n".join(lines)

    def _read_urls(self, messages):
        """Return ``{message id: address of the page about its record}``: in Odoo for its users, else the customer's."""
        urls = {}
        at_work = messages.filtered(
            lambda message: (
                message.audience != "customer" and message.partner_id and not message.partner_id.partner_share
            )
        )
        for of_staff, some in ((True, at_work), (False, messages - at_work)):
            for model, mine in some.grouped("res_model").items():
                # sudo: the sender acts for nobody in particular
                records = self.env[model].sudo().browse(set(mine.mapped("res_id")))
                found = records._get_notification_staff_url() if of_staff else records._get_notification_url()
                urls.update({message.id: found.get(message.res_id) or "" for message in mine})
        return urls

    def _read_contacts(self, messages):
        """Return ``{message id: contact}``, see the hook; {} is the company's."""
        contacts = {}
        for model, mine in messages.grouped("res_model").items():
            # sudo: the sender acts for nobody in particular
            found = self.env[model].sudo().browse(set(mine.mapped("res_id")))._get_notification_contact()
            contacts.update({message.id: found.get(message.res_id) or {} for message in mine})
        return contacts

    # ------------------------------------------------------------------
    # Short texts
    # ------------------------------------------------------------------

    def _render_subjects(self, messages):
        """Return ``({message id: subject of its e-mail}, {message id: DeliveryError})``, for what shows one line."""
        return self._render_parts(messages, self._render_subject_group)

    def _render_subject_group(self, messages, lang, add_context):
        event = messages.event_id
        # sudo, lang: as in _render_mail_group
        template = event.mail_template_id.sudo().with_context(lang=lang, tz=add_context["zone"])
        texts = template._render_field("subject", list(set(messages.mapped("res_id"))), add_context=add_context)
        return {message.id: " ".join((texts[message.res_id] or event.name).split()) for message in messages}

    def _render_texts(self, messages, lang=None):
        """Return ``({message id: text}, {message id: DeliveryError})``; for ``lang`` see ``_render_emails``."""
        return self._render_parts(messages, self._render_text_group, lang)

    def _render_text_group(self, messages, lang, add_context):
        # sudo, lang: as in _render_mail_group
        template = messages.event_id.sms_template_id.sudo().with_context(lang=lang, tz=add_context["zone"])
        ids = list(set(messages.mapped("res_id")))
        texts = template._render_field("body", ids, add_context=add_context)
        return {message.id: texts[message.res_id].strip() for message in messages}

    # ------------------------------------------------------------------
    # What reads the same
    # ------------------------------------------------------------------

    def _render_parts(self, messages, render, lang=None):
        """Render messages together that read the same; where that fails, one by one, so that one fault stays one.

        :param render: ``(messages, language, context of the templates) -> {message id: what it renders}``
        """
        rendered, errors = {}, {}
        zones = messages._read_zones()
        groups = defaultdict(messages.browse)
        for message in messages:
            groups[self._get_reading(message, zones[message.id], lang)] |= message
        for key, mine in groups.items():
            try:
                rendered.update(self._render_group(mine, key, render))
            except Exception:
                _logger.info("Notifications %s cannot be rendered together", mine.ids, exc_info=True)
                for message in mine:
                    self._render_alone(message, key, render, rendered, errors)
        return rendered, errors

    def _render_alone(self, message, key, render, rendered, errors):
        try:
            rendered.update(self._render_group(message, key, render))
        except Exception as error:  # noqa: BLE001 - people write templates: what they raise is kept with the message
            errors[message.id] = DeliveryError(f"{type(error).__name__}: {error}")

    def _get_reading(self, message, zone_name, lang):
        """Return what messages have in common that read the same."""
        return (
            message.event_id,
            message.audience,
            lang or self._get_lang(message),
            zone_name,
            message.partner_id.tz or zone_name,
            message.company_id or self.env.company,
        )

    def _render_group(self, messages, key, render):
        _event, audience, lang, zone_name, own_zone_name, _company = key
        add_context = {
            "audience": audience,
            "zone": zone_name,
            "own_zone": own_zone_name,
            "format_moment": make_format_moment(lang, zone_name, own_zone_name),
        }
        return render(messages, lang, add_context)

    def _get_lang(self, message):
        """Return the language of a recipient, or of the company, among those that are installed."""
        installed = dict(self.env["res.lang"].get_installed())
        company = message.company_id or self.env.company
        wished = (message.partner_id.lang, company.partner_id.lang, self.env.lang)
        return next((lang for lang in wished if lang in installed), "en_US")


class ServiceNotificationMessage(models.Model):
    """What the records add to messages."""

    _inherit = "service.notification.message"

    def _read_attachments(self):
        """Return ``{message id: [(file name, bytes, mime type)]}``."""
        found = {}
        for model, messages in self.grouped("res_model").items():
            # sudo: the sender acts for nobody in particular
            records = self.env[model].sudo().browse(set(messages.mapped("res_id")))
            found.update(records._get_notification_attachments(messages))
        return found
