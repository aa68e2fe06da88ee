from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.fieldservice_schedule.models.fsm_order_leaves import OPEN
from odoo.addons.service_notification.clock import at_hour, find_zone, to_local
from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local_day

LISTS = {"jobs_tomorrow": ("field_tomorrow_hour", 1), "jobs_today": ("field_today_hour", 0)}
"""The event of each list: the company's field with its hour, and how many days after it the jobs are."""
LIST = "fieldservice_schedule_notification.mail_job_list"
LATEST = timedelta(hours=4)
"""A list that could not be sent by then is of no use any more."""


class FsmPerson(models.Model):
    """The technicians' lists: the jobs of tomorrow and of today, each once a day, at an hour of their own clock."""

    _name = "fsm.person"
    _inherit = ["fsm.person", "service.notification.mixin"]

    tomorrow_job_ids = fields.Many2many("fsm.order", compute="_compute_listed_jobs")
    today_job_ids = fields.Many2many("fsm.order", compute="_compute_listed_jobs")

    @api.depends_context("uid")
    def _compute_listed_jobs(self):
        """Find the jobs of both days, for all technicians at once."""
        now = fields.Datetime.now()
        jobs = self.env["fsm.order"].search(
            [
                ("person_id", "in", self.ids),
                ("state", "in", OPEN),
                # wide enough for all zones; the local days follow
                ("scheduled_date_start", ">=", now - timedelta(days=1, hours=1)),
                ("scheduled_date_start", "<", now + timedelta(days=3)),
            ],
            order="scheduled_date_start, id",
        )
        for person in self:
            clock, today = person._get_clock(), person._get_today()
            days = jobs.filtered(lambda job, person=person: job.person_id == person).grouped(
                lambda job, clock=clock: local_day(timing.to_stamp(job.scheduled_date_start), clock)
            )
            person.today_job_ids = days.get(today, False)
            person.tomorrow_job_ids = days.get(today + timedelta(days=1), False)

    def _get_clock(self):
        """Return the ``ZoneInfo`` of the technician."""
        self.ensure_one()
        return find_zone(self.sudo().resource_id.tz, self.tz)

    def _get_today(self):
        """Return the day on the technician's clock."""
        return to_local(fields.Datetime.now(), self._get_clock()).date()

    @api.model
    def _cron_lists(self):
        """Queue the lists that are due, and come back when the next one is."""
        now = fields.Datetime.now()
        people = self.search([])
        coming = [now + timedelta(days=1)]
        for event, (field, _days) in LISTS.items():
            due = {}
            for person in people:
                today = person._get_today()
                moment = person._get_list_moment(field, today)
                if moment <= now < moment + LATEST:
                    due[today] = due.get(today, self.browse()) | person
                coming.append(moment if moment > now else person._get_list_moment(field, today + timedelta(days=1)))
            for day, mine in due.items():
                moments = dict.fromkeys(mine.ids, (now, now + LATEST))
                mine._notify(event, audiences=("assigned",), occasion=day.isoformat(), moments=moments)
        self.env.ref("fieldservice_schedule_notification.ir_cron_lists")._trigger(at=min(coming))

    def _get_list_moment(self, field, day):
        """Return when the list of a day is due, naive UTC."""
        return at_hour(day, (self.company_id or self.env.company)[field], self._get_clock())

    def _get_listed(self, days):
        """Return the jobs of today (0) or tomorrow (1)."""
        self.ensure_one()
        return self.tomorrow_job_ids if days else self.today_job_ids

    def _get_list_title(self, days):
        """Return the subject of a list: of one job what it is, of several how many there are."""
        jobs = self._get_listed(days)
        if len(jobs) == 1:
            return jobs._get_list_sentence(days)
        if days:
            return self.env._("You have %(count)s jobs tomorrow", count=len(jobs))
        return self.env._("You have %(count)s jobs today", count=len(jobs))

    def _render_job_list(self, days):
        """Return the list, HTML."""
        return self.env["ir.qweb"]._render(LIST, {"jobs": self._get_listed(days)}, minimal_qcontext=True)

    # ------------------------------------------------------------------
    # What the notifications ask
    # ------------------------------------------------------------------

    def _get_notification_recipients(self, event, audience):
        """Override: himself."""
        if audience == "assigned" and event.code in LISTS:
            return {person.id: person.partner_id for person in self}
        return super()._get_notification_recipients(event, audience)

    def _get_notification_zone(self):
        """Override: his own."""
        return {person.id: person._get_clock().key for person in self}

    def _get_notification_company(self):
        """Override: whose technician he is."""
        return {person.id: person.company_id or self.env.company for person in self}

    def _get_notification_staff_url(self):
        """Override: his jobs."""
        action = self.env.ref("fieldservice.action_fsm_operation_order")
        return dict.fromkeys(self.ids, f"/odoo/action-{action.id}")

    def _is_notification_stale(self, messages):
        """Override: a list without jobs is none, and one of another day is of no use."""
        lists = messages.filtered(lambda message: message.event_id.code in LISTS)
        found = super()._is_notification_stale(messages - lists)
        people = {person.id: person for person in self}
        for message in lists:
            person, (_field, days) = people[message.res_id], LISTS[message.event_id.code]
            if message.occasion != person._get_today().isoformat():
                found[message.id] = self.env._("It is of another day")
            elif not person._get_listed(days):
                found[message.id] = self.env._("Nothing is planned")
        return found


class FsmOrder(models.Model):
    _inherit = "fsm.order"

    def _get_list_sentence(self, days):
        """Return what a technician is told who has this job alone on a day. A hook: visits say it in their words.

        :param int days: 1 tomorrow, 0 today
        """
        self.ensure_one()
        values = {"what": self._get_job_text(), "customer": self.partner_id.name, "time": self._get_start_text()}
        if days:
            return self.env._("You have a job scheduled for %(customer)s tomorrow at %(time)s: %(what)s", **values)
        return self.env._("You have a job scheduled for %(customer)s today at %(time)s: %(what)s", **values)
