from odoo import models

WALK_KINDS = ("tomorrow", "started", "completed")
"""The kinds of news that customers are told of a walk in words of its own."""
FINDINGS = "fieldservice_schedule_walk.mail_findings"


class FsmOrder(models.Model):
    """What customers and technicians are told of walks."""

    _inherit = "fsm.order"

    def _get_notice_event(self, kind):
        """Override of ``fieldservice_schedule_notification``: walks have events of their own."""
        return f"walk_{kind}" if kind in WALK_KINDS and self._is_walk() else super()._get_notice_event(kind)

    def _get_notice_kinds(self):
        """Override of ``fieldservice_schedule_notification`` to know them."""
        return {**super()._get_notice_kinds(), **{f"walk_{kind}": kind for kind in WALK_KINDS}}

    def _tell(self, kind, audiences):
        """Override of ``fieldservice_schedule_notification``: the end of a walk is told anew when more was found."""
        walks = self.filtered(lambda job: kind == "completed" and job._is_walk())
        for walk in walks:  # few: somebody has walked over each of them
            if not walk._is_end_told():
                walk._notify("walk_completed", audiences=audiences, occasion=walk._get_walk_occasion())
        return super(FsmOrder, self - walks)._tell(kind, audiences)

    def _is_end_told(self):
        """Return whether the customer has been told of this walk's end, with all that is found by now."""
        return bool(
            self.env["service.notification.message"]
            .sudo()  # sudo: the outbox is for administrators; this only asks whether there is a row
            .search_count(
                [
                    ("event_id.code", "=", "walk_completed"),
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("occasion", "=", self._get_walk_occasion()),
                    ("state", "!=", "skipped"),
                ],
                limit=1,
            )
        )

    def _get_walk_occasion(self):
        """Return what tells apart the ends of a walk that was taken up again: what was found until then."""
        findings = self._get_findings()
        return f"{len(findings)}.{max(findings.ids, default=0)}"

    def _get_stale_reason(self, message, kind):
        """Override of ``fieldservice_schedule_notification``: of two ends of a walk the last is told."""
        reason = super()._get_stale_reason(message, kind)
        is_old = message.event_id.code == "walk_completed" and message.occasion != self._get_walk_occasion()
        return self.env._("More was found since") if is_old and not reason else reason

    def _is_quiet(self, event):
        """Override of ``fieldservice_schedule``: of what was repaired on the spot the walk's own message tells."""
        is_told_by_walk = self.visit_id and self.is_done_on_spot and event in ("started", "completed")
        return bool(is_told_by_walk) or super()._is_quiet(event)

    def _get_page_path(self):
        """Override of ``fieldservice_schedule_notification``: the page of a walk that is over is its summary."""
        if self._is_walk() and self.state in ("completed", "closed"):
            return self.get_portal_url()
        return super()._get_page_path()

    def _get_job_text(self):
        """Override of ``fieldservice_schedule_notification``: "Chip, Van #V-001"."""
        if not self.damage_id:
            return super()._get_job_text()
        job = self.sudo()  # sudo: as there
        return self.env._(
            "%(what)s, %(unit)s", what=job.damage_id._get_label(job.damage_count), unit=job.equipment_id.display_name
        )

    def _get_list_sentence(self, days):
        """Override of ``fieldservice_schedule_notification``: "You have a lot walk scheduled for …"."""
        if not self._is_walk():
            return super()._get_list_sentence(days)
        values = {"customer": self.sudo().partner_id.name, "time": self._get_start_text()}
        if days:
            return self.env._("You have a lot walk scheduled for %(customer)s tomorrow at %(time)s", **values)
        return self.env._("You have a lot walk scheduled for %(customer)s today at %(time)s", **values)

    def _get_notification_attachments(self, messages):
        """Override of ``fieldservice_schedule_notification``: the summary goes with the mail of a walk's end."""
        found = super()._get_notification_attachments(messages)
        walks = {walk.id: walk for walk in self}
        for message in messages.filtered(lambda message: message.event_id.code == "walk_completed"):
            file = walks[message.res_id]._get_walk_file()
            found.setdefault(message.id, []).append((file.name, file.raw, file.mimetype))
        return found

    def _render_walk_findings(self):
        """Return what was found on this walk for its mail, HTML, "" when it was nothing."""
        self.ensure_one()
        summary = self._get_walk_summary()
        if not summary["findings"]:
            return ""
        return self.env["ir.qweb"]._render(FINDINGS, {"s": summary}, minimal_qcontext=True)

    def _get_walk_sentence(self):
        """Return how many units were looked at: "We have looked at 12 of 14 units.", in the reader's language."""
        summary = self._get_walk_summary()
        count, left = len(summary["rows"]), len(summary["left"])
        if left:
            return self.env._("We have looked at %(seen)s of %(count)s units.", seen=count - left, count=count)
        return self.env._("We have looked at all units, %(count)s of them.", count=count)
