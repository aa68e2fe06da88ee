"""Random histories of holds and reservations, step by step against a plain model of the book.

Every run drives the same histories; ``HYPOTHESIS_PROFILE=explore`` looks for new ones, more and longer.
"""

import os
from datetime import timedelta
from unittest.mock import patch

from book_model import CLAIMING, DAYS, GONE, MINUTE, WINDOWS, Book, Choice, Offer, Refused, Row, meet
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import instant, wall_text

EXPLORING = os.environ.get("HYPOTHESIS_PROFILE") == "explore"
SETTINGS = settings(
    max_examples=2000 if EXPLORING else 60,
    stateful_step_count=60 if EXPLORING else 35,
    derandomize=not EXPLORING,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    print_blob=EXPLORING,
    suppress_health_check=list(HealthCheck),
)

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


class BookMachine(RuleBasedStateMachine):
    """Does the same to the addon and to the model, and compares them after each step."""

    leaves = Bundle("leaves")
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

    # -- Taking time ----------------------------------------------------------------------------

    def add(self, record, places, kind, **values):
        """Add the row of a new record, which must lie on one of the free places."""
        row = Row(id=record.id, resource="", lane=0, revision=-1, **values)
        self.book.rows.append(row)
        self.settle(row, record, places, kind)

    @initialize(
        minutes=st.sampled_from([0, 50, 70, 125]),
        holds=st.lists(st.tuples(offers, choices, holders), min_size=2, max_size=4),
    )
    def begin(self, minutes, holds):
        """Begin at some time of the morning with a few holds."""
        self.book.now += minutes * MINUTE
        for offer, choice, holder in holds:
            self.hold_again(offer, choice, 1, None, holder)

    @rule(offer=offers, choice=choices, lanes=widths, wish=wishes, holder=holders)
    def hold(self, offer, choice, lanes, wish, holder):
        """Hold a time, for a customer with a bound, for a guest, or for nobody in particular."""
        self.hold_again(offer, choice, lanes, wish, holder)

    @precondition(lambda self: self.book.rows)
    @rule(row=rows, holder=holders)
    def hold_same(self, row, holder):
        """Hold what is or was held before: another tab, another customer."""
        row = self.pick(row)
        self.hold_again(row.offer, row.choice, row.lanes, None, holder or row.holder)

    def hold_again(self, offer, choice, lanes, wish, holder):
        """Hold a time."""
        choice, names = self.choose(offer, choice), self.wish(offer, wish)
        twins = self.book.twins(holder, offer, choice, lanes, names)

        def predict():
            if twins:
                return twins
            if holder and len(self.book.held_by(holder)) >= HOLDERS[holder]:
                raise Refused
            return self.book.takeable(offer, choice, lanes, names)

        both = self.both(
            predict,
            lambda: self.reservations._hold(
                self.offer(offer),
                self.text(choice),
                holder=holder,
                lanes=lanes,
                resources=self.resources(names),
                now=self.now,
            ),
        )
        if not both:
            return
        if twins:
            assert both[1].id in [twin.id for twin in twins]
            return
        self.book.forget_stale(holder)
        until = self.book.hold_until(offer, choice)
        values = {"offer": offer, "choice": choice, "lanes": lanes, "is_chosen": names is not None}
        self.add(both[1], both[0], "held", state="held", expires=until, holder=holder, **values)

    @rule(offer=offers, choice=choices, lanes=widths, wish=wishes, by_staff=st.booleans())
    def book_at_once(self, offer, choice, lanes, wish, by_staff):
        """Book without holding, perhaps over holds that have ended."""
        choice, names = self.choose(offer, choice), self.wish(offer, wish)
        both = self.both(
            lambda: self.book.takeable(offer, choice, lanes, names, by_staff),
            lambda: self.reservations._book(
                self.offer(offer),
                self.text(choice),
                lanes=lanes,
                resources=self.resources(names),
                by_staff=by_staff,
                now=self.now,
            ),
        )
        if both:
            values = {"offer": offer, "choice": choice, "lanes": lanes, "is_chosen": names is not None}
            self.add(both[1], both[0], "booked", state="confirmed", **values)

    @precondition(lambda self: self.book.rows)
    @rule(row=rows, choice=st.one_of(st.none(), choices), wish=wishes, holder=holders)
    def move_hold(self, row, choice, wish, holder):
        """Choose another time on the way to paying, or the same again after the hold has ended."""
        row = self.pick(row)
        choice = row.choice if choice is None else self.choose(row.offer, choice, row)
        holder, names = holder or row.holder, self.wish(row.offer, wish)

        def predict():
            mine = self.book.held_by(holder, ignore=row)
            if (row.state != "held" and row.state not in GONE) or (holder and len(mine) >= HOLDERS[holder]):
                raise Refused
            return self.book.takeable(row.offer, choice, row.lanes, names, ignore=row)

        record = self.record(row)
        both = self.both(
            predict,
            lambda: (
                record._move_hold(self.text(choice), holder=holder, resources=self.resources(names), now=self.now)
                or True
            ),
        )
        if both:
            self.book.forget_stale(holder, ignore=row)
            until = self.book.hold_until(row.offer, choice)
            values = {"choice": choice, "expires": until, "holder": holder, "is_chosen": names is not None}
            self.settle(row, record, both[0], "held", state="held", trouble=None, **values)

    @precondition(lambda self: self.book.rows)
    @rule(row=rows, choice=choices, wish=wishes, by_staff=st.booleans(), lanes=st.sampled_from([None, None, 1, 2]))
    def reschedule(self, row, choice, wish, by_staff, lanes):
        """Move a hold, a reservation, or one that lost its time."""
        row = self.pick(row)
        choice, names = self.choose(row.offer, choice, row), self.wish(row.offer, wish)
        width = lanes or row.lanes
        is_same = (row.choice, row.lanes) == (choice, width) and row.state in CLAIMING and not row.trouble

        def predict():
            self.check_readable(row.offer, choice)
            if not self.book.may_change(row, by_staff):
                raise Refused
            return is_same or self.book.takeable(row.offer, choice, width, names, by_staff, ignore=row)

        record = self.record(row)
        both = self.both(
            predict,
            lambda: (
                record._reschedule(
                    self.text(choice), resources=self.resources(names), lanes=lanes, by_staff=by_staff, now=self.now
                )
                or True
            ),
        )
        if both and not is_same:
            values = {"choice": choice, "lanes": width}
            if row.state == "held":
                values["expires"] = min(row.expires, choice.span(row.offer)[0])
            else:
                values["state"] = "confirmed"
            self.settle(row, record, both[0], "rescheduled", trouble=None, **values)

    def check_readable(self, offer, choice):
        """A window that the offer does not have cannot even be read."""
        if choice.window and not offer.windows:
            raise Refused

    @precondition(lambda self: self.book.rows)
    @rule(row=rows, lanes=widths)
    def resize(self, row, lanes):
        """Take more or fewer places at the same time."""
        row = self.pick(row)
        idle = row.state not in CLAIMING or lanes == row.lanes

        def predict():
            if idle:
                return True
            names = [row.resource] if row.is_chosen else None
            places = self.book.free(row.offer, row.choice, lanes, names, ignore=row)
            if lanes < row.lanes:
                places.append((row.resource, row.lane))
            if not places:
                raise Refused
            return places

        record = self.record(row)
        both = self.both(predict, lambda: record._resize(lanes) or True)
        if both and not idle:
            place, before = self.place_of(record), row.resource
            assert place in both[0]
            self.book.settle(row, place, lanes=lanes)
            if place[0] != before:
                self.book.change(row, "resized")

    # -- The ends of a hold ---------------------------------------------------------------------

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

    @precondition(lambda self: self.book.rows)
    @rule(row=rows)
    def confirm(self, row):
        """Confirm a hold: in time, late, twice."""
        row = self.pick(row)
        record = self.record(row)
        both = self.both(lambda: self.predict_confirmed(row), lambda: record._confirm(now=self.now) or True)
        if both:
            self.confirmed(row, record, both[0])

    @precondition(lambda self: self.book.rows)
    @rule(row=rows)
    def confirm_or_park(self, row):
        """The money is there: it is confirmed, or kept for a new time; what is over stays over."""
        row = self.pick(row)
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
        elif not was_over and row.trouble != "late":
            if row.state == "held":
                self.book.give_up(row, "expired")
            row.trouble = "late"

    @precondition(lambda self: self.book.rows)
    @rule(row=rows)
    def release(self, row):
        """Give a hold up."""
        row = self.pick(row)

        def predict():
            if row.state != "held" and row.state not in GONE:
                raise Refused
            return True

        record = self.record(row)
        if self.both(predict, lambda: record._release() or True) and row.state == "held":
            self.book.give_up(row, "released")

    @rule()
    def expire_by_cron(self):
        """The five minutes' hygiene."""
        self.reservations._cron_expire_holds()
        for row in self.book.rows:
            if row.state == "held" and not self.book.is_live(row):
                self.book.give_up(row, "expired")

    # -- The ends of a reservation --------------------------------------------------------------

    @precondition(lambda self: self.book.rows)
    @rule(row=rows, by_staff=st.booleans())
    def cancel(self, row, by_staff):
        """Cancel, also twice, also too late; what was only held is released."""
        row = self.pick(row)

        def predict():
            if row.state != "cancelled" and not self.book.may_change(row, by_staff):
                raise Refused
            return True

        record = self.record(row)
        both = self.both(predict, lambda: record._cancel(by_staff=by_staff, now=self.now) or True)
        if both and row.state != "cancelled":
            self.book.give_up(row, "released" if row.state == "held" else "cancelled")

    @precondition(lambda self: self.book.rows)
    @rule(row=rows)
    def complete(self, row):
        """Serve the customer."""
        row = self.pick(row)
        self.record(row)._complete()
        if row.state == "confirmed":
            self.book.give_up(row, "done")

    @precondition(lambda self: self.book.rows)
    @rule(row=rows)
    def no_show(self, row):
        """Mark that nobody came."""
        row = self.pick(row)

        def predict():
            if row.span[0] > self.book.now or row.state not in ("confirmed", "no_show"):
                raise Refused
            return True

        record = self.record(row)
        if self.both(predict, lambda: record._no_show(now=self.now) or True) and row.state == "confirmed":
            self.book.give_up(row, "no_show")

    @precondition(lambda self: self.book.rows)
    @rule(row=rows)
    def arrive(self, row):
        """He came after all."""
        row = self.pick(row)

        def predict():
            lanes = set(range(row.lane, row.lane + row.lanes))
            if row.state == "no_show" and lanes & self.book.taken(row.resource, row.blocked):
                raise Refused
            return True

        record = self.record(row)
        if self.both(predict, lambda: record._record_arrival() or True) and row.state == "no_show":
            self.settle(row, record, [(row.resource, row.lane)], "arrived", state="confirmed")

    # -- What happens around them ---------------------------------------------------------------

    @rule(seconds=st.sampled_from([1, 60, 300, 600, 900, 901, 3600]))
    def wait(self, seconds):
        """Let time pass."""
        self.book.now += seconds

    @precondition(lambda self: any(row.expires and row.expires > self.book.now for row in self.book.rows))
    @rule(early=st.sampled_from([0, 0, 1]))
    def wait_for_expiry(self, early):
        """Let time pass until the very second in which the next hold ends, or the one before."""
        until = min(row.expires for row in self.book.rows if row.expires and row.expires > self.book.now)
        self.book.now = max(self.book.now, until - early)

    @precondition(lambda self: self.coming())
    @rule(late=st.sampled_from([-600, 0, 1, 60, 1200]))
    def wait_for_the_next(self, late):
        """Let time pass until shortly before or after the next reservation begins."""
        self.book.now = max(self.book.now, min(self.coming()) + late)

    def coming(self):
        """Return when the reservations begin that have not begun."""
        starts = [row.span[0] for row in self.book.rows if row.state in CLAIMING]
        return [start for start in starts if start > self.book.now]

    @rule(
        target=leaves,
        who=st.sampled_from(["maria", "tom", "pool", None]),
        day=st.sampled_from(sorted(DAYS)),
        first=st.sampled_from([0, 480, 540, 570]),
        length=st.sampled_from([30, 60, 1440]),
    )
    def leave(self, who, day, first, length):
        """Somebody is ill, a machine breaks, or the shop is closed."""
        span = DAYS[day] + first * MINUTE, DAYS[day] + (first + length) * MINUTE
        values = {
            "name": "Away",
            "resource_id": self.case.resource_ids.get(who, False),
            "calendar_id": False if who else self.case.point.calendar_id.id,
            "date_from": timing.to_field(span[0]),
            "date_to": timing.to_field(span[1]),
        }
        leave = self.env["resource.calendar.leaves"].create(values)
        self.book.away[leave.id] = (who, span)
        self.book.review(lambda row: who in (None, row.resource) and meet(row.span, span))
        return leave.id

    @rule(leave=leaves)
    def come_back(self, leave):
        """A leave is called off."""
        if leave in self.book.away:
            who, span = self.book.away.pop(leave)
            self.env["resource.calendar.leaves"].browse(leave).unlink()
            self.book.review(lambda row: who in (None, row.resource) and meet(row.span, span))

    @rule(places=st.sampled_from([1, 2, 3, 4]))
    def change_places(self, places):
        """The pool grows or shrinks; what was promised stays."""
        self.env["resource.resource"].browse(self.case.resource_ids["pool"]).lane_count = places
        self.book.places["pool"] = places
        self.book.review(lambda row: row.resource == "pool")

    @rule()
    def review_by_cron(self):
        """The review of all promises, for what the changes themselves could not see."""
        self.reservations._cron_review_trouble()
        self.book.review(lambda row: True)

    @precondition(lambda self: self.book.rows)
    @rule(row=rows, wish=wishes)
    def reassign(self, row, wish):
        """Somebody else does it, or another place of the same; who paid too late gets his time after all."""
        row = self.pick(row)
        names = self.wish(row.offer, wish)

        def predict():
            if row.trouble == "late":
                return self.predict_confirmed(row)
            if row.state != "confirmed":
                raise Refused
            others = [name for name in names or row.offer.resources if row.trouble == "place" or name != row.resource]
            return self.book.takeable(row.offer, row.choice, row.lanes, others, by_staff=True, ignore=row)

        record = self.record(row)
        both = self.both(predict, lambda: record._reassign(self.resources(names), now=self.now) or True)
        if both and row.trouble == "late":
            self.confirmed(row, record, both[0])
        elif both:
            self.settle(row, record, both[0], "reassigned", trouble=None)

    # -- What must hold -------------------------------------------------------------------------

    @rule(offer=offers, lanes=widths, wish=wishes, by_staff=st.booleans())
    def look(self, offer, lanes, wish, by_staff):
        """What is offered is what can be booked, and nothing else."""
        names = self.wish(offer, wish)
        shown = self.offer(offer).get_availability(
            fields.Date.to_date("2026-10-20"),
            fields.Date.to_date("2026-10-21"),
            resources=self.resources(names),
            lanes=lanes,
            by_staff=by_staff,
            now=self.now,
        )
        codes = {window: code for code, window in self.case.window_ids.items()}
        seen = {(slot.start, slot.stop, codes.get(slot.key)): slot.places for slot in shown}
        free = self.book.choices(offer, lanes, names, by_staff)
        assert seen == {(*choice.span(offer), choice.window): places for choice, places in free.items()}

    @invariant()
    def check_all(self):
        """Each step is a transaction, and after it all holds."""
        self.env.cr.precommit.run()
        self.env.flush_all()
        self.check_same_rows()
        self.check_no_overlap()
        self.check_holds_end_in_time()
        self.check_history()

    def check_same_rows(self):
        """The database and the model have the same reservations in the same states on the same places."""
        self.env.cr.execute(
            """SELECT id, state, resource_id, lane, lanes, date_part('epoch', start)::bigint,
                      date_part('epoch', stop)::bigint, date_part('epoch', blocked_start)::bigint,
                      date_part('epoch', blocked_stop)::bigint, date_part('epoch', expires_at)::bigint, holder, trouble,
                      window_id, coalesce(revision, 0)
                 FROM service_reservation WHERE offer_id = ANY(%s) ORDER BY id""",
            [list(self.case.offer_ids.values())],
        )
        assert self.env.cr.fetchall() == [
            (
                row.id,
                row.state,
                self.case.resource_ids[row.resource],
                row.lane,
                row.lanes,
                *row.span,
                *row.blocked,
                row.expires,
                row.holder,
                row.trouble,
                self.case.window_ids.get(row.choice.window),
                row.revision,
            )
            for row in self.book.rows
        ]

    def check_no_overlap(self):
        """No two claims meet on a place, ended holds that nobody has cleared away included."""
        claims = [row for row in self.book.rows if row.state in CLAIMING]
        for index, row in enumerate(claims):
            for other in claims[:index]:
                shared = set(range(row.lane, row.lane + row.lanes)) & set(range(other.lane, other.lane + other.lanes))
                assert not (row.resource == other.resource and shared and meet(row.blocked, other.blocked))

    def check_holds_end_in_time(self):
        """A hold never outlasts the time that it keeps."""
        assert all(row.expires <= row.span[0] for row in self.book.rows if row.state == "held")

    def check_history(self):
        """No row of history ever changes; they tell what happened, in order, and end where the reservation is."""
        self.env.cr.execute(
            """SELECT reservation_id, id, kind, revision, user_id, reason, from_start, from_stop, from_window_id,
                      from_resource_id, to_start, to_stop, to_window_id, to_resource_id
                 FROM service_reservation_change WHERE reservation_id = ANY(%s) ORDER BY id""",
            [[row.id for row in self.book.rows]],
        )
        histories = {}
        for reservation, *change in self.env.cr.fetchall():
            histories.setdefault(reservation, []).append(tuple(change))
        for row in self.book.rows:
            history, before = histories[row.id], self.histories.get(row.id, [])
            assert history[: len(before)] == before
            assert [change[1] for change in history if change[1] != "trouble"] == row.kinds
            revisions = [change[2] for change in history if change[1] != "trouble"]
            assert revisions == sorted(set(revisions)) and revisions[-1] == row.revision
            self.check_chain(history)
        self.histories = histories

    def check_chain(self, history):
        """Each change begins where the one before it ended; who has given up his time stays where he was."""
        place = None
        for change in history:
            before, after = change[5:9], change[9:13]
            assert place is None or before == place
            place = after if after[0] else before


