"""The race while workers are killed, PostgreSQL crashes and holds run out while their money is on its way."""

import contextlib
import threading
from collections import Counter
from datetime import timedelta

import psycopg2

from odoo import fields

from . import books, contest, world
from .browser import ConnectionBroke
from .customer import Customer
from .doors import LOST, WON

BREATH = 1.0
"""Seconds between two accidents."""
SETTLING = 20
"""Times that the scheduled actions run afterwards, at most; they end earlier when nothing is left to do."""


@contextlib.contextmanager
def every(seconds, act):
    """Call `act` again and again while the block runs; what it raises ends the block's run."""
    over = threading.Event()
    errors = []

    def run():
        while not over.wait(seconds):
            try:
                act()
            except Exception as error:  # noqa: BLE001 - raised below
                errors.append(error)
                return

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    if errors:
        raise errors[0]


class Clock:
    """Lets the holds of a shop run out: a third of them each time, as if their minutes had passed."""

    def __init__(self, environment, shop, share=0.3):
        self.environment, self.shop, self.share = environment, shop, share
        self.moved = 0

    def tick(self):
        """Move the end of some holds into the past."""
        with contextlib.suppress(psycopg2.OperationalError), self.environment() as env:
            env.cr.execute(
                """UPDATE service_reservation SET expires_at = %s
                    WHERE state = 'held' AND point_id = %s AND expires_at > %s AND random() < %s""",
                [
                    fields.Datetime.now() - timedelta(seconds=1),
                    self.shop.point_id,
                    fields.Datetime.now(),
                    self.share,
                ],
                log_exceptions=False,
            )
            self.moved += env.cr.rowcount


class Office:
    """An administrator at the server, who lets happen what happens every few minutes in a shop.

    Scheduled actions run in the server's workers, so that they are killed like everything else.
    """

    CRONS = ("service_schedule.ir_cron_expire_holds", "payment.cron_post_process_payment_tx")

    def __init__(self, env, name="office"):
        [self.login] = world.create_customers(env, 1, name)
        user = env["res.users"].search([("login", "=", self.login)])
        user.group_ids = env.ref("base.group_user") | env.ref("base.group_system")
        self.cron_ids = [env.ref(name).id for name in self.CRONS]
        self.client = None

    def open(self, server):
        """Log in."""
        [self.client] = contest.log_in(server, [self.login])
        return self

    def run_crons(self):
        """Run the scheduled actions: holds expire, payments are finished whose page nobody looks at."""
        for cron_id in self.cron_ids:
            call = {"model": "ir.cron", "method": "method_direct_trigger", "args": [[cron_id]], "kwargs": {}}
            with contextlib.suppress(ConnectionBroke):  # killed: the next run does it
                self.client.browser.call("/web/dataset/call_kw/ir.cron/method_direct_trigger", **call)

    def hear_of_transfer(self, reference):
        """Let the provider tell that money has arrived."""
        data = {"reference": reference, "payment_details": "4111", "simulated_state": "done"}
        self.client.patiently(lambda: self.client.browser.call("/payment/demo/simulate_payment", **data))


def prepare_provider(env):
    """Publish the demo provider and return what a page sends to begin a payment with it.

    Mails about orders go out as ever, but without a PDF of the order: drawing it takes longer than a worker lives here.
    """
    templates = env["mail.template"].search([("model", "=", "sale.order"), ("report_template_ids", "!=", False)])
    templates.report_template_ids = False
    provider = env.ref("payment.payment_provider_demo")
    provider.write({"state": "test", "is_published": True})
    if not provider.journal_id:  # looking is what makes core create its line; two who look first at once make two
        raise AssertionError("the demo provider has no journal")
    method = provider.payment_method_ids[:1] or env["payment.method"].search([("code", "=", "demo")], limit=1)
    method.active = True
    return {
        "provider_id": provider.id,
        "payment_method_id": method.id,
        "token_id": None,
        "amount": world.PRICE,
        "flow": "direct",
        "tokenization_requested": False,
        "landing_route": "/my",
    }


