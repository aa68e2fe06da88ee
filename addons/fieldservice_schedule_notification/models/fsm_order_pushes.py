from datetime import UTC

from odoo import fields, models

UPDATES = ("scheduled", "rescheduled", "reassigned", "unscheduled", "cancelled", "failed", "started", "completed")


class FsmOrder(models.Model):
    """What programs are told of jobs: one webhook, ``job_update``, with the job as it is."""

    _inherit = "fsm.order"

    push_revision = fields.Integer(readonly=True, copy=False, help="Rises with everything that programs are told.")

    def _announce(self, event, before):
        """Override of ``fieldservice_schedule`` to tell programs, also of what people are not told."""
        result = super()._announce(event, before)
        if event in UPDATES:
            self.sudo()._push(event)  # sudo: whoever changes a job knows nothing of webhooks
        return result

    def _push(self, event):
        """Publish how these jobs are, after this transaction; without an endpoint that is one query."""
        endpoints = self.env["service.webhook.endpoint"]
        if not endpoints._get_listeners("job_update", self.company_id):
            return
        for job in self:
            # one by one: each has a body of its own, and only firms that connect a program pay for it
            job.env.cr.execute(
                "UPDATE fsm_order SET push_revision = coalesce(push_revision, 0) + 1 WHERE id = %s"
                " RETURNING push_revision",
                [job.id],
            )
            [revision] = job.env.cr.fetchone()
            endpoints._publish("job_update", job.company_id, job._prepare_payload(event), job, revision)
        self.invalidate_recordset(["push_revision"])

    def _prepare_payload(self, event):
        """Return the payload of an event; times ISO 8601 with the offset of the site.

        :param str event: what happened, see ``_announce``
        """
        self.ensure_one()
        return {
            "type": "job_update",
            "event": event,
            "job_id": self.id,
            "number": self.name,
            "status": self.state,
            "customer_id": self.partner_id.id or None,
            "customer_name": self.partner_id.name or None,
            "site": self._get_site_text(),
            "technician_id": self.person_id.id or None,
            "technician_name": self.person_id.name or None,
            "scheduled_start": self._get_push_time(self.scheduled_date_start),
            "scheduled_end": self._get_push_time(self.scheduled_date_end),
            "started_at": self._get_push_time(self.date_start),
            "completed_at": self._get_push_time(self.date_end),
            "units": self.equipment_ids.mapped("display_name"),
            "updated_at": self._get_push_time(fields.Datetime.now()),
        }

    def _get_push_time(self, moment):
        """Return a naive UTC moment as ISO 8601 text with the site's offset, None when there is none."""
        if not moment:
            return None
        return moment.replace(tzinfo=UTC, microsecond=0).astimezone(self._get_site_zone()).isoformat()
