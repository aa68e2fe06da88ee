from datetime import timedelta

from odoo import fields, models

UNPLACED = "job_unplaced"
COLLECT = timedelta(minutes=15)
"""So long after the first job could not be placed the list goes out, once a day: a run has many batches."""


class ResCompany(models.Model):
    """When technicians get their lists, and what dispatchers are told of a company's jobs."""

    _name = "res.company"
    _inherit = ["res.company", "service.notification.mixin"]

    field_tomorrow_hour = fields.Float(
        "List of Tomorrow", default=14.0, help="When technicians are told of their jobs of tomorrow, on their clock."
    )
    field_today_hour = fields.Float(
        "List of Today", default=6.5, help="When technicians are told of their jobs of the day, on their clock."
    )

    asks_rating = fields.Boolean(
        "Ask for Ratings", default=True, help="Customers get a link to rate a job with the message that it is complete."
    )

    _field_list_hours = models.Constraint(
        "CHECK (field_tomorrow_hour >= 0 AND field_tomorrow_hour < 24 AND field_today_hour >= 0"
        " AND field_today_hour < 24)",
        "The hours of the lists are between 0:00 and 23:59.",
    )

    def _get_dispatchers(self):
        """Return ``{company: partners}``: who dispatches."""
        # sudo: whoever changes a job need not read who dispatches
        users = self.env.ref("fieldservice.group_fsm_dispatcher").sudo().all_user_ids
        users = users.filtered(lambda user: user.active and not user._is_superuser())
        return {
            company: users.filtered(lambda user, company=company: company in user.company_ids).partner_id
            for company in self
        }

    def _tell_unplaced(self):
        """Tell dispatchers, once a day, that there are jobs for which nobody was found."""
        now = fields.Datetime.now()
        moments = dict.fromkeys(self.ids, (now + COLLECT, None))
        self._notify(UNPLACED, audiences=("staff",), occasion=now.date().isoformat(), moments=moments)

    def _get_unplaced_jobs(self):
        """Return the jobs to come for which nobody was found, by their time."""
        self.ensure_one()
        return self.env["fsm.order"].search(
            [
                ("company_id", "=", self.id),
                ("placement_problem", "!=", False),
                ("state", "=", "requested"),
                ("scheduled_date_start", ">", fields.Datetime.now()),
            ],
            order="scheduled_date_start, id",
        )

    def _get_unplaced_title(self):
        """Return the subject: "3 jobs could not be placed"."""
        count = len(self._get_unplaced_jobs())
        if count == 1:
            return self.env._("1 job could not be placed")
        return self.env._("%(count)s jobs could not be placed", count=count)

    def _render_unplaced(self):
        """Return the list of the jobs for which nobody was found, HTML."""
        return self.env["ir.qweb"]._render(
            "fieldservice_schedule_notification.mail_unplaced",
            {"jobs": self._get_unplaced_jobs()},
            minimal_qcontext=True,
        )

    # ------------------------------------------------------------------
    # What the notifications ask
    # ------------------------------------------------------------------

    def _get_notification_recipients(self, event, audience):
        """Override: who dispatches."""
        if audience == "staff" and event.code == UNPLACED:
            return {company.id: partners for company, partners in self._get_dispatchers().items()}
        return super()._get_notification_recipients(event, audience)

    def _get_notification_company(self):
        """Override: itself."""
        return {company.id: company for company in self}

    def _get_notification_staff_url(self):
        """Override: the list of jobs."""
        action = self.env.ref("fieldservice.action_fsm_operation_order")
        return dict.fromkeys(self.ids, f"/odoo/action-{action.id}")

    def _is_notification_stale(self, messages):
        """Override: a list without jobs is none."""
        found = super()._is_notification_stale(messages)
        companies = {company.id: company for company in self}
        for message in messages.filtered(lambda message: message.event_id.code == UNPLACED):
            jobs = companies[message.res_id]._get_unplaced_jobs()
            found[message.id] = "" if jobs else self.env._("All have been placed since")
        return found