class Storm:
    """One run of the race with accidents.

    :param environment: a context manager that gives an `Environment` on the race's database
    """

    def __init__(self, environment, shop, provider, office, slowness=2.0):
        self.environment, self.shop, self.office = environment, shop, office
        self.provider, self.slowness = provider, slowness
        self.customers, self.seconds = [], 0

    def rage(self, clients, door, accidents, is_over=None, tries=1000):
        """Let the clients race while the accidents happen, until `is_over()` or for so many tries."""
        for client in clients:
            client.outcomes, client.broke = [], 0
            client.refused.clear()
        self.customers = [Customer(client, self.provider, self.slowness) for client in clients]
        of = {customer.client.number: customer for customer in self.customers}
        with contextlib.ExitStack() as stack:
            for accident in accidents:
                stack.enter_context(accident)
            act = lambda client, slot: of[client.number].act(door, slot)  # noqa: E731
            self.seconds = contest.race(clients, door, self.shop.slots, tries, act, is_over)

    # -- Afterwards -----------------------------------------------------------------------------

    def settle(self):
        """Let the hour pass that follows: unpaid holds end, late transfers arrive, the scheduled actions run."""
        self._end_holds()
        self._forgive_crons()
        self.office.run_crons()
        with self.environment() as env:
            pending = self._get_transactions(env).filtered(lambda tx: tx.state == "pending").mapped("reference")
        for reference in pending[::2]:
            self.office.hear_of_transfer(reference)
        self._end_holds()
        for _run in range(SETTLING):
            self.office.run_crons()
            if self._is_settled():
                return
        raise AssertionError("the scheduled actions never came to an end")

    def _end_holds(self):
        """Let the time of all holds be over."""
        with self.environment() as env:
            env.cr.execute(
                "UPDATE service_reservation SET expires_at = %s WHERE state = 'held' AND point_id = %s",
                [fields.Datetime.now() - timedelta(seconds=1), self.shop.point_id],
            )

    def _forgive_crons(self):
        """Let scheduled actions run again: Odoo gives up on one whose worker has died under it three times."""
        with self.environment() as env:
            env["ir.cron.progress"].search([]).unlink()

    def _is_settled(self):
        with self.environment() as env:
            held = env["service.reservation"].search_count(
                [("state", "=", "held"), ("point_id", "=", self.shop.point_id)]
            )
            return not held and all(tx.is_post_processed for tx in self._get_transactions(env) if tx.state == "done")

    def _get_transactions(self, env):
        orders = env["sale.order"].search([("service_point_id", "=", self.shop.point_id)])
        return orders.transaction_ids

    def judge(self):
        """Return `(figures, faults)`: what became of all, and what must not be."""
        kinds = Counter(outcome.kind for client in self.customers for outcome in client.client.outcomes)
        faults = [f"{count} answers: {kind}" for kind, count in kinds.items() if kind not in (WON, LOST)]
        with self.environment() as env:
            figures = {
                "tries": sum(kinds.values()),
                "won": kinds[WON],
                "lost": kinds[LOST],
                "broken connections": sum(customer.client.broke for customer in self.customers),
                "refused": sum(sum(customer.client.refused.values()) for customer in self.customers),
            }
            faults += self._judge_promises(env, figures)
            faults += self._judge_money(env, figures)
            figures["doubles"] = books.count_doubles(env, self.shop.resource_ids)
            figures["booked again"], lost = books.book_the_rest(env, self.shop)
            faults += [f"a time is lost for ever: {slot.kind} {slot.choice}" for slot in lost]
            problems = [
                f"{check.title}: {detail}"
                for check, rows in env["service.schedule.check"]._run()
                for _row_id, detail in rows
            ]
            env.cr.rollback()  # what was booked again was only a proof
        faults += problems
        if figures["doubles"]:
            faults.append(f"{figures['doubles']} doubles")
        return figures, faults

    def _judge_promises(self, env, figures):
        """Return the holds that a customer was told he has and that the database does not know."""
        told = {public_id for customer in self.customers for public_id, _what in customer.told}
        known = env["service.reservation"].search([("public_id", "in", list(told))])
        states = books.count_states(env, self.shop.offer_ids)
        figures["states"] = ", ".join(f"{state} {count}" for state, count in sorted(states.items()))
        forgotten = told - set(known.mapped("public_id"))
        return [f"the database forgot {public_id}, which a customer was told he has" for public_id in forgotten]

    def _judge_money(self, env, figures):
        """Return the orders whose money arrived and about which nobody is told."""
        paid = self._get_transactions(env).filtered(lambda tx: tx.state == "done").sale_order_ids
        confirmed = paid.filtered(lambda order: order.state == "sale" and order.reservation_id.state == "confirmed")
        parked = paid.filtered("needs_new_time")
        told = parked.filtered(lambda order: order.state == "sale" and order.activity_ids and _is_told(order))
        figures.update(paid=len(paid), confirmed=len(confirmed), parked=len(parked))
        faults = [
            f"order {order.name} is paid, {order.state}, {order.reservation_id.state}"
            for order in paid - confirmed - parked
        ]
        faults += [f"order {order.name} is parked and nobody is told" for order in parked - told]
        notified = {
            public_id for customer in self.customers for public_id, what in customer.told if what == "done"
        } - set(paid.reservation_id.mapped("public_id"))
        return faults + [f"the money for {public_id} is not in the books" for public_id in notified]


def _is_told(order):
    """Whether the customer's message is in the outbox, whose own suites kill its sender, or has left it."""
    domain = [
        ("res_model", "=", "sale.order"),
        ("res_id", "=", order.id),
        ("event_id.code", "=", "order_needs_new_time"),
        ("partner_id", "=", order.partner_id.id),
        ("state", "in", ("queued", "sent")),
    ]
    return bool(order.env["service.notification.message"].search_count(domain))
