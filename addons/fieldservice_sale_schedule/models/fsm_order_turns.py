from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local_day

from .fsm_order import NOT_BEGUN

ACTIVITY = "fieldservice_sale_schedule.mail_activity_type_turn"


class FsmOrder(models.Model):
    """Several jobs that are sold for one time take turns: one after the other, by the same technician.

    The first has the time of the order. Each other has a reservation of its own after it. Whose turn cannot be kept
    free is left without a technician: it says why, and a dispatcher gets a to-do.
    """

    _inherit = "fsm.order"

    def _take_turns(self, reservation):
        """Have these jobs follow the one that has the order's time, in their order.

        :param reservation: the order's, confirmed, as superuser; when it is nobody's time the dispatcher chooses
        """
        person = self._find_person(reservation.resource_id)
        if not person or not self:
            return
        if reservation.window_id:
            self._note_lost_turns(dict.fromkeys(self, self._describe_full(reservation)))
            return
        plan = dict(self._lay_out_turns(person, reservation))
        if not self._try_turns(plan, reservation):
            return
        problems, begin = {}, plan[self[0]][1]
        for job in self:
            refused = job._try_turns({job: (person, begin, job.scheduled_duration)}, reservation)
            if refused:
                job._wait_at(begin)
                problems[job] = refused
            else:
                begin = job.scheduled_date_end + _get_gap(reservation)
        self._note_lost_turns(problems)

    def _describe_full(self, reservation):
        """Return the sentence about a window that the first job has as a whole."""
        return self.env._(
            "%(job)s has the whole of %(time)s.", job=reservation.job_id.name, time=reservation._get_label()
        )

    def _lay_out_turns(self, person, reservation):
        """Yield ``(job, (technician, start as naive UTC, hours))``, after those that have their turn already."""
        before = reservation.order_ids._get_timed_jobs().filtered(
            lambda job: job not in self and job.person_id == person and job._wants_time()
        )
        ends = [job.scheduled_date_end for job in before if job.scheduled_date_start >= reservation.start]
        begin = max([reservation.stop, *ends]) + _get_gap(reservation)
        for job in self:
            yield job, (person, begin, job.scheduled_duration)
            begin += timedelta(hours=job.scheduled_duration) + _get_gap(reservation)

    def _try_turns(self, plan, reservation):
        """Give these jobs their turns; return "", or why not: then nothing has changed."""
        try:
            with self.env.cr.savepoint():
                self._check_working_hours(plan, reservation)
                self._plan_many(plan)
        except UserError as refused:
            return str(refused)
        return ""

    def _check_working_hours(self, plan, reservation):
        """Raise when somebody does not work at his turn: overtime is chosen by people, not by an order.

        :raise UserError: names him
        """
        turns = [
            (person, start, start + timedelta(hours=hours))
            for person, start, hours in plan.values()
            if person and start
        ]
        if not turns:
            return
        point = reservation.point_id
        bounds = min(start for _who, start, _stop in turns), max(stop for _who, _start, stop in turns)
        days = [local_day(timing.to_stamp(moment), point._get_zone()) for moment in bounds]
        hours = point._read_hours(self.env["fsm.person"].union(*(who for who, *_span in turns)).resource_id, *days)[2]
        for who, start, stop in turns:
            spans, begin, end = hours[who.resource_id.id], timing.to_stamp(start), timing.to_stamp(stop)
            if spans is not None and not any(first <= begin and end <= last for first, last in spans):
                raise UserError(
                    self.env._(
                        "%(who)s does not work from %(start)s to %(stop)s.",
                        who=who.name,
                        start=self._format_moment(start),
                        stop=self._format_moment(stop),
                    )
                )

    # ------------------------------------------------------------------
    # The order's time moves
    # ------------------------------------------------------------------

    def _follow_first(self, reservation, start, resource):
        """Move these jobs by as much as the order's time has moved, and to whom it was given.

        :param reservation: the order's, where it is now
        :param start: when it began before, naive UTC
        :param resource: whose it was before
        """
        old, new = self._find_person(resource), self._find_person(reservation.resource_id)
        step = reservation.start - start
        self._keep_choice()
        plan = {
            job: (
                new if job.person_id == old else job.person_id,
                job.scheduled_date_start + step if job.scheduled_date_start else reservation.start,
                job.scheduled_duration,
            )
            for job in self
        }
        if self._try_turns(plan, reservation):
            # whoever goes last makes room for the next
            ordered = self.sorted(lambda job: (plan[job][1], job.id), reverse=step > timedelta())
            self._note_lost_turns(
                {job: refused for job in ordered if (refused := job._move_turn(plan[job], reservation))}
            )

    def _move_turn(self, place, reservation):
        """Move this job; without its technician when he has no time. Return "", or why he has none."""
        refused = self._try_turns({self: place}, reservation)
        if refused:
            if self.person_id:
                self._lose_technician(refused)
            self._wait_at(place[1])
        return refused

    def _wait_at(self, start):
        """Plan this job for a time without a technician; without a time when nobody at all works then.

        :param start: naive UTC
        """
        try:
            with self.env.cr.savepoint():
                self.write({"person_id": False, "scheduled_date_start": start})
        except UserError:
            self.write({"person_id": False, "scheduled_date_start": False})

    # ------------------------------------------------------------------
    # Whose turn cannot be kept
    # ------------------------------------------------------------------

    def _note_lost_turns(self, problems):
        """Say why jobs have nobody, and have a dispatcher look after them.

        :param problems: ``{job: reason}``
        """
        if not problems:
            return
        self._note_placement(problems)
        for job, reason in problems.items():
            user = job._get_dispatcher()
            if user and not job.activity_search([ACTIVITY]):
                summary = self.env._("Sold for a time, and nobody is free for it")
                job.activity_schedule(ACTIVITY, summary=summary, note=reason, user_id=user.id)

    def _get_dispatcher(self):
        """Return who plans this job: the order's salesman when he may, else one of the company's dispatchers."""
        users = self.env.ref("fieldservice.group_fsm_dispatcher").all_user_ids.filtered(
            lambda user: not user.share and self.company_id in user.company_ids
        )
        return (self.sale_id.user_id & users or users.sorted("id"))[:1]

    def _announce(self, event, before):
        """Override of ``fieldservice_schedule``: a job that has somebody, or needs nobody, needs no dispatcher."""
        result = super()._announce(event, before)
        sold = self.sudo().filtered("sale_id")  # sudo: the to-do may be a colleague's
        if sold and event in ("scheduled", "cancelled", "completed"):
            sold.activity_unlink([ACTIVITY])
        return result

    def _get_waiting(self):
        """Return those of these jobs that nobody has begun."""
        return self.filtered(lambda job: job.state in NOT_BEGUN)


def _get_gap(reservation):
    """Return what the offer keeps free between two of its times."""
    return (reservation.start - reservation.blocked_start) + (reservation.blocked_stop - reservation.stop)
