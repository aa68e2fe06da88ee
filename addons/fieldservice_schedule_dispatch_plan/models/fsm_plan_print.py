import hashlib
from dataclasses import asdict, replace
from dataclasses import fields as dataclass_fields

from odoo import fields, models
from odoo.tools import format_date, format_list

MOST_NAMED = 5


class FsmPlan(models.Model):
    """What a plan was computed from, so that it is not applied when that has changed.

    For each job and each technician's day there is a digest of all that the planner was told of it: times, places,
    skills, hours without leaves, what is reserved. Other changes, such as a note, do not matter.
    """

    _inherit = "fsm.plan"

    basis = fields.Json(readonly=True, copy=False)
    basis_at = fields.Datetime(readonly=True, copy=False, help="The moment that counted as now.")
    basis_person_ids = fields.Many2many("fsm.person", "fsm_plan_basis_person_rel", readonly=True, copy=False)

    def _get_prints(self, layout, jobs):
        """Return ``{"job-12" or "day-3-2026-10-20": digest}``."""
        places = layout.places
        prints = {}
        visits = {visit.id: replace(visit, place=places[visit.place]) for visit in layout.problem.visits}
        for job in jobs:
            now = (job.person_id.id, job.scheduled_date_start, job.scheduled_duration, job.state)
            flags = (job.is_locked, job.is_time_promised, job.is_overbooked)
            prints[f"job-{job.id}"] = _digest((now, flags, _plain(visits.get(job.id))))
        for row in layout.rows:
            person, day = layout.days[row.id]
            told = replace(
                row,
                # home, not where he is by now: that somebody drives on makes no plan stale
                start=None if row.end is None else places[row.end],
                end=None,
                fixed=tuple(replace(fixed, place=places[fixed.place]) for fixed in row.fixed),
            )
            prints[f"day-{person.id}-{day}"] = _digest((person.active, _plain(told)))
        return prints

    def _find_changed(self):
        """Return the names of what changed since the plan was computed, in the user's language; [] when nothing did."""
        self.ensure_one()
        basis = self.basis or {}
        ids = [int(key[4:]) for key in basis if key.startswith("job-")]
        jobs = self.env["fsm.order"].browse(sorted(ids)).exists()
        persons = self.basis_person_ids.exists()
        layout = self._lay_out(jobs, persons, self.basis_at)
        now = self._get_prints(layout, jobs)
        changed = [key for key, digest in basis.items() if now.get(key) != digest]
        return [self._name_key(key) for key in changed]

    def _name_key(self, key):
        """Return what a key of the basis is called: "FO012", "Maria on 10/20/2031"."""
        kind, number, *day = key.split("-", 2)
        if kind == "job":
            return self.env["fsm.order"].browse(int(number)).exists().name or self.env._("a job that was deleted")
        person = self.env["fsm.person"].browse(int(number)).exists()
        date = format_date(self.env, fields.Date.to_date(day[0]))
        return self.env._("%(name)s on %(day)s", name=person.name or "?", day=date)

    def _say_changed(self, names):
        """Return the sentence about what changed."""
        told = names[:MOST_NAMED]
        if len(names) > MOST_NAMED:
            told.append(self.env._("%(count)s more", count=len(names) - MOST_NAMED))
        return self.env._(
            "This plan is out of date. Since it was computed there were changes of: %(names)s. Nothing was applied.",
            names=format_list(self.env, told),
        )


def _plain(row):
    """Return a dataclass as nested tuples whose text is the same for the same values."""
    if row is None:
        return None
    told = asdict(row)
    return tuple((one.name, _sorted(told[one.name])) for one in dataclass_fields(row))


def _sorted(value):
    """Return a value with its sets in an order."""
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return value


def _digest(value):
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
