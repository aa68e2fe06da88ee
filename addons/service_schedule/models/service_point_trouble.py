from odoo import models
from odoo.fields import Domain

ACTIVITY = "service_schedule.mail_activity_type_new_time"


class ServicePoint(models.Model):
    _name = "service.point"
    _inherit = ["service.point", "mail.activity.mixin", "service.hours.mixin"]
    _hours_fields = frozenset(("active", "calendar_id", "company_id", "tz"))

    def _get_promises_domain(self):
        """Override of ``service.hours.mixin``: what is served here."""
        return Domain("point_id", "in", self.ids)

    def _remind_of_trouble(self):
        """Keep one to-do a service point while promises wait for a new time or person, and close it when none does.

        One, not one for each promise: a leave of a week would bury its reader.
        """
        reservations = self.env["service.reservation"].sudo()
        # sudo: whoever causes the trouble, or mends it, need not have rights on the to-dos of the staff
        for point in self.sudo():
            waiting = reservations.search_count(
                reservations._get_reviewed_domain() & Domain([("point_id", "=", point.id), ("trouble", "!=", False)])
            )
            todos = point.activity_search([ACTIVITY])
            if not waiting:
                todos.action_feedback()
            elif not todos:
                point._add_trouble_todo(reservations._get_trouble_text(waiting))
            elif todos[:1].summary != (text := reservations._get_trouble_text(waiting)):
                todos.summary = text

    def _add_trouble_todo(self, text):
        """Add the to-do for whoever shall see to it; nobody gets one where nobody works."""
        user = self._get_trouble_user()
        if user:
            self.activity_schedule(ACTIVITY, date_deadline=self._get_today(), summary=text, user_id=user.id)

    def _get_trouble_user(self):
        """Return who sees to broken promises: a manager on the staff, else anybody of the staff, else a manager."""
        managers = self.env.ref("service_schedule.group_manager").all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids
        )
        return (self.user_ids & managers or self.user_ids or managers)[:1]
