"""What the demo's shops share: orders around one moment, made through the doors that people use."""

import contextlib
from datetime import datetime, time, timedelta

from odoo import Command

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local_day, stamp

MINUTE = 60
STEPS = (("preparing", "started_at", 0), ("ready", "ready_at", 25), ("picked_up", "picked_up_at", 55))


@contextlib.contextmanager
def quietly(env):
    """Let the block cause letters and messages that stay, cancelled, to be looked at: nobody is there to read them."""
    mails, outbox = env["mail.mail"], env["service.notification.message"]
    last, last_message = (model.search([], order="id desc", limit=1).id or 0 for model in (mails, outbox))
    yield
    mails.search([("id", ">", last), ("state", "=", "outgoing")]).cancel()
    messages = outbox.search([("id", ">", last_message), ("state", "=", "queued")])
    messages._skip(dict.fromkeys(messages.ids, env._("The demo's people are not there")))


class Shop:
    """Fills one service point with orders around ``now`` (aware UTC; None is this moment) and for ``coming_days``.

    Nothing is drawn by lot: the same moment gives the same shop. What the hour leaves no room for (a late evening has
    no "later today") is left out.
    """

    point_name = ""
    clerk = ""

    def __init__(self, env, now=None, coming_days=28):
        self.env = env
        self.now = now or timing.utc_now()
        self.coming_days = coming_days
        self.point = self._ref(self.point_name)
        self.zone = self.point._get_zone()
        self.today = local_day(stamp(self.now), self.zone)

    def open(self):
        """Make everything, without letters to people who are not there."""
        with quietly(self.env), self._sparing_documents():
            self._fill()

    def _fill(self):
        """Tell the shop's stories."""
        raise NotImplementedError

    @contextlib.contextmanager
    def _sparing_documents(self):
        """Let the block confirm orders without a PDF in each letter: that takes a second each, for nobody."""
        templates = self.env["mail.template"].search(
            [("model", "=", "sale.order"), ("report_template_ids", "!=", False)]
        )
        reports = {template: template.report_template_ids for template in templates}
        templates.report_template_ids = False
        yield
        for template, own in reports.items():
            template.report_template_ids = own

    # ------------------------------------------------------------------
    # Orders
    # ------------------------------------------------------------------

    def _order_on(self, day, who, product, quantity, *, note="", hour=11, placed=None, is_confirmed=True):
        """Return an order for the time nearest to an hour of a day, None when that day has none left."""
        placed = placed or min(self._at_moment(day - timedelta(days=2), 10), self.now - timedelta(hours=2))
        slot = self._pick(self._read_slots(product, day, quantity, placed), near=self._at(day, hour))
        return slot and self._order(who, product, quantity, slot, placed, note, is_confirmed)

    def _order_today(self, who, product, quantity, *, window=None, note="", is_confirmed=True, **wish):
        """Return an order for a time of today that ``wish`` (see ``_pick``) describes, None when there is none."""
        placed = self._get_placing(1)
        slots = self._read_slots(product, self.today, quantity, placed)
        slot = self._pick(slots, window and self.windows[window], **wish)
        return slot and self._order(who, product, quantity, slot, placed, note, is_confirmed)

    def _order(self, who, product, quantity, slot=None, placed=None, note="", is_confirmed=True):
        """Return an order that the staff took at ``placed``; without a ``slot`` it is a walk-in."""
        order = (
            self.env["sale.order"]
            .with_user(self._ref(f"user_{self.clerk}"))
            .create(
                {
                    "partner_id": self._ref(f"partner_{who}").id,
                    "service_point_id": self.point.id,
                    "order_notes": note,
                    "order_line": [Command.create(vals) for vals in self._prepare_lines(who, product, quantity)],
                }
            )
        )
        if slot:
            order._schedule(self._get_choice(product, slot), by_staff=True, now=placed)
        if is_confirmed:
            order.action_confirm()
        else:
            order.require_signature = False
            order.action_quotation_sent()  # as the portal leaves an order: the customer sees it, the shop accepts it
        order.date_order = timing.to_field(stamp(placed))  # confirming set it to now
        return order

    def _prepare_lines(self, who, product, quantity):
        """Return the values of an order's lines."""
        return [{"product_id": self._ref(f"product_{product}").id, "product_uom_qty": quantity}]

    def _work(self, order, target, since=None):
        """Do the work on an order up to a step; it began at ``since`` (naive UTC), None is now."""
        if not order:
            return
        for step, stamp_field, minutes in STEPS:
            order._update_fulfilment(step)
            if since:
                order[stamp_field] = since + timedelta(minutes=minutes)  # the step stamped the present
            if step == target:
                return

    def _invoice(self, order, day, is_paid):
        """Invoice what was served, dated ``day``; the bank payment when ``is_paid``."""
        invoice = order.with_user(self._ref("user_accountant"))._create_invoices()
        invoice.invoice_date = day
        invoice.action_post()
        if is_paid:
            payment = self.env["account.payment.register"].with_user(self._ref("user_accountant"))
            payment = payment.with_context(active_model="account.move", active_ids=invoice.ids)
            payment.create({"payment_date": day + timedelta(days=3)})._create_payments()

    # ------------------------------------------------------------------
    # Times
    # ------------------------------------------------------------------

    def _read_slots(self, product, day, quantity, placed):
        """Return what the staff could book of a day at ``placed``."""
        offer = self._get_offer(product)
        return offer.get_availability(day, day, lanes=offer._get_lanes(quantity), by_staff=True, now=placed)

    @staticmethod
    def _pick(slots, window=None, *, since=None, until=None, near=None, is_last=False):
        """Return the slot of a window (None: a chosen time) within stamps; None when there is none.

        The first is taken, the last, or the one nearest to the stamp ``near``.
        """
        slots = [
            slot
            for slot in slots
            if slot.key == (window.id if window else None)
            and (since is None or (slot.stop if window else slot.start) >= since)
            and (until is None or slot.start <= until)
        ]
        if near is not None:
            return min(slots, key=lambda slot: abs(slot.start - near), default=None)
        return next(iter(slots[::-1] if is_last else slots), None)

    def _get_choice(self, product, slot):
        """Return the choice that books a slot."""
        return self._get_offer(product)._make_choice(slot)

    def _get_placing(self, days_ago):
        """Return the moment, at seven in the morning some days ago, when an order was placed."""
        return self._at_moment(self.today - timedelta(days=days_ago), 7)

    def _at_moment(self, day, hour):
        """Return a local hour of a day as an aware moment."""
        return datetime.combine(day, time(hour), self.zone)

    def _at(self, day, hour):
        """Return a local hour of a day as a stamp."""
        return stamp(self._at_moment(day, hour))

    # ------------------------------------------------------------------
    # Records
    # ------------------------------------------------------------------

    def _ref(self, name):
        """Return a record of the demo."""
        return self.env.ref(f"service_schedule_demo.{name}")

    def _get_offer(self, product):
        """Return the offer that a product books."""
        return self._ref(f"product_{product}").service_offer_ids.filtered(lambda offer: offer.point_id == self.point)
