from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models

EVENTS = (
    "scheduled",
    "rescheduled",
    "reassigned",
    "unscheduled",
    "cancelled",
    "failed",
    "started",
    "completed",
    "unplaced",
)
"""What jobs announce, see ``fsm.order._announce``."""
LATE = timedelta(days=1)
"""So long after its planned end it is news that a job was begun or done."""


class Standing(NamedTuple):
    """How a job stands: its ``state``, and its ``person``, ``start`` and ``stop`` (naive UTC) while it takes time."""

    state: str
    person: models.BaseModel
    start: object
    stop: object

    @property
    def is_promised(self):
        """Return whether somebody comes at a time."""
        return self.start is not None


class FsmOrder(models.Model):
    """What a change of jobs means to people, and the one place where it leaves this addon."""

    _inherit = "fsm.order"

    failure_reason = fields.Char(
        "Could Not Be Done", readonly=True, copy=False, tracking=True, help="Why the work could not be done."
    )

    placement_problem = fields.Char(
        "Could Not Be Placed", readonly=True, copy=False, help="Why no technician could take this job."
    )

    def _announce(self, event, before):
        """Tell whoever is concerned what happened to these jobs: the one place where events of jobs leave this addon.

        It is called once for all jobs of a change to which the same happened, in its transaction, when all is settled;
        addons above extend it with what they know (messages, boards). A job announces all that is true of it, and at
        most one of the first six:

        * ``scheduled``: it has a technician and a time, and had not both before
        * ``rescheduled``: another time, and perhaps another technician
        * ``reassigned``: another technician at the same time
        * ``unscheduled``: it is open, and has no technician or no time any more
        * ``cancelled``
        * ``failed`` in place of the last two: somebody was there and could not do it (``failure_reason``)
        * ``started``, ``completed``
        * ``unplaced``: no technician could be found (``placement_problem``); ``before`` is empty

        :param str event: one of :data:`EVENTS`
        :param before: ``{job: Standing}`` before the change
        """

    def _is_quiet(self, event):
        """Return whether nobody need hear of an event of this job: it is imported, or long over. A hook.

        Whoever imports jobs, installs an addon that brings some, or writes down what was done last week, tells nobody.

        :param str event: one of :data:`EVENTS`
        """
        self.ensure_one()
        late = LATE if event in ("started", "completed", "failed") else timedelta()
        is_over = self.scheduled_date_end and self.scheduled_date_end + late <= fields.Datetime.now()
        is_loaded = self.env.context.get("import_file") or self.env.context.get("install_mode")
        return bool(is_loaded or is_over)

    def _fail(self, reason):
        """Write down that somebody was there, and that the work could not be done; the job is cancelled.

        :param str reason: for dispatchers
        """
        self.failure_reason = reason
        self._update_state("cancelled")

    def _get_failure_text(self):
        """Return why the work could not be done as the customer may read it, in the language of the environment.

        A hook; "" when that is known to colleagues only: what they wrote for each other is not for customers.
        """
        self.ensure_one()
        return ""

    def _forget_failure(self):
        """Forget why these jobs could not be done: they will be tried again. A hook."""
        self.filtered("failure_reason").failure_reason = False

    def _note_placement(self, problems):
        """Write down why no technician could be found for jobs, or that one was; what is new is announced.

        :param problems: ``{job: the reasons, or None}``
        """
        jobs = self.browse().union(*problems)
        news = jobs.filtered(lambda job: problems[job] and not job.placement_problem)
        for problem, own in jobs.grouped(lambda job: problems[job] or False).items():
            # those of which it is not known yet: writing a job is dear
            own.filtered(lambda job, problem=problem: job.placement_problem != problem).placement_problem = problem
        if news:
            news._announce("unplaced", {})

    # ------------------------------------------------------------------
    # What has changed
    # ------------------------------------------------------------------

    def _get_standings(self):
        """Return ``{job: Standing}``."""
        jobs = self.sudo()  # sudo: how a job stands is a fact, whoever changes it
        return {job.with_env(self.env): job._get_standing() for job in jobs}

    def _get_standing(self):
        """Return the ``Standing`` of this job."""
        self.ensure_one()
        if self._wants_time():
            return Standing(self.state, self.person_id, self.scheduled_date_start, self.scheduled_date_end)
        return Standing(self.state, self.person_id.browse(), None, None)

    def _announce_changes(self, before):
        """Announce what is different from before, each event once for all jobs of which it is true.

        :param before: ``{job: Standing}``; jobs that are not in it are new
        """
        nothing = Standing("", self.env["fsm.person"], None, None)
        old = {job: before.get(job, nothing) for job in self}
        happened = {}
        for job, standing in self._get_standings().items():
            for event in self._name_changes(old[job], standing):
                if event in ("cancelled", "unscheduled") and job.failure_reason:
                    event = "failed"
                happened.setdefault(event, []).append(job.id)
        for event in EVENTS:
            if event in happened:
                self.browse(happened[event])._announce(event, old)

    @api.model
    def _name_changes(self, old, new):
        """Return the events of a change from one ``Standing`` to another."""
        events = []
        if new.state == "cancelled" and old.state not in ("", "cancelled"):
            events.append("cancelled")
        elif new.is_promised and not old.is_promised:
            events.append("scheduled")
        elif new.is_promised and (new.start, new.stop) != (old.start, old.stop):
            events.append("rescheduled")
        elif new.is_promised and new.person != old.person:
            events.append("reassigned")
        elif old.is_promised and not new.is_promised and new.state in ("requested", "assigned", "in_progress"):
            events.append("unscheduled")
        if old.state in ("requested", "assigned") and new.state in ("in_progress", "completed"):
            events.append("started" if new.state == "in_progress" else "completed")
        elif old.state == "in_progress" and new.state == "completed":
            events.append("completed")
        return events
