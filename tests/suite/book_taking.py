"""Steps of the random histories that take time, or another time."""

from book_bench import HOLDERS, BookBench, choices, holders, offers, rows, widths, wishes
from book_model import CLAIMING, GONE, MINUTE, Refused
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule


class TakingSteps(BookBench):
    """Holding, booking, moving, growing."""

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
    @rule(row=rows, holder=holders, is_there=st.booleans())
    def hold_same(self, row, holder, is_there):
        """Hold what is or was held before, also on the same resource: another tab, another customer."""
        row = self.pick(row)
        self.hold_again(row.offer, row.choice, row.lanes, self.where(row) if is_there else None, holder or row.holder)

    def where(self, row):
        """Return the wish for the resource that a row has."""
        return row.offer.resources.index(row.resource)

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

    @precondition(lambda self: self.holds())
    @rule(row=rows)
    def lose_a_hold(self, row):
        """A hold ends, somebody else takes its place, and the money comes afterwards."""
        row = self.holds()[row % len(self.holds())]
        self.book.now = max(self.book.now, row.expires)
        self.hold_again(row.offer, row.choice, row.lanes, self.where(row), None)
        self.take_money(row)

    def holds(self):
        """Return the rows that are held."""
        return [row for row in self.book.rows if row.state == "held"]

    @precondition(lambda self: self.book.rows)
    @rule(row=rows, choice=st.one_of(st.none(), choices), wish=wishes, holder=holders)
    def move_hold(self, row, choice, wish, holder):
        """Choose another time on the way to paying, or the same again after the hold has ended."""
        row = self.pick(row)
        choice = row.choice if choice is None else self.choose(row.offer, choice, row)
        self.move_hold_to(row, choice, self.wish(row.offer, wish), holder or row.holder)

    @precondition(lambda self: self.parked())
    @rule(row=rows, choice=choices)
    def lose_it_again(self, row, choice):
        """What was paid too late is held anew, and that hold ends as well."""
        row = self.parked()[row % len(self.parked())]
        self.move_hold_to(row, self.choose(row.offer, choice, row), None, row.holder)
        if row.state == "held":
            self.book.now = row.expires
            self.expire_by_cron()

    def parked(self):
        """Return the rows that were paid too late and wait for a new time."""
        return [row for row in self.book.rows if row.trouble == "late"]

    def move_hold_to(self, row, choice, names, holder):
        """Hold another time instead."""

        def predict():
            mine = self.book.held_by(holder, ignore=row)
            if (row.state != "held" and row.state not in GONE) or (holder and len(mine) >= HOLDERS[holder]):
                raise Refused
            return self.book.takeable(row.offer, choice, row.lanes, names, ignore=row)

        record = self.record(row)
        both = self.both(
            predict,
            lambda: (
                # anew: how long a booking may be held in all has tests of its own, and is reckoned by the real clock
                record._move_hold(
                    self.text(choice), holder=holder, resources=self.resources(names), anew=True, now=self.now
                )
                or True
            ),
        )
        if both:
            self.book.forget_stale(holder, ignore=row)
            until = self.book.hold_until(row.offer, choice)
            values = {"choice": choice, "expires": until, "holder": holder, "is_chosen": names is not None}
            self.settle(row, record, both[0], "held", state="held", **values)

    @precondition(lambda self: self.book.rows)
    @rule(row=rows, choice=choices, wish=wishes, by_staff=st.booleans(), lanes=st.sampled_from([None, None, 1, 2]))
    def reschedule(self, row, choice, wish, by_staff, lanes):
        """Move a hold, a reservation, or one that lost its time."""
        row = self.pick(row)
        self.reschedule_to(row, self.choose(row.offer, choice, row), self.wish(row.offer, wish), by_staff, lanes)

    @precondition(lambda self: self.holds())
    @rule(row=rows)
    def hurry(self, row):
        """Move a hold to the first time there is, two minutes before it begins."""
        row = self.holds()[row % len(self.holds())]
        choice = self.choose(row.offer, 0, row)
        close = choice.span(row.offer)[0] - 2 * MINUTE
        if self.book.now < close < row.expires:
            self.book.now = close
        self.reschedule_to(row, choice, None, True, None)

    def reschedule_to(self, row, choice, names, by_staff, lanes):
        """Move a row."""
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
            if row.state == "held" and row.trouble != "late":
                values["expires"] = min(row.expires, choice.span(row.offer)[0])
            else:
                values |= {"state": "confirmed", "expires": None, "holder": None}
            self.settle(row, record, both[0], "rescheduled", trouble=None, **values)

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
