from collections import defaultdict
from dataclasses import replace

from odoo import api, fields, models

from odoo.addons.service_schedule import timing

LATELY_HOURS = 16
"""What somebody began longer ago says nothing about where he is."""
LONGER = 15 * 60
"""Seconds. Who is still at a job whose time is over is free so much later at the earliest: nobody knows when."""


class FsmDispatch(models.AbstractModel):
    """In the middle of a day people are not at home: where they are now, and what they have done already."""

    _inherit = "fsm.dispatch"

    @api.model
    def _read_begun(self, persons, now):
        """Return ``{person: jobs}`` that they began lately, under way or done, in the order in which they did.

        :param int now: a stamp
        """
        jobs = (
            self.env["fsm.order"]
            .sudo()  # sudo: where a colleague is may be reckoned with by whoever plans, it is told to nobody
            .search(
                [
                    ("person_id", "in", persons.ids),
                    ("state", "in", ("in_progress", "completed", "closed")),
                    ("date_start", ">", fields.Datetime.subtract(timing.to_field(now), hours=LATELY_HOURS)),
                    ("date_start", "<=", timing.to_field(now)),
                ],
                order="date_start, id",
            )
        )
        found = defaultdict(list)
        for job in jobs:
            found[job.person_id.id].append(job)
        return found

    def _begin_now(self, row, taken, begun, places, begin, now):
        """Return a ``dispatchlib.Technician`` whose day goes on from where he is.

        At what is under way; else where he should be; else where he was last. Nobody knows better.

        :param taken: his reservations of the day
        :param begun: what he has begun, in that order
        :param int begin: the stamp of second 0, and ``now`` a stamp
        """
        moment = timing.to_field(now)
        at_work = [job for job in begun if job.state == "in_progress"]
        due = [
            one.job_id
            for one in taken
            if one.job_id and not one.is_overbooked and one.blocked_start <= moment < one.blocked_stop
        ]
        for job in (*at_work[-1:], *due, *begun[-1:]):
            coordinates = job._get_coordinates()
            if coordinates:
                row = replace(row, start=places.get_row(coordinates, job.location_id.name))
                break
        if any(not job.scheduled_date_end or job.scheduled_date_end <= moment for job in at_work):
            row = replace(row, blocked=(*row.blocked, (now - begin, now - begin + LONGER)))
        return row
