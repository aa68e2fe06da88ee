from typing import NamedTuple

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.service_notification.models.service_notification_event import AUDIENCES

TIME_EVENTS = ("scheduled", "rescheduled", "reassigned", "unscheduled", "cancelled", "failed")
"""What changes who comes when."""
GIVEN_UP = ("cancelled", "failed")


class News(NamedTuple):
    """What a change of one job is to people: kinds of ``_get_notice_event``, "" for nothing new."""

    customer: str = ""
    technician: str = ""
    former: str = ""


class FsmOrder(models.Model):
    """Where everybody's messages of jobs begin.

    The customer hears of times: another technician at the same time is no news to him, nor is a technician who falls
    ill, as long as somebody comes when it was said. The technicians hear of whatever changes in their day.
    """

    _inherit = "fsm.order"

    def _announce(self, event, before):
        """Override of ``fieldservice_schedule`` to tell people of what jobs announce; however many there are."""
        result = super()._announce(event, before)
        jobs = self.sudo()  # sudo: whoever changes a job causes messages to people whom he may not know
        loud = jobs.filtered(lambda job: not job._is_quiet(event))
        if event in TIME_EVENTS:
            news = {job: job._get_news(event, before[job].person) for job in jobs}
            moved = jobs._write_news(event, news, before)
            loud._tell_news(news)
            moved._arm_reminders()
            (jobs - moved)._arm_reminders([audience for audience in AUDIENCES if audience != "customer"])
        if event == "failed":
            loud._tell("failed", ("staff",))
        elif event == "unplaced":
            jobs.company_id._tell_unplaced()
        elif event in ("started", "completed"):
            loud._tell(event, ("customer",))
        return result

    def _tell(self, kind, audiences):
        """Queue the messages of a kind of news; one batch for each event that tells of it."""
        for code, jobs in self.grouped(lambda job: job._get_notice_event(kind)).items():
            jobs._notify(code, audiences=audiences)

    def _tell_news(self, news):
        """Queue the messages of a change.

        :param news: ``{job: News}``
        """
        for place, audience in ((0, "customer"), (2, "assigned"), (1, "assigned")):
            for kind, jobs in self.grouped(lambda job, place=place: news[job][place]).items():
                if kind:
                    jobs._tell(kind, (audience,))

    def _get_news(self, event, former):
        """Return the ``News`` of an event of this job.

        :param former: the technician who had it before, empty when nobody had
        """
        self.ensure_one()
        is_same = former == self.person_id
        if event in GIVEN_UP:
            told = "cancelled" if event == "cancelled" else "failed"
            # who was there himself knows
            return News(told if self.known_start else "", "", "dropped" if former and event == "cancelled" else "")
        if event == "unscheduled":
            return News("", "", "taken_away" if former else "")
        customer = ""
        if self.known_start != self.scheduled_date_start:
            customer = "rescheduled" if self.known_start else "scheduled"
        if event == "rescheduled" and is_same:
            return News(customer, "moved", "")
        return News(customer, "assigned", "taken_away" if former else "")

    def _write_news(self, event, news, before):
        """Raise the revisions, and keep what the customer knows and who had it; return those whose promise changed.

        One UPDATE, past the ORM: nothing depends on these columns, and ``write`` is where announcements come from.
        """
        rows, moved = [], self.browse()
        for job in self:
            former = before[job].person
            known = False if event in GIVEN_UP else job.scheduled_date_start
            if event == "unscheduled" and known:
                known = job.known_start  # the time stands: somebody else will come
            is_moved = known != job.known_start
            moved |= job if is_moved else job.browse()
            rows.append((job.id, known or None, former.id or job.former_person_id.id or None, int(is_moved)))
        self.flush_recordset(["time_revision", "schedule_revision", "known_start", "former_person_id"])
        self.env.cr.execute(
            SQL(
                """UPDATE fsm_order o
                      SET known_start = n.known_start::timestamp, former_person_id = n.former_id::int,
                          time_revision = coalesce(o.time_revision, 0) + n.step,
                          schedule_revision = coalesce(o.schedule_revision, 0) + 1
                     FROM (VALUES %s) AS n(id, known_start, former_id, step) WHERE o.id = n.id""",
                SQL(", ").join(SQL("(%s, %s, %s, %s)", *row) for row in rows),
            )
        )
        self.invalidate_recordset(["time_revision", "schedule_revision", "known_start", "former_person_id"])
        return moved

    def _adopt_promises(self):
        """Let customers know of the times that these jobs had before this addon was there; nobody is told."""
        jobs = self.sudo().filtered(lambda job: job._wants_time() and job.scheduled_date_start > fields.Datetime.now())
        jobs.flush_recordset(["known_start", "scheduled_date_start"])
        if jobs:
            self.env.cr.execute(
                SQL("UPDATE fsm_order SET known_start = scheduled_date_start WHERE id IN %s", tuple(jobs.ids))
            )
            jobs.invalidate_recordset(["known_start"])
            jobs._arm_reminders()
