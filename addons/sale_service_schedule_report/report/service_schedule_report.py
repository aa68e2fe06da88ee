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
TYPES = {
    "date": "date",
    "datetime": "timestamp",
    "float": "float8",
    "integer": "int4",
    "many2one": "int4",
    "monetary": "float8",
    "selection": "varchar",
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
        "service.offer": ["kind_id"],
        "sale.order": ["reservation_id", "state", "amount_untaxed", "currency_rate"],
    }

    reservation_id = fields.Many2one("service.reservation", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
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
    kind_id = fields.Many2one("service.session.kind", "Kind of Session", readonly=True)
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
        "No-Show Rate",
        readonly=True,
        aggregator="avg",
        help="No-shows among the reservations that are done or no-shows.",
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
        reservations, capacity = self._get_reservation_columns(), self._get_capacity_columns()
        return SQL(
            """SELECT %s FROM service_reservation r LEFT JOIN service_offer o ON o.id = r.offer_id
                UNION ALL SELECT %s FROM service_capacity a""",
            self._get_select(reservations, reservations),
            self._get_select(reservations, capacity),
        )

    @api.model
    def _get_select(self, names, columns):
        """Return the select list of ``names`` in the types of the fields, empty where ``columns`` knows nothing."""
        return SQL(", ").join(
            SQL("(%s)::%s AS %s", columns.get(name, SQL("NULL")), self._get_type(name), SQL.identifier(name))
            for name in names
        )

    @api.model
    def _get_type(self, name):
        """Return the SQL type of a column."""
        return SQL(TYPES[self._fields[name].type if name != "id" else "integer"])

    @api.model
    def _get_reservation_columns(self):
        """Return ``{name: SQL}`` of a reservation ``r`` and its offer ``o``.

        The day is the expression of an index. Offers are joined on their key and orders are looked up, so that
        PostgreSQL reads only what a report asks for.
        """
        day, amount = SQL(DAY.replace("wall_start", "r.wall_start")), self._get_amount_sql()
        hours = self._get_hours_sql(SQL("r.start"), SQL("r.stop"))
        is_used, is_missed = SQL("r.state IN %s", USED), SQL("r.state = 'no_show'")
        direct = ("start", "resource_id", "offer_id", "window_id", "point_id", "company_id", "partner_id", "state")
        return {
            "id": SQL("r.id"),
            "reservation_id": SQL("r.id"),
            "order_id": SQL("SELECT s.id FROM sale_order s WHERE s.reservation_id = r.id"),
            "date": day,
            "weekday": SQL("EXTRACT(ISODOW FROM %s)::int - 1", day),
            "hour": SQL("substr(r.wall_start, 12, 2)"),
            **{name: SQL.identifier("r", name) for name in direct},
            "kind_id": SQL("o.kind_id"),
            "currency_id": SQL("%s", self.env.company.currency_id.id),
            "reservation_count": SQL("1"),
            "reschedule_count": SQL("COALESCE(r.reschedule_count, 0)"),
            "no_show_count": SQL("CASE WHEN %s THEN 1 ELSE 0 END", is_missed),
            "ended_count": SQL("CASE WHEN r.state IN ('done', 'no_show') THEN 1 ELSE 0 END"),
            "no_show_rate": SQL("NULL"),
            "reserved_hours": _where(is_used, hours),
            "blocked_hours": _where(is_used, self._get_hours_sql(SQL("r.blocked_start"), SQL("r.blocked_stop"))),
            "no_show_hours": _where(is_missed, hours),
            "available_hours": SQL("NULL"),
            "utilisation": SQL("NULL"),
            "expected_revenue": _where(is_used, amount),
            "no_show_revenue": _where(is_missed, amount),
        }

    @api.model
    def _get_capacity_columns(self):
        """Return ``{name: SQL}`` of what the available hours ``a`` know."""
        direct = ("resource_id", "point_id", "company_id", "date")
        nothing = ("reservation_count", "reschedule_count", "no_show_count", "ended_count")
        nothing += ("reserved_hours", "blocked_hours", "no_show_hours", "expected_revenue", "no_show_revenue")
        return {
            "id": SQL("-a.id"),
            **{name: SQL.identifier("a", name) for name in direct},
            "weekday": SQL("EXTRACT(ISODOW FROM a.date)::int - 1"),
            "currency_id": SQL("%s", self.env.company.currency_id.id),
            **dict.fromkeys(nothing, SQL("0")),
            "available_hours": SQL("a.available_minutes / 60"),
        }

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


def _where(condition, value):
    """Return the SQL of a measure that counts in some states only."""
    return SQL("CASE WHEN %s THEN %s ELSE 0 END", condition, value)
