from markupsafe import Markup

from odoo import api, fields, models

from .. import timing
from ..models.service_offer_choice import CALENDAR_YEARS
from ..schedlib import local


class ServiceOfferExplain(models.TransientModel):
    """ "Why not?": why the times of a day are offered to customers or not."""

    _name = "service.offer.explain"
    _description = "Why Is It Not Offered?"

    offer_id = fields.Many2one(
        "service.offer", required=True, default=lambda self: self.env["service.offer"].search([], limit=1)
    )
    day = fields.Date(required=True, default=lambda self: fields.Date.context_today(self))
    lanes = fields.Integer("Places Wanted", default=1, required=True)
    explanation = fields.Html(compute="_compute_explanation")

    @api.depends("offer_id", "day", "lanes")
    def _compute_explanation(self):
        for wizard in self:
            is_asked = wizard.offer_id and wizard.day and wizard.day.year in CALENDAR_YEARS and wizard.lanes > 0
            wizard.explanation = wizard._explain() if is_asked else False

    def _explain(self):
        """Return a table: each window and each run of times of the day, and why it is not offered."""
        rows = [
            (label, ", ".join(map(self.offer_id._get_reason_text, codes)) or self.env._("Offered"), bool(codes))
            for label, codes in self._get_rows()
        ]
        if not rows:
            return self.env._("Nothing starts on that day.")
        return Markup('<table class="table table-sm mb-0">%s</table>') % Markup().join(
            Markup('<tr><td>%s</td><td class="%s">%s</td></tr>')
            % (label, "text-danger" if is_refused else "text-success", text)
            for label, text, is_refused in rows
        )

    def _get_rows(self):
        """Return ``[(label, reasons)]``: windows one by one, neighbouring times with the same reasons in one row."""
        windows = self.offer_id.point_id.window_ids.grouped("id")
        runs = []
        for start, key, codes in self.offer_id._get_day_reasons(self.day, self.lanes):
            if runs and runs[-1][1:] == (key, codes):
                runs[-1][0].append(start)
            else:
                runs.append(([start], key, codes))
        return [
            (windows[key].display_name if key else self._get_run_label(starts), codes) for starts, key, codes in runs
        ]

    def _get_run_label(self, starts):
        """Return stamps as the service point's clock shows them: "9:00 AM - 4:30 PM"."""
        zone = self.offer_id.point_id._get_zone()
        first, last = (timing.time_text(self.env, local(moment, zone)) for moment in (starts[0], starts[-1]))
        return first if first == last else f"{first} - {last}"
