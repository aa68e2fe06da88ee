from dataclasses import replace

from odoo import api, models
from odoo.tools import format_list

MOST_NAMED = 5
"""How many of those who cannot are named in one line of text."""
NAMED = {"no_skill": ("skills", "hr.skill"), "taken": ("by", "fsm.order"), "day_full": ("visits", "fsm.order")}
"""The reasons that name records: where their ids are, and of which model."""


class FsmDispatch(models.AbstractModel):
    """The words for what the engine answers: why somebody can, and why another cannot."""

    _inherit = "fsm.dispatch"

    @api.model
    def _say_choice(self, job, choice):
        """Return "free, 12 min away, 5 min more driving; knows this unit" of a `Choice`."""
        option, person, visit = choice.option, choice.person, choice.visit
        said = [self._say_driving(job, option)]
        if choice.knows_unit:
            said.append(self.env._("knows this unit"))
        if person.id in visit.preferred:
            said.append(self.env._("preferred by the customer"))
        elif "preferred" in option.wishes:
            said.append(self.env._("not whom the customer prefers"))
        if person.id in visit.previous and not choice.knows_unit:
            said.append(self.env._("was here before"))
        if "territory" in option.wishes:
            said.append(self.env._("outside of the own territories"))
        return "; ".join(said)

    def _say_driving(self, job, option):
        """Return how far it is."""
        return self.env._(
            "free, %(approach)s min away, %(driving)s min more driving",
            approach=round(option.approach / 60),
            driving=round(option.driving / 60),
        )

    @api.model
    def _say_refusals(self, refused):
        """Return in one line why nobody can: "Tom: lacks Glass II. Maria: …"."""
        return self._say_who_cannot([(one.person.name, one.reasons) for one in refused])

    @api.model
    def _say_who_cannot(self, refused):
        """Return the same of ``[(name, reasons)]``."""
        if not refused:
            return self.env._("There is no technician.")
        lines = [f"{name}: {self._say_reasons(reasons)}" for name, reasons in refused[:MOST_NAMED]]
        if len(refused) > MOST_NAMED:
            lines.append(self.env._("%(count)s more cannot either", count=len(refused) - MOST_NAMED))
        return ". ".join(lines) + "."

    @api.model
    def _keep_refusals(self, refused):
        """Return ``[(name, reasons)]`` with all names that the words will need: said later, in any language."""
        return [
            (one.person.name, tuple(map(self._keep_names, one.reasons)) if number < MOST_NAMED else ())
            for number, one in enumerate(refused)
        ]

    def _keep_names(self, reason):
        """Return a reason with the names of the records that it tells of."""
        if reason.code not in NAMED:
            return reason
        return replace(reason, data={**reason.data, "names": self._get_names(reason.code, reason.data)})

    def _get_names(self, code, data):
        """Return the names of the records that a reason tells of."""
        if "names" in data:
            return data["names"]
        key, model = NAMED[code]
        ids = [one for one in data[key] if isinstance(one, int)]
        return self.env[model].sudo().browse(ids).exists().mapped("name")

    @api.model
    def _say_unlocated(self, job):
        """Return that nobody knows where a job is."""
        return self.env._("%(site)s has no coordinates: locate it first.", site=job.location_id.name)

    @api.model
    def _say_reasons(self, reasons):
        """Return the words of the engine's reasons."""
        return "; ".join(self._say_reason(reason) for reason in reasons)

    def _say_reason(self, reason):
        """Return the words of one reason."""
        say = getattr(self, f"_say_{reason.code}", None)
        return say(reason.data) if say else self.env._("has no time for it")

    def _say_no_skill(self, data):
        """Return which skills are missing."""
        return self.env._("lacks %(skills)s", skills=format_list(self.env, self._get_names("no_skill", data)))

    def _say_not_allowed(self, data):
        """Return that others must do it."""
        return self.env._("the job is for somebody else")

    def _say_locked(self, data):
        """Return that a person or a time was decided."""
        return self.env._("somebody decided otherwise")

    def _say_off_shift(self, data):
        """Return that he does not work then, or never for so long."""
        if not data["shifts"]:
            return self.env._("is not there on that day")
        longest = max(stop - start for start, stop in data["shifts"])
        if longest < data["duration"]:
            return self.env._(
                "works for %(hours)s at a stretch, the job takes %(needed)s",
                hours=self._format_hours(longest),
                needed=self._format_hours(data["duration"]),
            )
        return self.env._("does not work then")

    def _format_hours(self, seconds):
        """Return seconds as hours and minutes: "8:30 h"."""
        return self.env._("%(hours)s:%(minutes)02d h", hours=seconds // 3600, minutes=seconds % 3600 // 60)

    def _say_taken(self, data):
        """Return what he has instead."""
        names = self._get_names("taken", data)
        if names:
            return self.env._("has %(jobs)s then", jobs=format_list(self.env, names))
        return self.env._("has something else then")

    def _say_window(self, data):
        """Return that the way is too long for the time that was asked for."""
        return self.env._("cannot be there in time")

    def _say_end_of_day(self, data):
        """Return how much too late he would be home."""
        return self.env._("would be back %(minutes)s min after the end of work", minutes=-(-data["over"] // 60))

    def _say_unreachable(self, data):
        """Return that there is no way."""
        return self.env._("cannot get there")

    def _say_break(self, data):
        """Return that the break would not be kept."""
        return self.env._("would have no break")

    def _say_max_visits(self, data):
        """Return how many jobs he is given at most."""
        return self.env._("has his jobs for the day already")

    def _say_max_load(self, data):
        """Return that so many hours of jobs are too many for the day."""
        return self.env._("would have more hours of jobs than he is given on a day")

    def _say_day_full(self, data):
        """Return that the planned jobs leave no room."""
        return self.env._("the day is full: %(jobs)s", jobs=format_list(self.env, self._get_names("day_full", data)))

    def _say_fixed_clash(self, data):
        """Return that his day does not work out as it is."""
        return self.env._("the appointments of the day leave no time for the way between them")

    def _say_too_costly(self, data):
        """Return that it is too far for what it is worth."""
        return self.env._("is too far away")
