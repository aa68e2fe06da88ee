from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..planned_time import DEFAULT_HOURS, Planned, complete

PARTS = {"scheduled_date_start": "start", "scheduled_duration": "hours", "scheduled_date_end": "stop"}


class FsmOrder(models.Model):
    """The planned time: start, length and end agree, whichever of them is changed, one by one or in a batch.

    ``planned_time.complete`` has the rule. None of this touches the actual start and end.
    """

    _inherit = "fsm.order"

    def _calc_scheduled_dates(self, vals):
        """Override of ``fieldservice``: ``create`` and ``write`` have completed the times, job by job."""

    @api.model
    def _complete_new_times(self, vals):
        """Return the values of the planned time of a new job."""
        given = self._read_times(vals)
        template = self.env["fsm.template"].browse(vals.get("template_id"))
        return self._to_values(self._complete(Planned(None, 0.0, None), given, template))

    def _split_by_times(self, vals):
        """Return ``[(jobs, values)]`` of a change: together those whose planned time becomes the same."""
        given = self._read_times(vals)
        if not given or not self:
            return [(self, dict(vals))]
        groups = {}
        for job in self:
            planned = job._complete(job._get_planned(), given, job.template_id)
            groups[planned] = groups.get(planned, self.browse()) | job
        return [(jobs, {**vals, **self._to_values(planned)}) for planned, jobs in groups.items()]

    def _find_moved(self, vals):
        """Return those of these jobs whose planned time is another one after writing ``vals``."""
        given = self._read_times(vals)
        if not given:
            return self.browse()
        return self.filtered(
            lambda job: job._complete(job._get_planned(), given, job.template_id) != job._get_planned()
        )

    @api.model
    def _complete(self, old, given, template):
        """Return the ``Planned`` time after a change.

        :raise ValidationError: it would end before it starts
        """
        try:
            return complete(old, given, template.duration or DEFAULT_HOURS)
        except ValueError:
            raise ValidationError(
                self.env._("%(job)s: the work cannot end before it starts.", job=self.name or self.env._("New job"))
            ) from None

    @api.model
    def _read_times(self, vals):
        """Return the parts of the planned time among ``vals``, as ``planned_time.complete`` takes them."""
        given = {part: vals[name] or None for name, part in PARTS.items() if name in vals}
        for part in given.keys() & {"start", "stop"}:
            given[part] = fields.Datetime.to_datetime(given[part])
        return given

    @api.model
    def _to_values(self, planned):
        """Return the field values of a ``Planned`` time."""
        return {name: planned[Planned._fields.index(part)] or False for name, part in PARTS.items()}

    def _get_planned(self):
        """Return the job's ``Planned`` time."""
        start, stop = self.scheduled_date_start or None, self.scheduled_date_end or None
        return Planned(start, self.scheduled_duration, stop)

    def _set_planned(self, given):
        """Let the form show what saving would make of a change."""
        planned = self._complete(self._get_planned(), given, self.template_id)
        self.update(self._to_values(planned))

    @api.onchange("scheduled_date_end")
    def onchange_scheduled_date_end(self):
        """Override of ``fieldservice``, whose own writes the actual start."""
        if self.scheduled_date_end:
            self._set_planned({"stop": self.scheduled_date_end})

    @api.onchange("scheduled_date_start", "scheduled_duration")
    def onchange_scheduled_duration(self):
        """Override of ``fieldservice`` to have the one rule here, too."""
        self._set_planned({"start": self.scheduled_date_start or None, "hours": self.scheduled_duration})
