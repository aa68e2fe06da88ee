from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule.schedlib import local, local_day, normalise, subtract

from .fsm_order import MOVABLE

STEP = 15 * 60
"""Seconds between two times that are offered instead of one that is not free."""
MOST_OFFERED = 4
DAYS_AHEAD = 7


class FsmBoard(models.AbstractModel):
    """A drop on the board. What the server refuses comes back as a sentence, and nothing has changed."""

    _inherit = "fsm.board"

    @api.model
    def move_job(self, job_id, change, seen):
        """Give a job to a technician, at a time.

        :param dict change: ``person_id`` (False: nobody), ``start`` and ``stop`` (naive UTC texts); any of them
        :param dict seen: ``person_id``, ``start`` and ``stop`` as the user saw them when he took the job
        :return: ``{"ok": True}``, or ``{"ok": False, "message", "may_overbook"}``: nothing was changed
        """
        board = self._with_clock()
        job = board.env["fsm.order"].browse(job_id).exists()
        try:
            if not job:
                raise UserError(self.env._("This job is no longer there."))
            job.check_access("write")
            board._check_as_seen(job, seen)
            board._check_movable(job)
        except (UserError, AccessError) as refused:
            return {"ok": False, "message": str(refused), "may_overbook": False}
        return board._write_move(job, change)

    def _write_move(self, job, change):
        """Write a move; return what ``move_job`` returns."""
        try:
            with self.env.cr.savepoint():
                job.write(self._to_values(change))
        except (NotBookable, ValidationError) as refused:
            person = self.env["fsm.person"].browse(change.get("person_id", job.person_id.id) or ())
            return {"ok": False, "message": str(refused), "may_overbook": self._may_overbook(job, person)}
        except (UserError, AccessError) as refused:
            return {"ok": False, "message": str(refused), "may_overbook": False}
        return {"ok": True}

    @api.model
    def _to_values(self, change):
        """Return a change of the client as values of the job."""
        values = {"person_id": change["person_id"]} if "person_id" in change else {}
        if change.get("start"):
            values["scheduled_date_start"] = change["start"]
        if change.get("stop"):
            values["scheduled_date_end"] = change["stop"]
        return values

    @api.model
    def _check_as_seen(self, job, seen):
        """Raise when somebody has planned the job anew since the user looked."""
        now = {
            "person_id": job.person_id.id,
            "start": fields.Datetime.to_string(job.scheduled_date_start) if job.scheduled_date_start else False,
            "stop": fields.Datetime.to_string(job.scheduled_date_end) if job.scheduled_date_end else False,
        }
        if any(now[name] != (value or False) for name, value in seen.items()):
            raise UserError(
                self.env._(
                    "Somebody else has just changed %(job)s: %(who)s, %(when)s. The board shows it now.",
                    job=job.name,
                    who=job.person_name,
                    when=job._format_moment(job.scheduled_date_start) if now["start"] else self.env._("without a time"),
                )
            )

    @api.model
    def _check_movable(self, job):
        """Raise when a job stays where it is: it is under way, done, locked, or another's."""
        if job.state not in MOVABLE:
            label = dict(job._fields["state"]._description_selection(self.env)).get(job.state, "")
            raise UserError(self.env._("%(job)s stays where it is: %(state)s.", job=job.name, state=label))
        lock = job._get_board_locks().get(job)
        if lock:
            raise UserError(lock)
        job._check_may_place()

    @api.model
    def _may_overbook(self, job, person):
        """Return whether the user may give the job a technician's time that is not free."""
        if not person:
            return False
        try:
            job._check_may_overbook(person)
        except AccessError:
            return False
        return True

    # ------------------------------------------------------------------
    # Other times
    # ------------------------------------------------------------------

    @api.model
    def find_free_times(self, job_id, person_id, start, hours):
        """Return up to four times near one that is not free, at which a technician can do the job.

        In a call of its own: the transaction that has just lost a race cannot see who won it.

        :param str start: naive UTC text
        :return: ``[{"start": naive UTC text, "label"}]`` in the order of time
        """
        job = self.env["fsm.order"].browse(job_id).exists()
        job.check_access("read")
        person = self.env["fsm.person"].browse(person_id)
        person.check_access("read")
        wanted, length = timing.to_stamp(fields.Datetime.to_datetime(start)), round(hours * 3600)
        starts = self._list_free_starts(person, job, wanted, length)
        nearest = sorted(starts, key=lambda stamp: (abs(stamp - wanted), stamp))[:MOST_OFFERED]
        return [self._prepare_free_time(stamp) for stamp in sorted(nearest)]

    @api.model
    def _list_free_starts(self, person, job, wanted, length):
        """Return the stamps, nearest before and after ``wanted``, at which a technician has ``length`` seconds."""
        zone = self._get_zone()
        first = local_day(wanted, zone)
        days = self._get_days(first, DAYS_AHEAD)
        now = timing.to_stamp(fields.Datetime.now())
        begin, end = max(days.begin, now), days.end
        if begin >= end:
            return []
        hours = self.env["fsm.dispatch"]._read_hours(self.env.company, person, days.first, days.last)[person]
        # sudo: that a colleague has no time may be known, what for is not told
        own = job.sudo().reservation_id
        claims = self.env["service.reservation"].sudo()._read_claims(person.sudo().resource_id, begin, end, own)
        busy = normalise([claim[:2] for found in claims.values() for claim in found])
        work = (
            [(begin, end)]
            if hours is None
            else [(max(a, begin), min(b, end)) for a, b in hours if a < end and b > begin]
        )
        free = subtract(normalise(work), busy)
        return [stamp for span in free for stamp in _candidates(span, wanted, length)]

    @api.model
    def _prepare_free_time(self, stamp):
        """Return a time that is offered: its start, and how the board's clock shows it."""
        moment = local(stamp, self._get_zone())
        label = f"{timing.day_text(self.env, moment)}, {timing.time_text(self.env, moment)}"
        return {"start": fields.Datetime.to_string(timing.to_field(stamp)), "label": label}


def _candidates(span, wanted, length):
    """Return the starts in a free span that are nearest to ``wanted``: on the grid, or where the span begins."""
    last = span[1] - length
    if last < span[0]:
        return []
    if wanted <= span[0]:
        return [span[0]]
    before = min(last, wanted)
    on_grid = before - before % STEP
    return [max(span[0], on_grid)]
