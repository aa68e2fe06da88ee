from odoo import models

from .service_notification_event import AUDIENCES


class ServiceNotificationMixin(models.AbstractModel):
    """For models whose changes people are told of.

    All hooks take records and return a dict by id: they are asked once for a whole batch and must not query for each
    record. They are called as superuser.
    """

    _name = "service.notification.mixin"
    _description = "Notification Mixin"

    # ------------------------------------------------------------------
    # To call
    # ------------------------------------------------------------------

    def _notify(self, code, *, audiences=AUDIENCES, occasion="", moments=None):
        """Tell people of an event of these records, after this transaction; each is told once of a revision.

        :param str code: of a ``service.notification.event``
        :param audiences: names of those who are told, all unless given
        :param str occasion: tells apart what may be told several times of one revision
        :param dict moments: ``{record id: (not before, expires at or None)}`` naive UTC; None is at once
        :return: how many messages are new
        :raise ValueError: there is no such event, or it is about another model
        """
        event = self.env["service.notification.event"]._get_by_code(code)
        if event and event.model != self._name:
            raise ValueError(f"the event {code!r} is about {event.model}, not {self._name}")
        return self.env["service.notification.message"]._queue(
            event, self, audiences=audiences, occasion=occasion, moments=moments
        )

    def _arm_reminders(self, audiences=AUDIENCES):
        """Queue the reminders of these records; called when their moment is set or has changed, with its new revision.

        Reminders whose time is over already are skipped. Doing it twice is once.

        :param audiences: names of those whose reminders are meant, all unless given
        :return: how many messages are new
        """
        return self.env["service.notification.reminder"]._arm(self, audiences)

    def action_open_notifications(self):
        """List what people were told of these records."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Notifications"),
            "res_model": "service.notification.message",
            "view_mode": "list,kanban,form",
            "domain": [("res_model", "=", self._name), ("res_id", "in", self.ids)],
        }

    # ------------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------------

    def _get_notification_recipients(self, event, audience):
        """Return ``{record id: partners}`` of one audience: "customer", "assigned", "staff" or "follower".

        :param event: ``service.notification.event``
        """
        if audience == "follower" and "message_partner_ids" in self._fields:
            return {record.id: record.message_partner_ids for record in self}
        return {}

    def _get_notification_revision(self):
        """Return ``{record id: revision}``, which changes with every change that people are told of (a text or int)."""
        return dict.fromkeys(self.ids, 0)

    def _is_notification_stale(self, messages):
        """Say which messages are no longer true; asked directly before they are sent.

        :param messages: ``service.notification.message``, all about these records
        :return: ``{message id: reason, translated, or False}``; the base knows reminders of another revision than the
            present one, extend it with states such as cancelled
        """
        revisions = self._get_notification_revision()
        old = messages.filtered(
            lambda message: message.expires_at and message.revision != str(revisions.get(message.res_id, ""))
        )
        return dict.fromkeys(old.ids, self.env._("It has been changed since"))

    def _get_notification_moment(self):
        """Return ``{record id: the moment that reminders are about, naive UTC, or False}``."""
        return dict.fromkeys(self.ids, False)

    def _filter_reminded(self, rule):
        """Return those of these records of which a reminder rule reminds: who match its filter."""
        return self.filtered_domain(rule._get_domain())

    def _get_notification_zone(self):
        """Return ``{record id: name of the zone in which its times are told}``; the company's unless overridden."""
        companies = self._get_notification_company()
        return {record.id: companies[record.id].partner_id.tz or "UTC" for record in self}

    def _get_notification_company(self):
        """Return ``{record id: res.company}``: who sends it."""
        has_company = "company_id" in self._fields
        return {record.id: (has_company and record.company_id) or self.env.company for record in self}

    def _get_notification_attachments(self, messages):
        """Return ``{message id: [(file name, bytes, mime type)]}`` for e-mails.

        :param messages: ``service.notification.message``, all about these records
        """
        return {}

    def _get_notification_url(self):
        """Return ``{record id: address of the page about it, for its customers, or ""}``: the button of e-mails."""
        return {}

    def _get_notification_staff_url(self):
        """Return ``{record id: address of the page about it, for users of Odoo}``; its form unless overridden."""
        name = self._name if "." in self._name else f"m-{self._name}"  # as the web client writes them
        return {record.id: f"/odoo/{name}/{record.id}" for record in self}

    def _get_notification_contact(self):
        """Return ``{record id: {"name", "phone", "email", "address"}}``: whom the reader asks, and answers.

        What is left out or empty is the company's.
        """
        return {}
