from odoo import models

from odoo.addons.fieldservice_schedule.models.fsm_order_leaves import OPEN
from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local_day

DONE = ("completed", "closed")
WAITING = ("queued", "sending", "sent")


class FsmOrder(models.Model):
    """Is it still true: asked directly before a message about a job is sent."""

    _inherit = "fsm.order"

    def _is_notification_stale(self, messages):
        """Override: what has been moved, cancelled, given to somebody else or done since."""
        kinds = self._get_notice_kinds()
        ours = messages.filtered(lambda message: message.event_id.code in kinds)
        found = super()._is_notification_stale(messages - ours)
        jobs = {job.id: job for job in self}
        for message in ours:
            job = jobs[message.res_id]
            found[message.id] = job._get_stale_reason(message, kinds[message.event_id.code])
        tomorrow = ours.filtered(lambda message: kinds[message.event_id.code] == "tomorrow" and not found[message.id])
        found.update(self._find_told_together(tomorrow))
        return found

    def _get_stale_reason(self, message, kind):
        """Return why a message of a kind about this job is not true any more, "" when it is."""
        if kind == "failed":
            return "" if self.failure_reason else self.env._("It is done after all, or tried again")
        if kind in ("cancelled", "dropped"):
            return "" if self.state == "cancelled" else self.env._("It is not cancelled any more")
        if kind == "taken_away":
            return self.env._("It is theirs again") if self._is_of(message.partner_id) else ""
        if self.state == "cancelled":
            return self.env._("It has been cancelled")
        if kind == "started":
            return "" if self.state == "in_progress" else self.env._("The work has gone on since")
        if kind == "completed":
            return "" if self.state in DONE else self.env._("The work goes on")
        return self._get_stale_time_reason(message, kind)

    def _get_stale_time_reason(self, message, kind):
        """Return why a message about the time of this job is not true any more, "" when it is.

        The customer was promised a time: he is told of it as long as it stands, whoever comes. The technician is told
        of his own job as it is.
        """
        if message.audience == "customer":
            is_moved = message.revision.split(".")[0] != str(self.time_revision)
        else:
            is_moved = message.revision != self._get_notification_revision()[self.id]
        if is_moved:
            return self.env._("It has been changed since")
        if message.audience == "assigned" and not self._is_of(message.partner_id):
            return self.env._("Somebody else has it now")
        if kind == "tomorrow" and not self._wants_time():
            return self.env._("Nobody comes yet")
        return "" if self.state in OPEN else self.env._("It is over")

    def _is_of(self, partner):
        """Return whether a contact is the technician of this job."""
        return bool(self._wants_time() and partner and self.person_id.partner_id == partner)

    def _find_told_together(self, messages):
        """Return ``{message id: reason}`` of reminders whose job another one tells of.

        Of several jobs on one site and day the customer is reminded once: the first tells of all. Three queries.

        :param messages: reminders about these jobs that are true
        """
        if not messages:
            return {}
        jobs = self.browse(set(messages.mapped("res_id")))
        together = jobs._find_same_visit()
        others = self.union(*together.values())
        told = messages.search(
            [
                ("event_id", "in", messages.event_id.ids),
                ("res_model", "=", self._name),
                ("res_id", "in", others.ids),
                ("state", "in", WAITING),
                ("audience", "=", "customer"),
            ]
        )
        tellers = {(message.res_id, message.occasion, message.channel_id, message.recipient) for message in told}
        found = {}
        for message in messages.filtered(lambda message: message.audience == "customer"):
            key = (message.occasion, message.channel_id, message.recipient)
            first = [job for job in together[self.browse(message.res_id)] if (job.id, *key) in tellers][:1]
            if first and first[0].id != message.res_id:
                found[message.id] = self.env._("It is told together with %(job)s", job=first[0].name)
        return found

    def _find_same_visit(self):
        """Return ``{job: jobs}``: those that somebody does for the same customer at the same site on the same day,
        in the order of time, itself among them; one query."""
        if not self:
            return {}
        candidates = self.search(
            [
                ("location_id", "in", self.location_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("state", "in", OPEN),
                ("person_id", "!=", False),
                ("scheduled_date_start", "!=", False),
            ],
            order="scheduled_date_start, id",
        ).filtered(lambda job: job._wants_time())
        groups = candidates.grouped(lambda job: job._get_visit_key())
        return {job: groups.get(job._get_visit_key(), job) for job in self}

    def _get_visit_key(self):
        """Return what jobs of one visit have in common: customer, site, local day, and the event that tells of it."""
        zone = self._get_site_zone()
        day = self.scheduled_date_start and local_day(timing.to_stamp(self.scheduled_date_start), zone)
        return self.partner_id, self.location_id, day, self._get_notice_event("tomorrow")
