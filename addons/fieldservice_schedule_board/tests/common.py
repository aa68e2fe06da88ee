from odoo import fields

from odoo.addons.fieldservice_schedule.tests.common import HOUR, NINE
from odoo.addons.fieldservice_schedule_dispatch.tests.common import NOW, TODAY, DispatchCase

__all__ = ["HOUR", "NINE", "NOW", "TODAY", "BoardCase", "text"]


def text(moment):
    """Return a naive UTC datetime as the client writes it."""
    return fields.Datetime.to_string(moment)


class BoardCase(DispatchCase):
    """Maria and Tom, from 8 to 17 UTC; the board shows Monday, the 20th of October 2031."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kind = cls.env["hr.skill.type"].create(
            {
                "name": "Glass",
                "skill_ids": [(0, 0, {"name": "Glass II"})],
                "skill_level_ids": [(0, 0, {"name": "Can", "level_progress": 100, "default_level": True})],
            }
        )
        cls.skill = kind.skill_ids

    def as_user(self, user):
        """Return the board of a user."""
        return self.env["fsm.board"].with_user(user)

    def open(self, user=None, domain=(), day=TODAY, count=1):
        """Return what a user (the dispatcher) sees."""
        return self.as_user(user or self.dispatcher).read_board(list(domain), day.isoformat(), count)

    def see(self, job, user=None):
        """Return what the board shows of a job, None when it is not there."""
        shown = self.open(user)
        return next((one for one in shown["jobs"] + shown["waiting"] if one["id"] == job.id), None)

    def seen(self, job):
        """Return what the client saw of a job when it was taken."""
        return {
            "person_id": job.person_id.id,
            "start": job.scheduled_date_start and text(job.scheduled_date_start),
            "stop": job.scheduled_date_end and text(job.scheduled_date_end),
        }

    def move(self, job, user=None, person=None, start=None, hours=1.0, seen=None):
        """Drop a job as a user (the dispatcher) does; return the server's answer."""
        change = {"person_id": person.id if person else False}
        if start:
            change |= {"start": text(start), "stop": text(start + hours * HOUR)}
        return self.as_user(user or self.dispatcher).move_job(job.id, change, seen or self.seen(job))