@tagged("post_install", "-at_install", "standard")
class TestBookStateful(TransactionCase):
    """A shop in New York with Maria, Tom and a pool of three."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env["base"].with_context(tracking_disable=True).env
        cls.point = cls.env["service.point"].create(
            {"name": "Stateful", "tz": "America/New_York", "hold_limit": 3, "guest_hold_limit": 2}
        )
        cls.zone = cls.point._get_zone()
        cls.window_ids = {window.code: window.id for window in cls.point.window_ids}
        cls.resource_ids = {name: cls._make_resource(name, count).id for name, count in PLACES.items()}
        cls.names = {number: name for name, number in cls.resource_ids.items()}
        cls.offer_ids = {offer.name: cls._make_offer(offer).id for offer in OFFERS}

    @classmethod
    def _make_resource(cls, name, count):
        kind = "user" if count == 1 else "material"
        values = {"name": name, "resource_type": kind, "calendar_id": False, "tz": cls.point.tz, "lane_count": count}
        return cls.env["resource.resource"].create(values)

    @classmethod
    def _make_offer(cls, offer):
        return cls.env["service.offer"].create(
            {
                "name": offer.name,
                "point_id": cls.point.id,
                "resource_ids": [(6, 0, [cls.resource_ids[name] for name in offer.resources])],
                "duration_minutes": offer.duration,
                "step_minutes": offer.step,
                "buffer_before_minutes": offer.before,
                "buffer_after_minutes": offer.after,
                "lead_minutes": offer.lead,
                "cutoff_minutes": offer.cutoff,
                "hold_minutes": offer.hold,
                "allow_windows": offer.windows,
                "horizon_days": 0,
            }
        )

    def test_random_histories(self):
        """Whatever happens in whatever order, the addon and a plain model of the book agree after each step."""
        BookMachine.case = self
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kwargs: timedelta.max):
            run_state_machine_as_test(BookMachine, settings=SETTINGS)
