from odoo import models

from odoo.addons.service_notification.moments import name_zone

FACTS = "sale_service_schedule_notification.mail_facts"
TASKS = "sale_service_schedule_notification.mail_tasks"


class SaleOrder(models.Model):
    """What the texts of messages ask of an order, in the language of the environment."""

    _inherit = "sale.order"

    def _render_notification_facts(self, own_zone=None):
        """Return the table of facts, HTML. ``own_zone``: see ``_get_notification_time``."""
        self.ensure_one()
        facts = self._get_notification_facts(own_zone)
        return self.env["ir.qweb"]._render(FACTS, {"facts": facts}, minimal_qcontext=True)

    def _render_notification_tasks(self):
        """Return what the customer has still to do before his appointment, HTML, "" when there is nothing."""
        self.ensure_one()
        tasks = self.reservation_id._get_pending_tasks() if self.reservation_id else []
        return self.env["ir.qweb"]._render(TASKS, {"tasks": tasks}, minimal_qcontext=True) if tasks else ""

    def _get_notification_notes(self):
        """Return what the customer has still to do, for text messages: ". Sign the waiver: https://…", or ""."""
        self.ensure_one()
        notes = self.reservation_id._get_pending_notes() if self.reservation_id else []
        return "".join(f". {note}" for note in notes)

    def _get_notification_time(self, own_zone=None):
        """Return the promise: "Thursday, October 15, 2026 at 3:00 PM", "" when it has no time.

        :param own_zone: name of the recipient's zone: when his clock shows another time, the shop's zone is named
        """
        self.ensure_one()
        reservation = self.reservation_id
        if not reservation:
            return ""
        zone = name_zone(reservation.start, self.env.lang or "en_US", reservation.tz, own_zone)
        return ", ".join(filter(None, (reservation._get_label(), zone)))

    def _get_notification_link(self):
        """Return the whole address of the page about it, for text messages."""
        self.ensure_one()
        url = self._get_notification_url()[self.id]
        return self.get_base_url() + url if url.startswith("/") else url

    def _get_service_text(self):
        """Return what is done: the service of the appointment, else what was ordered."""
        self.ensure_one()
        return self.reservation_id._get_service_name() if self.reservation_id else self._get_ordered_text()

    def _get_notification_chain(self):
        """Return the times that it had, "" when it never moved."""
        self.ensure_one()
        return self.reservation_id._get_chain() if self.reservation_id else ""

    def _get_ordered_text(self):
        """Return the names of what was ordered."""
        lines = self.order_line.filtered(lambda line: not line.display_type and line.product_id)
        return ", ".join(lines.product_id.with_context(display_default_code=False).mapped("display_name"))

    def _get_notification_facts(self, own_zone=None):
        """Return ``[(label, text)]`` of what every message about an order says."""
        self.ensure_one()
        facts = [(self.env._("What"), self._get_service_text()), *self._get_time_facts(own_zone)]
        if self.amount_total:
            facts.append((self.env._("Total"), self.currency_id.format(self.amount_total)))
        paid = self._get_paid_amount()
        if paid:
            facts.append((self.env._("Paid"), self.currency_id.format(paid)))
        return facts

    def _get_time_facts(self, own_zone):
        """Return the facts of when, with whom and where."""
        reservation, point = self.reservation_id, self.service_point_id
        if not reservation or self.needs_new_time:
            return [(self.env._("Where"), ", ".join(filter(None, (point.name, point._get_address_text()))))]
        facts = [(self.env._("When"), self._get_notification_time(own_zone))]
        if reservation.resource_id.resource_type == "user":
            facts.append((self.env._("With"), reservation.resource_id.name))
        return [*facts, (self.env._("Where"), reservation._get_calendar_place())]
