from odoo import api, models

LONGEST_KEY = 64
"""Characters of what a phone calls a finding; a UUID has 36."""


class FsmOrder(models.Model):
    """A walk on the technician's phone: what the day tells of it, and the commands of its screens.

    The day has the counts only; the units come with ``_get_walk_values``, when the phone opens the walk.
    """

    _inherit = "fsm.order"

    def _get_day_values(self):
        """Override of ``fieldservice_schedule_day``: walks with how far they are, what customers say."""
        values = super()._get_day_values()
        walks = self.sudo().filtered(lambda job: job._is_walk())  # sudo: as there, of jobs that one may see
        left = walks._count_left()
        for stop, job in zip(values, self.sudo(), strict=True):
            stop["notes"] = "\n".join(filter(None, (job.customer_note, stop["notes"])))
            if job in left:
                units = job.walk_unit_count or left[job]
                findings = job.finding_count
                stop.update(kind="walk", walk={"units": units, "left": left[job], "findings": findings})
        return values

    @api.model
    def _get_field_commands(self):
        """Override of ``fieldservice_schedule_day`` with what is done on a walk."""
        return super()._get_field_commands() | {"see", "unsee", "unit", "finding"}

    @api.model
    def _trim_field_values(self, name, values):
        """Override of ``fieldservice_schedule_day``: the photos of a finding are kept with it."""
        return {key: value for key, value in super()._trim_field_values(name, values).items() if key != "photos"}

    def _field_see(self, values, at):
        """Say that a unit was looked at. ``values``: ``unit``, its id, and perhaps a ``note``."""
        note = values.get("note")
        self._see_unit(self._browse_unit(values), note if isinstance(note, str) else None, at)

    def _field_unsee(self, values, _at):
        """Take it back."""
        self._unsee_unit(self._browse_unit(values))

    def _field_unit(self, values, _at):
        """Put a unit on the list that is not on it, by its number: ``values["number"]``."""
        number = values.get("number")
        self._find_or_add_unit(number if isinstance(number, str) else "")

    def _field_finding(self, values, at):
        """Write a damage down. ``values``: ``unit``, ``key`` (its ``uuid``), and what ``_add_finding`` takes."""
        photos, key = values.get("photos"), values.get("key")
        self._add_finding(
            self._browse_unit(values),
            {
                "damage": _whole(values.get("damage")),
                "count": _whole(values.get("count")),
                "note": values["note"] if isinstance(values.get("note"), str) else "",
                "done": bool(values.get("done")),
                "photos": photos if isinstance(photos, list) else [],
                "uuid": key[:LONGEST_KEY] if isinstance(key, str) else "",
                "at": at,
            },
        )

    def _field_finish(self, values, at):
        """Override of ``fieldservice_schedule_day``: a walk with units left is finished only with ``leave_open``."""
        if self._is_walk() and self.state not in ("completed", "closed"):
            self._check_field_state("assigned", "in_progress")
            self._finish_walk(leave_open=bool(values.get("leave_open")))
        return super()._field_finish(values, at)

    def _browse_unit(self, values):
        """Return the unit that a command names; whose it is, is checked by what is done with it."""
        return self.env["fsm.equipment"].browse(_whole(values.get("unit")))


def _whole(value):
    """Return a whole number of a table, 0 of what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31 else 0
