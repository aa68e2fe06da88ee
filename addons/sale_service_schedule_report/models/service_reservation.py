from odoo import models

# The day, month and year that the wall clock of the promise shows. Written with ``make_date``, since PostgreSQL
# indexes only what no setting can change, and a cast of text to a date can be changed by one.
DAY = "make_date(left(wall_start, 4)::int, substr(wall_start, 6, 2)::int, substr(wall_start, 9, 2)::int)"


class ServiceReservation(models.Model):
    _inherit = "service.reservation"

    _report_day_idx = models.Index(f"(({DAY}))")
