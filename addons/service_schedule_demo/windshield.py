"""The windshield firm: four technicians at customers' lots, in the middle of a day, a week behind and one ahead."""

from datetime import timedelta

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local_day, moment_of, stamp

from .fleet import Fleets
from .shop import MINUTE, quietly
from .windshield_stories import COMING, DAMAGES, FINDINGS, PAST, TODAY, UNASSIGNED

QUARTER, HOUR = 15 * MINUTE, 60 * MINUTE
TEAM = ("glazier", "owen", "hanna", "carlos")
ZONE = "America/Chicago"
EARLIEST, LATEST = 5 * 60, 6 * 60
"""Minutes before and after now in which today's work lies."""


class Windshield:
    """Fills Clearpane's calendar around ``now`` (aware UTC; None is this moment), whatever the hour and the weekday.

    The day in progress lies around the moment, not within opening hours: at midnight its beginning is yesterday.
    """

    def __init__(self, env, now=None):
        self.env = env["base"].with_context(tracking_disable=True).env
        self.now = now or timing.utc_now()
        self.zone = timing.zone(ZONE)
        self.today = local_day(stamp(self.now), self.zone)
        self.base = stamp(self.now) // QUARTER * QUARTER
        self.fleets = Fleets(self.env)
        self.people = {name: self._ref(f"person_{name}") for name in TEAM}
        self.turn = {}

    def open(self):
        """Make everything, the fleets in batches, without messages to people who are not there."""
        with quietly(self.env):
            self.fleets.make()
            self._keep_open()
            self._look_back()
            self._look_ahead()
            self._be_in_the_middle()
            self._leave_open()
            self._overbook()
            self._plan_visits()
            self._walk_a_lot()

    # ------------------------------------------------------------------
    # The chapters
    # ------------------------------------------------------------------

    def _keep_open(self):
        """Whoever makes the demo early or late finds the firm at work: it is open where today's work lies."""
        first, last = self.base - EARLIEST * MINUTE, self.base + LATEST * MINUTE
        day, end = local_day(first, self.zone), local_day(last, self.zone)
        while day <= end:
            midnight, following = self._at(day, 0), self._at(day + timedelta(days=1), 0)
            begin = (max(first, midnight) - midnight) // HOUR
            stop = 24 - (following - min(last, following)) // HOUR
            hours = self._ref("calendar_clearpane").attendance_ids
            part = hours.filtered(lambda part, day=day: part.dayofweek == str(day.weekday())).sorted("hour_from")[-1:]
            if begin <= part.hour_to and stop >= part.hour_from:
                part.write({"hour_from": min(begin, part.hour_from), "hour_to": max(stop, part.hour_to)})
            else:  # in the night: the hours in between stay free
                part.copy({"hour_from": begin, "hour_to": stop})
            day += timedelta(days=1)

    def _look_back(self):
        """The jobs of the last six days: done, the older ones closed; one that could not be done, one called off."""
        jobs = self._create_jobs(
            [
                self._prepare_job(who, key, damage, self._at(self.today - timedelta(days=ago), minutes))
                for ago, who, minutes, key, damage in PAST
            ]
        )
        off, failed, *done = jobs
        off.action_cancel()
        failed._fail(self.env._("The coach was not on the lot"))
        done = jobs.browse().union(*done)
        self._work(done, "completed")
        done.filtered(
            lambda job: job.scheduled_date_start < timing.to_field(self.base - 3 * 24 * 60 * MINUTE)
        ).action_close()

    def _look_ahead(self):
        """Jobs of the next five days that have their technicians and times already."""
        self._create_jobs(
            [
                self._prepare_job(who, key, damage, self._at(self.today + timedelta(days=ahead), minutes))
                for ahead, who, minutes, key, damage in COMING
            ]
        )

    def _be_in_the_middle(self):
        """Today: done, under way, one that should have begun, and what is still to come; one of it is a lot walk."""
        rows = [
            (state, self._prepare_job(who, key, damage, self.base + minutes * MINUTE))
            for who, minutes, key, damage, state in TODAY
        ]
        jobs = self._create_jobs([values for _state, values in rows])
        of_state = {}
        for job, (state, _values) in zip(jobs, rows, strict=True):
            of_state[state] = of_state.get(state, jobs.browse()) | job
        self._work(of_state["completed"], "completed")
        self._work(of_state["in_progress"], "in_progress")

    def _leave_open(self):
        """Two jobs that nobody has yet: an urgent one, wanted within four hours, and one for tomorrow."""
        self._create_jobs(
            [
                {
                    **self._prepare_job(None, key, damage, None),
                    "priority": priority,
                    "request_early": timing.to_field(self.base + first * MINUTE),
                    "request_late": timing.to_field(self.base + last * MINUTE),
                }
                for key, damage, priority, first, last in UNASSIGNED
            ]
        )

    def _overbook(self):
        """A job that the dispatcher had Hanna take although she has another at that time."""
        values = self._prepare_job(None, "care", "chip", None)
        job = self._create_jobs([values]).with_user(self._ref("user_dispatcher"))
        start = timing.to_field(self.base + 75 * MINUTE)
        reason = self.env._("The nurse's car must be back at noon; Hanna passes by")
        job._overbook(self.people["hanna"].with_env(job.env), start, 0.5, reason)

    def _plan_visits(self):
        """Lot walks as the customers wish for them; Carlos is away when a plan wants nobody but him."""
        self.fleets.wish()
        plans = self.env["service.preference"].browse().site_ids.plan_ids
        for row in self.fleets.rows:
            plans |= self._ref(f"preference_{row['key']}").site_ids.plan_ids
            if row["preference"].get("suspended"):
                self._ref(f"preference_{row['key']}").site_ids.plan_ids.action_suspend()
        alone = self._ref("preference_movers").site_ids.plan_ids
        alone.person_id = self.people["carlos"]
        visits = plans._generate_orders()
        plans.generated_on = timing.to_field(stamp(self.now)).date()
        self._go_on_leave(min(visit._get_planned_day() for visit in visits & alone.fsm_order_ids))
        visits.action_place()

    def _walk_a_lot(self):
        """A lot walk of yesterday afternoon: all units looked at, four damages, one of them repaired on the spot."""
        begin = self._at(self.today - timedelta(days=1), 14 * 60)
        walk = self._create_jobs([self._prepare_job("glazier", "fleet", "walk", begin)])
        units = self.fleets.get_units("fleet")
        for turn, unit in enumerate(units):
            at = timing.to_field(begin + (turn + 1) * 3 * MINUTE)
            if turn in FINDINGS:
                damage, count, note, is_done = FINDINGS[turn]
                kind = self.env.ref(f"fieldservice_schedule_walk.damage_{damage}")
                walk._add_finding(unit, {"damage": kind.id, "count": count, "note": note, "done": is_done, "at": at})
            else:
                walk._see_unit(unit, at=at)
        walk._finish_walk()
        walk.write({"date_start": timing.to_field(begin), "date_end": at})

    def _go_on_leave(self, day):
        """Carlos has a day off."""
        first, last = (self._at(day, minutes) for minutes in (0, 23 * 60))
        self.env["resource.calendar.leaves"].create(
            {
                "name": self.env._("Carlos: a day off"),
                "resource_id": self.people["carlos"].resource_id.id,
                "calendar_id": self._ref("calendar_clearpane").id,
                "company_id": self.env.ref("base.main_company").id,
                "date_from": timing.to_field(first),
                "date_to": timing.to_field(last),
            }
        )

    # ------------------------------------------------------------------
    # Jobs
    # ------------------------------------------------------------------

    def _prepare_job(self, who, key, damage, start):
        """Return the values of a job.

        :param who: a technician, None is nobody yet
        :param key: of the customer
        :param damage: of ``DAMAGES``, or "walk"
        :param start: a stamp, None is at no time yet
        """
        values = {
            "location_id": self._ref(f"location_{key}").id,
            "person_id": self.people[who].id if who else False,
            "scheduled_date_start": timing.to_field(start) if start is not None else False,
        }
        if damage == "walk":
            template = self.env.ref("fieldservice_schedule_plan.template_lot_walk")
            return {
                **values,
                "type": template.type_id.id,
                "template_id": template.id,
                "scheduled_duration": template.duration,
            }
        text, hours, cost, skill = DAMAGES[damage]
        unit = self._next_unit(key)
        return {
            **values,
            "equipment_ids": [(6, 0, unit.ids)],
            "description": text,
            "cost": cost,
            "scheduled_duration": hours,
            "skill_ids": [(6, 0, self._ref(f"skill_{skill}").ids)],
        }

    def _next_unit(self, key):
        """Return another vehicle of a customer each time."""
        units, turn = self.turn.get(key) or (self.fleets.get_units(key), 0)
        self.turn[key] = (units, turn + 1)
        return units[turn * 5 % len(units)]

    def _create_jobs(self, values):
        """Create jobs in one go."""
        return self.env["fsm.order"].create(values)

    def _work(self, jobs, state):
        """Do the work on jobs at the times for which they were planned."""
        for job in jobs:
            job.date_start = job.scheduled_date_start
            if state == "completed":
                job.date_end = job.scheduled_date_end
        jobs._update_state(state)

    def _at(self, day, minutes):
        """Return a local minute of a day as a stamp."""
        return moment_of(day, minutes, self.zone)

    def _ref(self, name):
        """Return a record of the demo."""
        return self.env.ref(f"service_schedule_demo.{name}")
