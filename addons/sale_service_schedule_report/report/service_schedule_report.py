from odoo import api, fields, models
from odoo.tools import SQL

from ..models.service_reservation import DAY

USED = ("held", "confirmed", "done")
HOURS = [(f"{hour:02}", f"{hour:02}:00") for hour in range(24)]
# Ratios are the quotient of two sums in every group and total, never a sum or an average of quotients.
RATIOS = {
    "utilisation": ("reserved_hours", "available_hours"),
    "no_show_rate": ("no_show_count", "ended_count"),
}


class ServiceScheduleReport(models.Model):
    """What was reserved beside what was available: reservations and available hours under one another.

    A row is a reservation (positive id) or the available hours of a resource on a day (negative id). What one kind does
    not know is empty: available hours have no offer, customer, state or hour of the day.
    """

    _name = "service.schedule.report"
    _description = "Scheduling Analysis"
    _auto = False
    _order = "date desc, hour desc, id desc"
    _rec_name = "date"
    _depends = {
        "service.capacity": ["resource_id", "point_id", "company_id", "date", "available_minutes"],
        "service.reservation": [
            "offer_id",
            "point_id",
            "company_id",
            "window_id",
            "resource_id",
            "partner_id",
            "state",
            "start",
            "stop",
            "blocked_start",
            "blocked_stop",
            "wall_start",
            "lanes",
            "reschedule_count",
        ],
        "sale.order": ["reservation_id", "state", "amount_untaxed", "currency_rate"],
    }

    reservation_id = fields.Many2one("service.reservation", readonly=True)
    order_id = fields.Many2one("sale.order", "Order", readonly=True)
    start = fields.Datetime(readonly=True)
    date = fields.Date("Day", readonly=True, help="The service point's own day, as promised.")
    weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        readonly=True,
    )
    hour = fields.Selection(
        HOURS, "Hour of Day", readonly=True, help="The hour of the service point's clock in which it starts."
    )
    resource_id = fields.Many2one("resource.resource", readonly=True)
    offer_id = fields.Many2one("service.offer", readonly=True)
    window_id = fields.Many2one("service.window", readonly=True)
    point_id = fields.Many2one("service.point", "Service Point", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    state = fields.Selection("_get_states", readonly=True)
    reservation_count = fields.Integer("Reservations", readonly=True)
    reschedule_count = fields.Integer("Reschedules", readonly=True)
    no_show_count = fields.Integer("No-Shows", readonly=True)
    ended_count = fields.Integer("Done or No-Show", readonly=True)
    no_show_rate = fields.Float(
        readonly=True, aggregator="avg", help="No-shows among the reservations that are done or no-shows."
    )
    reserved_hours = fields.Float(
        readonly=True, help="Of reservations held, confirmed or done: how long they last, times the places they take."
    )
    blocked_hours = fields.Float("Reserved Hours with Buffers", readonly=True)
    no_show_hours = fields.Float("Hours Lost to No-Shows", readonly=True)
    available_hours = fields.Float(
        readonly=True, help="Opening hours within which the resources work, times their places."
    )
    utilisation = fields.Float(readonly=True, aggregator="avg", help="Reserved hours among the available hours.")
    expected_revenue = fields.Monetary(
        readonly=True, help="Untaxed amount of the orders whose reservation is held, confirmed or done."
    )
    no_show_revenue = fields.Monetary(
        "Value of No-Shows", readonly=True, help="Untaxed amount of the orders whose customer did not come."
    )

    @api.model
    def _get_states(self):
        """Return the states of a reservation, as people read them."""
        return self.env["service.reservation"]._fields["state"]._description_selection(self.env)

    # ------------------------------------------------------------------
    # The view
    # ------------------------------------------------------------------

    @property
    def _table_query(self):
        return SQL("%s UNION ALL %s", self._get_reservation_query(), self._get_capacity_query())

    @api.model
    def _get_reservation_query(self):
        """Return one row per reservation.

        The day is the expression of an index. Orders are looked up, not joined: only what a report asks for is read.
        """
        return SQL(
            """SELECT r.id AS id, r.id AS reservation_id, %(order)s AS order_id, r.start AS start,
                      %(day)s AS date, (EXTRACT(ISODOW FROM %(day)s) - 1)::int::varchar AS weekday,
                      substr(r.wall_start, 12, 2)::varchar AS hour, r.resource_id, r.offer_id, r.window_id, r.point_id,
                      r.company_id, %(currency)s::int AS currency_id, r.partner_id, r.state, 1 AS reservation_count,
                      COALESCE(r.reschedule_count, 0) AS reschedule_count,
                      (r.state = 'no_show')::int AS no_show_count,
                      (r.state IN ('done', 'no_show'))::int AS ended_count, NULL::float8 AS no_show_rate,
                      CASE WHEN r.state IN %(used)s THEN %(hours)s ELSE 0 END AS reserved_hours,
                      CASE WHEN r.state IN %(used)s THEN %(blocked)s ELSE 0 END AS blocked_hours,
                      CASE WHEN r.state = 'no_show' THEN %(hours)s ELSE 0 END AS no_show_hours,
                      NULL::float8 AS available_hours, NULL::float8 AS utilisation,
                      CASE WHEN r.state IN %(used)s THEN %(amount)s ELSE 0 END AS expected_revenue,
                      CASE WHEN r.state = 'no_show' THEN %(amount)s ELSE 0 END AS no_show_revenue
                 FROM service_reservation r""",
            currency=self.env.company.currency_id.id,
            order=SQL("(SELECT s.id FROM sale_order s WHERE s.reservation_id = r.id)"),
            day=SQL(DAY.replace("wall_start", "r.wall_start")),
            used=USED,
            hours=self._get_hours_sql(SQL("r.start"), SQL("r.stop")),
            blocked=self._get_hours_sql(SQL("r.blocked_start"), SQL("r.blocked_stop")),
            amount=self._get_amount_sql(),
        )

    @api.model
    def _get_hours_sql(self, start, stop):
        """Return the hours between two times, times the places taken."""
        return SQL("EXTRACT(EPOCH FROM %s - %s)::float8 / 3600 * r.lanes", stop, start)

    @api.model
    def _get_amount_sql(self):
        """Return what the order of a reservation is worth in its company's currency, at the order's own rate.

        Companies with another currency than the user's are shown in his, at the rate of today, as in sales analysis.
        """
        return SQL(
            """COALESCE((SELECT s.amount_untaxed::float8 / COALESCE(NULLIF(s.currency_rate, 0), 1)::float8
                           FROM sale_order s WHERE s.reservation_id = r.id AND s.state <> 'cancel'), 0) * %s""",
            self._get_rate_sql(),
        )

    @api.model
    def _get_rate_sql(self):
        """Return the rate from the currency of the row's company to that of the user's company."""
        mine, today = self.env.company.currency_id, fields.Date.context_today(self)
        # sudo: only the currencies of the companies are read; which rows may be seen is a matter of the rules
        rates = [
            (company.id, mine._get_conversion_rate(company.currency_id, mine, self.env.company, today))
            for company in self.env["res.company"].sudo().search([("currency_id", "!=", mine.id)])
        ]
        cases = SQL(" ").join(SQL("WHEN %s THEN %s::float8", *rate) for rate in rates)
        return SQL("CASE r.company_id %s ELSE 1 END", cases) if rates else SQL("1")

    @api.model
    def _get_capacity_query(self):
        """Return one row per resource, service point and day: its available hours."""
        return SQL(
            """SELECT -a.id, NULL::int, NULL::int, NULL::timestamp, a.date,
                      (EXTRACT(ISODOW FROM a.date) - 1)::int::varchar, NULL::varchar, a.resource_id, NULL::int, NULL::int,
                      a.point_id, a.company_id, %(currency)s::int, NULL::int, NULL::varchar, 0, 0, 0, 0, NULL::float8,
                      0::float8, 0::float8, 0::float8, a.available_minutes::float8 / 60, NULL::float8, 0::float8, 0::float8
                 FROM service_capacity a""",
            currency=self.env.company.currency_id.id,
        )

    def _read_group_select(self, aggregate_spec, query):
        """Override of ``base`` to divide the sums of a ratio; empty where there is nothing to divide by."""
        name = aggregate_spec.partition(":")[0]
        if name not in RATIOS:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = (self._field_to_sql(self._table, measure, query) for measure in RATIOS[name])
        return SQL("SUM(%s)::float8 / NULLIF(SUM(%s), 0)::float8", part, whole)

    # ------------------------------------------------------------------
    # Opening it
    # ------------------------------------------------------------------

    @api.model
    def _open_fresh(self, xmlid):
        """Return the action ``xmlid``, after available hours that are old have been computed."""
        self.env["service.point"]._refresh_stale_capacity()
        return self.env["ir.actions.act_window"]._for_xml_id(xmlid)

    def action_open_record(self):
        """Open the reservation, or the available hours that this row is."""
        self.ensure_one()
        model = "service.reservation" if self.reservation_id else "service.capacity"
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": abs(self.id),
            "views": [(False, "form")],
        }
