from odoo import models

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import Shift, day_span, days, subtract, working_spans

USUAL_WEEK = [Shift(weekday, 8 * 60, 17 * 60) for weekday in range(7)]
"""The hours of companies whose calendar is flexible and names none."""


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_closed_days(self, first, last):
        """Return ``{company id: (holidays, idle days)}`` of the local days from ``first`` to ``last``, both included.

        Holidays are days on which public leaves cover all working hours of the company's calendar, idle days those on
        which nobody works in any week. Two queries for all companies.
        """
        shifts = self.resource_calendar_id._get_shifts()
        zones = {company.id: timing.zone(company.resource_calendar_id.tz or company.partner_id.tz) for company in self}
        points = self.env["service.point"]
        edges = [edge for zone in zones.values() for day in (first, last) for edge in day_span(day, zone)]
        leaves = points._read_leaves(self.env["resource.resource"], (min(edges), max(edges))) if edges else {}
        closed = {}
        for company in self:
            calendar, zone = company.resource_calendar_id, zones[company.id]
            week = shifts.get(calendar.id) or USUAL_WEEK
            off = points._pick_leaves(leaves, calendar, company)
            holidays, idle = set(), set()
            for day in days(first, last):
                work = working_spans(week, day, day, zone)
                if not work:
                    idle.add(day)
                elif off and not subtract(work, off):
                    holidays.add(day)
            closed[company.id] = (holidays, idle)
        return closed
