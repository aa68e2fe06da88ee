from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.service_schedule.models.service_reservation import CLAIMING
from odoo.addons.service_schedule.models.service_reservation_hold import GONE

OPEN_STATES = ("pending", "confirmed", "preparing", "ready")
WAITING_STATES = ("pending", "confirmed")
SCHEDULABLE_STATES = (*WAITING_STATES, "no_show", False)
"""No work has begun: a time can be given, or another one. False is an order whose time is only held."""
FULFILMENT_STATES = [
    ("pending", "Pending"),
    ("confirmed", "Confirmed"),
    ("preparing", "Preparing"),
    ("ready", "Ready"),
    ("picked_up", "Picked Up"),
    ("no_show", "No-Show"),
    ("cancelled", "Cancelled"),
]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    service_point_id = fields.Many2one(
        "service.point",
        compute="_compute_service_point_id",
        store=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        help="Where the order is served. Empty for orders that have nothing to do with a service point.",
    )
    service_point_tz = fields.Selection(related="service_point_id.tz")
    service_offer_id = fields.Many2one(
        "service.offer",
        "Offer",
        compute="_compute_service_offer_id",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('point_id', '=', service_point_id)]",
        help="What the order books; of several, the one that takes longest.",
    )
    reservation_id = fields.Many2one("service.reservation", copy=False, readonly=True, ondelete="restrict")
    origin_reservation_id = fields.Many2one(related="reservation_id.origin_id", string="Follows")
    follow_up_reservation_ids = fields.One2many(related="reservation_id.follow_up_ids", string="Led To")
    may_be_no_show = fields.Boolean(related="reservation_id.may_be_no_show")
    can_follow_up = fields.Boolean(compute="_compute_can_follow_up")
    order_type = fields.Selection(
        [("instant", "Walk-in"), ("pre_order", "Scheduled")], compute="_compute_order_type", store=True
    )
    is_scheduled = fields.Boolean(compute="_compute_order_type", store=True)
    needs_new_time = fields.Boolean(
        compute="_compute_schedule",
        store=True,
        index="btree_not_null",
        help="The money came after the time had gone to somebody else: the customer chooses a new time.",
    )
    scheduled_start = fields.Datetime("Scheduled", compute="_compute_schedule", store=True, index="btree_not_null")
    scheduled_stop = fields.Datetime("Scheduled Until", compute="_compute_schedule", store=True)
    promised_time = fields.Datetime(compute="_compute_schedule", store=True)
    window_id = fields.Many2one("service.window", "Window", related="reservation_id.window_id", store=True)
    original_time = fields.Datetime(related="reservation_id.original_start", store=True)
    reschedule_count = fields.Integer("Rescheduled", related="reservation_id.reschedule_count", store=True)
    reschedule_chain = fields.Char("Rescheduled From", compute="_compute_reschedule_chain")
    schedule_label = fields.Char("Scheduled For", compute="_compute_schedule_label")
    commitment_date = fields.Datetime(
        compute="_compute_commitment_date", store=True, readonly=False, help="Follows the time that the order has."
    )
    prep_minutes = fields.Integer(
        "Preparation (minutes)",
        compute="_compute_prep_minutes",
        store=True,
        readonly=False,
        help="How long the work is expected to take.",
    )
    order_notes = fields.Text("Customer's Note", copy=False)
    fulfilment_step = fields.Selection(
        [state for state in FULFILMENT_STATES if state[0] in ("preparing", "ready", "picked_up")],
        copy=False,
        readonly=True,
        groups="base.group_system",  # written by the steps alone, which check who may take them
        help="How far the work has come; empty until it begins.",
    )
    fulfilment_state = fields.Selection(
        FULFILMENT_STATES,
        compute="_compute_fulfilment_state",
        inverse="_inverse_fulfilment_state",
        store=True,
        tracking=True,
        group_expand=True,
        help="Empty for orders without a service point.",
    )
    started_at = fields.Datetime("Work Started", copy=False, readonly=True)
    ready_at = fields.Datetime("Ready Since", copy=False, readonly=True)
    picked_up_at = fields.Datetime(copy=False, readonly=True)
    due_bucket = fields.Selection(
        [("overdue", "Overdue"), ("due_soon", "Due Soon"), ("scheduled", "Scheduled")],
        "Due",
        compute="_compute_due_bucket",
        search="_search_due_bucket",
        help="Of open scheduled orders. Overdue: the promised time has passed and work has not begun.",
    )
    is_overdue = fields.Boolean("Overdue", compute="_compute_due_bucket", search="_search_is_overdue")
    is_due_today = fields.Boolean("Due Today", compute="_compute_is_due_today", search="_search_is_due_today")

    _reservation_uniq = models.UniqueIndex(
        "(reservation_id) WHERE reservation_id IS NOT NULL", "Another order has this reservation."
    )
    _due_board_idx = models.Index(
        "(service_point_id, scheduled_start) WHERE fulfilment_state IN ('pending', 'confirmed', 'preparing', 'ready')"
    )

    @api.depends("order_line.product_id", "company_id")
    def _compute_service_point_id(self):
        for order in self:
            points = order.order_line.product_template_id.service_offer_ids.point_id.filtered(
                lambda point, company=order.company_id: point.company_id == company
            )
            if not points and order.sudo().reservation_id.state not in CLAIMING:
                order.service_point_id = False
            elif order.service_point_id not in points:
                order.service_point_id = points if len(points) == 1 else order.service_point_id

    @api.depends("order_line.product_id", "service_point_id")
    def _compute_service_offer_id(self):
        # what is booked stays booked, also when the lines change
        for order in self.filtered(lambda order: order.sudo().reservation_id.state not in CLAIMING):
            offers = order.order_line.product_template_id.service_offer_ids.filtered(
                lambda offer, point=order.service_point_id: offer.point_id == point
            )
            if order.service_offer_id not in offers:
                order.service_offer_id = offers.sorted("duration_minutes")[-1:]

    @api.depends("service_point_id", "reservation_id")
    def _compute_order_type(self):
        for order in self:
            order.is_scheduled = bool(order.reservation_id)
            served = "pre_order" if order.reservation_id else "instant"
            order.order_type = served if order.service_point_id else False

    @api.depends("reservation_id.start", "reservation_id.stop", "reservation_id.promised", "reservation_id.trouble")
    def _compute_schedule(self):
        for order in self:
            # sudo: whoever reads the order may read when it is due
            reservation = order.sudo().reservation_id
            order.needs_new_time = reservation.trouble == "late"
            has_time = reservation and not order.needs_new_time
            order.scheduled_start = has_time and reservation.start
            order.scheduled_stop = has_time and reservation.stop
            order.promised_time = has_time and reservation.promised

    @api.depends("scheduled_start")
    def _compute_commitment_date(self):
        for order in self:
            if order.reservation_id:
                order.commitment_date = order.scheduled_start

    @api.depends("service_offer_id.follow_up_offer_ids", "reservation_id.state")
    def _compute_can_follow_up(self):
        for order in self:
            # sudo: whoever reads the order may know what it can lead to
            booked = order.sudo().reservation_id.state in ("confirmed", "done")
            order.can_follow_up = booked and bool(order.sudo().service_offer_id.follow_up_offer_ids)

    @api.depends("service_offer_id")
    def _compute_prep_minutes(self):
        for order in self:
            order.prep_minutes = order.service_offer_id.duration_minutes

    @api.depends(
        "state", "fulfilment_step", "service_point_id", "reservation_id.state", "submission_key", "require_payment"
    )
    def _compute_fulfilment_state(self):
        for order in self:
            order.fulfilment_state = order._get_fulfilment_state()

    def _get_fulfilment_state(self):
        """Return how far the order has come; False while it is none of the shop's: its time is only held, or it is
        begun when it is paid.
        """
        time_state = self.sudo().reservation_id.state  # sudo: whoever reads the order may read how it stands
        if not self.service_point_id:
            return False
        if self.state == "cancel":
            return "cancelled"
        if time_state == "no_show" and not self.fulfilment_step:
            return "no_show"
        if self.state == "sale":
            return self.fulfilment_step or "confirmed"
        return False if time_state in ("held", *GONE) or self._awaits_payment() else "pending"

    @api.depends("reservation_id.wall_start", "reservation_id.wall_stop", "reservation_id.window_id", "needs_new_time")
    @api.depends_context("lang")
    def _compute_schedule_label(self):
        for order in self:
            # sudo: whoever reads the order may read when it is due
            reservation = order.sudo().reservation_id
            order.schedule_label = reservation._get_label() if reservation and not order.needs_new_time else False

    # apart from the label: lists show that without reading each order's history
    @api.depends("reservation_id.change_ids")
    @api.depends_context("lang")
    def _compute_reschedule_chain(self):
        for order in self:
            # sudo: whoever reads the order may read how it was moved
            reservation = order.sudo().reservation_id
            order.reschedule_chain = reservation._get_chain() if reservation else False

    @api.depends("promised_time", "fulfilment_state", "service_point_id.due_soon_minutes")
    def _compute_due_bucket(self):
        now = fields.Datetime.now()
        for order in self:
            order.due_bucket = order._get_due_bucket(now)
            order.is_overdue = order.due_bucket == "overdue"

    def _get_due_bucket(self, now):
        """Return the bucket at ``now`` (naive UTC), False for orders that are closed or have no time."""
        if not self.promised_time or self.fulfilment_state not in OPEN_STATES:
            return False
        if self.fulfilment_state not in WAITING_STATES:
            return "scheduled"
        minutes = (self.promised_time - now).total_seconds() / 60
        if minutes < 0:
            return "overdue"
        # sudo: whoever reads the order may know its service point's setting
        return "due_soon" if minutes <= self.sudo().service_point_id.due_soon_minutes else "scheduled"

    def _field_to_sql(self, alias, field_expr, query=None):
        """Override of ``base`` to group and sort by ``due_bucket``, which depends on the clock and is not stored."""
        if field_expr == "due_bucket":
            return self._get_due_bucket_sql(alias, query)
        return super()._field_to_sql(alias, field_expr, query)

    def _get_due_bucket_sql(self, alias, query):
        """Return the SQL of ``_get_due_bucket``."""
        return SQL(
            """CASE WHEN %(promised)s IS NULL OR %(state)s IS NULL OR %(state)s NOT IN %(open)s THEN NULL
                    WHEN %(state)s NOT IN %(waiting)s THEN 'scheduled'
                    WHEN %(promised)s < %(now)s THEN 'overdue'
                    WHEN %(promised)s <= %(now)s::timestamp + (SELECT due_soon_minutes FROM service_point
                         WHERE service_point.id = %(point)s) * interval '1 minute' THEN 'due_soon'
                    ELSE 'scheduled' END""",
            promised=self._field_to_sql(alias, "promised_time", query),
            state=self._field_to_sql(alias, "fulfilment_state", query),
            point=self._field_to_sql(alias, "service_point_id", query),
            open=OPEN_STATES,
            waiting=WAITING_STATES,
            now=fields.Datetime.now(),
        )

    def _search_due_bucket(self, operator, value):
        if operator != "in":
            return NotImplemented
        buckets = tuple(bucket for bucket in value if bucket) or ("",)

        def to_sql(model, alias, query):
            sql = model._get_due_bucket_sql(alias, query)
            found = SQL("%s IN %s", sql, buckets)
            return SQL("(%s OR %s IS NULL)", found, sql) if False in value else found

        domain = Domain.custom(to_sql=to_sql, predicate=lambda order: order.due_bucket in value)
        # the stored conditions let the database use its index before it looks at the clock
        return domain if False in value else domain & Domain("fulfilment_state", "in", OPEN_STATES)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        if set(value) != {True}:
            return Domain.TRUE if True in value else ~Domain("is_overdue", "in", [True])
        return Domain("fulfilment_state", "in", WAITING_STATES) & Domain("promised_time", "<", fields.Datetime.now())

    @api.depends("scheduled_start", "fulfilment_state", "service_point_id.tz")
    def _compute_is_due_today(self):
        # sudo: whoever reads the order may know its service point's day
        bounds = {point: point._get_day_bounds(point._get_today()) for point in self.sudo().service_point_id}
        for order in self:
            start, stop = bounds.get(order.sudo().service_point_id, (None, None))
            order.is_due_today = bool(
                order.scheduled_start
                and order.fulfilment_state in OPEN_STATES
                and start <= order.scheduled_start < stop
            )

    def _search_is_due_today(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return Domain("fulfilment_state", "in", OPEN_STATES) & Domain.OR(
            point._get_domain_of_day(point._get_today())
            for point in self.env["service.point"].sudo().with_context(active_test=False).search([])
        )
