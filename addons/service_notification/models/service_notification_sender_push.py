import json
from contextlib import contextmanager, suppress

from psycopg2.errors import SerializationFailure

from odoo import models

from ..exceptions import DeliveryError
from ..push_service import DeviceGone, PushService

ICON = "/web/static/img/odoo-icon-192x192.png"


class ServiceNotificationSenderPush(models.AbstractModel):
    """Messages on the screens of a user's devices (Web Push), by Odoo's own ``mail.push.device``.

    A message is out when one device has taken it: a second try would show it twice on that one. It carries the subject
    of the e-mail and who sends it, never more.
    """

    _name = "service.notification.sender.push"
    _inherit = "service.notification.sender"
    _description = "Notifications on Devices"

    def _has_text(self, event):
        """Override: the text is the subject of the mail template."""
        return bool(event.mail_template_id)

    def _filter_partners(self, partners):
        """Override: only who logs in can have a device; whether he has one is seen when it is sent."""
        return partners.filtered("user_ids")

    def _is_choice_of(self, partner):
        """Override: there is nothing to choose without a device."""
        return bool(self._read_devices(partner))

    def _read_devices(self, partners):
        """Return ``{partner id: [{"id", "endpoint", "keys"}]}`` of those who have devices."""
        # sudo: devices are for administrators to read
        devices = self.env["mail.push.device"].sudo().search([("partner_id", "in", partners.ids)])
        return {partner.id: mine.read(["endpoint", "keys"]) for partner, mine in devices.grouped("partner_id").items()}

    def _find_obstacles(self, messages):
        """Override: there must be a device, and its owner must be allowed to read what it is about."""
        devices = self._read_devices(messages.partner_id)
        reasons = {}
        for (partner, model), mine in messages.grouped(lambda one: (one.partner_id, one.res_model)).items():
            if partner.id not in devices:
                reasons.update(dict.fromkeys(mine.ids, self.env._("There is no device")))
                continue
            readable = set(self._filter_readable(partner, model, mine).ids)
            hidden = mine.filtered(lambda one, readable=readable: one.res_id not in readable)
            reasons.update(dict.fromkeys(hidden.ids, self.env._("The recipient may not read what it is about")))
        return reasons

    def _filter_readable(self, partner, model, messages):
        """Return the records that one of a person's users may read."""
        records = self.env[model].browse(set(messages.mapped("res_id")))
        found = records.browse()
        for user in partner.user_ids:
            # with_user, sudo off: it is their rights that count
            found |= records.with_user(user).sudo(False)._filtered_access("read").with_env(self.env)
        return found

    def _prepare(self, messages):
        """Override to render the texts."""
        subjects, errors = self.env["service.notification.renderer"]._render_subjects(messages)
        devices = self._read_devices(messages.partner_id)
        payloads = {
            message.id: {
                "title": subjects[message.id],
                "devices": devices.get(message.partner_id.id, []),
                "content": self._write_content(message, subjects[message.id]),
            }
            for message in messages
            if message.id in subjects
        }
        return payloads, errors

    def _write_content(self, message, subject):
        """Return what Odoo's service worker reads: a click opens the record; of one tag only the last is shown."""
        content = {
            "title": (message.company_id or self.env.company).name,
            "options": {
                "body": subject,
                "icon": ICON,
                "tag": message.reference,
                "data": {"model": message.res_model, "res_id": message.res_id},
            },
        }
        return json.dumps(self.env["mail.thread"]._web_push_truncate_payload(content))

    @contextmanager
    def _open_session(self):
        """Override: connections to push services."""
        # sudo: the keys are not for everybody to read
        parameters = self.env["ir.config_parameter"].sudo()
        keys = [parameters.get_param(f"mail.web_push_vapid_{kind}_key") for kind in ("private", "public")]
        service = PushService(self.get_base_url(), *keys)
        try:
            yield service
        finally:
            service.close()

    def _deliver(self, payloads, session):
        """Override to push to all devices of each recipient."""
        for message_id, payload in payloads.items():
            try:
                self._push(payload, session)
            except DeliveryError as error:
                yield message_id, error
            else:
                yield message_id, None

    def _push(self, payload, session):
        """Push one message to its devices; forget those that are gone.

        :raise DeliveryError: none has taken it
        """
        errors, gone = [], []
        for device in payload["devices"]:
            try:
                session.push(device, payload["content"])
            except DeviceGone as error:
                gone.append(device["id"])
                errors.append(error)
            except DeliveryError as error:
                errors.append(error)
        self._forget(gone)
        if len(errors) == len(payload["devices"]):
            text = "; ".join(dict.fromkeys(map(str, errors))) or self.env._("There is no device")
            raise DeliveryError(text, all(error.is_permanent for error in errors))

    def _forget(self, device_ids):
        """Delete devices that push services do not know any more, as Odoo does."""
        if not device_ids:
            return
        # its browser, or another run, may delete it at this moment: then it is gone all the same
        with suppress(SerializationFailure), self.env.cr.savepoint():
            # sudo: devices are for administrators to delete
            self.env["mail.push.device"].sudo().browse(device_ids).exists().unlink()
