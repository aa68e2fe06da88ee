from odoo import api, models
from odoo.tools import SQL

TEMPLATES = {
    "offered": "service_schedule_waitlist.mail_template_offered",
    "missed": "service_schedule_waitlist.mail_template_missed",
}


class ServiceWaitlistEntry(models.Model):
    _inherit = "service.waitlist.entry"

    _untold_idx = models.Index("(id) WHERE state IN ('offered', 'missed') AND told_state IS DISTINCT FROM state")

    @api.model
    def _tell(self):
        """Tell those to whom a time is offered, and those who missed it: each once, also after a crash.

        A text that cannot be made, because somebody changed the template, keeps nobody else from reading his.
        """
        crons = self.env["ir.cron"]
        untold = self._find_untold()
        for entry in untold:
            with self._failing_alone(entry):
                if entry.try_lock_for_update() and entry.state in TEMPLATES and entry.told_state != entry.state:
                    entry._send()
            crons._commit_progress()
        if untold:
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    @api.model
    def _find_untold(self):
        """Return those who have not been told of their state; the index has no others."""
        self.flush_model(["state", "told_state"])
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM service_waitlist_entry
                    WHERE state IN ('offered', 'missed') AND told_state IS DISTINCT FROM state ORDER BY id"""
            )
        )
        return self.browse([row[0] for row in rows])

    def _send(self):
        """Write the message of this entry's state into the outbox."""
        self.ensure_one()
        self._send_customer_mail(TEMPLATES[self.state])
        self.told_state = self.state

    def _send_customer_mail(self, template):
        """Send the customer a message about this entry. A hook: addons with an outbox of their own tell him by it.

        :param str template: XML id of the ``mail.template``
        """
        self.ensure_one()
        self.env.ref(template).send_mail(self.id, email_layout_xmlid="mail.mail_notification_light")
