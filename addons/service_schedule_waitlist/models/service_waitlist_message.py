import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

TEMPLATES = {
    "offered": "service_schedule_waitlist.mail_template_offered",
    "missed": "service_schedule_waitlist.mail_template_missed",
}


class ServiceWaitlistEntry(models.Model):
    _inherit = "service.waitlist.entry"

    @api.model
    def _tell(self):
        """Tell those to whom a time is offered, and those who missed it: each once, also after a crash.

        A text that cannot be made, because somebody changed the template, keeps nobody else from reading his.
        """
        crons = self.env["ir.cron"]
        untold = self.search(
            Domain.OR(Domain("state", "=", state) & Domain("told_state", "!=", state) for state in TEMPLATES)
        )
        for entry in untold:
            if entry.try_lock_for_update() and entry.state in TEMPLATES and entry.told_state != entry.state:
                entry._try_send()
            crons._commit_progress()
        if untold:
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _try_send(self):
        """Write the message of this entry's state; when that fails, say so in the log and try again next time."""
        try:
            with self.env.cr.savepoint():
                self._send()
        except UserError:
            _logger.exception("waitlist entry %s: the message cannot be made", self.public_id)

    def _send(self):
        """Write the message of this entry's state into the outbox."""
        self.ensure_one()
        template = self.env.ref(TEMPLATES[self.state])
        template.send_mail(self.id, email_layout_xmlid="mail.mail_notification_light")
        self.told_state = self.state
