"""The bench of the random histories: the shop's offers, what may be chosen, and how a step is done to both sides."""

from unittest.mock import patch

from book_model import CLAIMING, DAYS, GONE, MINUTE, WINDOWS, Book, Choice, Offer, Refused, Row
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import instant, wall_text

OPENING_TIME = DAYS[20] + 7 * 60 * MINUTE
PLACES = {"maria": 1, "tom": 1, "pool": 3}
OFFERS = [
    Offer("visit", ("maria", "tom"), duration=60, step=30, after=15, lead=30, cutoff=60),
    Offer("check", ("tom", "pool"), duration=30, step=15, before=15, hold=10),
    Offer("fill", ("pool",), duration=45, step=30, windows=True),
]
HOLDERS = {"partner:1": 3, "partner:2": 3, "address:x": 2}

offers = st.sampled_from(OFFERS)
rows = st.integers(0, 19)
holders = st.sampled_from([*HOLDERS, None])
widths = st.sampled_from([1, 1, 1, 2, 3])
# the nth of an offer's resources, or anyone
wishes = st.sampled_from([None, None, None, 0, 1])
# mostly the nth of what can be booked, so that histories get on; also what perhaps cannot, or is not offered at all
choices = st.one_of(
    *[st.integers(0, 9)] * 3,
    st.builds(Choice, st.just(20), st.sampled_from([480, 495, 510, 540, 570])),
    st.builds(Choice, st.sampled_from(sorted(DAYS)), st.sampled_from([420, 480, 510, 1140, 1185])),
    st.builds(Choice, st.sampled_from(sorted(DAYS)), window=st.sampled_from(sorted(WINDOWS))),
)


class BookBench(RuleBasedStateMachine):
    """Does the same to the addon and to the model. The steps are the affair of the classes that build on it."""

    case = None

    def __init__(self):
        super().__init__()
        self.env = self.case.env
        self.book = Book(OPENING_TIME, PLACES)
        self.histories = {}
        self.savepoint = self.env.cr.savepoint()
        self.clock = patch.object(fields.Datetime, "now", lambda *_args: timing.to_field(self.book.now))
        self.clock.start()

    def teardown(self):
        """Forget the example."""
        self.clock.stop()
        self.env.cr.precommit.clear()
        self.savepoint.close(rollback=True)
        self.env.invalidate_all()

    # -- Doing things to both -------------------------------------------------------------------

    @property
    def reservations(self):
        """The model under test."""
        return self.env["service.reservation"]

    @property
    def now(self):
        """The clock as the addon wants it."""
        return instant(self.book.now)

    def both(self, predict, act):
        """Return ``(what the model says, what the addon did)``, None when both refuse; they must agree on that."""
        try:
            predicted = predict()
        except Refused:
            predicted = None
        try:
            with self.env.cr.savepoint():
                done = act()
        except UserError as refusal:
            assert predicted is None, f"refused, but it can be had: {refusal}"
            return None
        assert predicted is not None, "accepted, but it must be refused"
        return predicted, done

    def choose(self, offer, choice, row=None):
        """Return the choice that a number stands for: the nth of what can be booked, the later half from the end."""
        if isinstance(choice, Choice):
            return choice
        offered = sorted(self.book.choices(offer, ignore=row), key=lambda one: (one.span(offer), one.window or ""))
        return offered[(choice if choice < 6 else 5 - choice) % len(offered)] if offered else Choice(20, 480)

    def pick(self, number):
        """Return the row that a number stands for: mostly one that has a time or needs one, sometimes any."""
        alive = [row for row in self.book.rows if row.state in CLAIMING or row.trouble]
        among = alive if alive and number < 16 else self.book.rows
        return among[number % len(among)]

    def has(self, state):
        """Return whether there is a row in a state."""
        return any(row.state == state for row in self.book.rows)

    def wish(self, offer, wish):
        """Return the names that a wish for the nth of an offer's resources means, None for anyone."""
        return None if wish is None else (offer.resources[wish % len(offer.resources)],)

    def offer(self, offer):
        """Return the record of an offer."""
        return self.env["service.offer"].browse(self.case.offer_ids[offer.name])

    def resources(self, names):
        """Return the records of resources, None for any."""
        return names and self.env["resource.resource"].browse([self.case.resource_ids[name] for name in names])

    def text(self, choice):
        """Return a choice as clients send it."""
        if choice.window:
            return f"window:{self.case.window_ids[choice.window]}:2026-10-{choice.day}"
        return f"time:{wall_text(DAYS[choice.day] + choice.minutes * MINUTE, self.case.zone)}"

    def record(self, row):
        """Return the record of a row."""
        return self.reservations.browse(row.id)

    def place_of(self, reservation):
        """Return ``(resource name, lane)``."""
        return self.case.names[reservation.resource_id.id], reservation.lane

    def settle(self, row, record, places, kind, **values):
        """Let the model put a row where the addon did, if that place was free."""
        place = self.place_of(record)
        assert place in places, f"{place} was not free, these were: {places}"
        self.book.settle(row, place, **values)
        self.book.change(row, kind)

    def add(self, record, places, kind, **values):
        """Add the row of a new record, which must lie on one of the free places."""
        row = Row(id=record.id, resource="", lane=0, revision=-1, **values)
        self.book.rows.append(row)
        self.settle(row, record, places, kind)

    def check_readable(self, offer, choice):
        """A window that the offer does not have cannot even be read."""
        if choice.window and not offer.windows:
            raise Refused

    # -- Confirming -----------------------------------------------------------------------------

    def predict_confirmed(self, row):
        """Return the places where a row can be when it is confirmed; its own when it has its time."""
        if row.state == "confirmed":
            return [(row.resource, row.lane)]
        if row.state in GONE:
            names = (row.resource,) if row.is_chosen else None
            return self.book.takeable(row.offer, row.choice, row.lanes, names, by_staff=True, ignore=row)
        if row.state != "held" or row.span[0] <= self.book.now:
            raise Refused
        return [(row.resource, row.lane)]

    def confirmed(self, row, record, places):
        """Take note that a row was confirmed."""
        if row.state != "confirmed":
            values = {"state": "confirmed", "expires": None, "holder": None, "trouble": None}
            self.settle(row, record, places, "confirmed", **values)

    def take_money(self, row):
        """Confirm a row, or keep it for a new time; what is over stays over."""
        record = self.record(row)
        was_over = row.state in ("done", "no_show")
        try:
            places = self.predict_confirmed(row)
        except Refused:
            places = None
        is_kept = record._confirm_or_park(now=self.now)
        assert is_kept == (places is not None or was_over)
        if places is not None:
            self.confirmed(row, record, places)
        elif not was_over:
            if row.state == "held":
                self.book.give_up(row, "expired")
            row.trouble = "late"
