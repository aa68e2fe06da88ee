"""Steps of the random histories that end a hold or a reservation, well or not."""

from book_bench import BookBench, rows
from book_model import GONE, Refused
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule


class EndSteps(BookBench):
    """Confirming, expiring, cancelling, serving, and who did not come."""

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
        """The money is there."""
        self.take_money(self.pick(row))

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
            is_hold = row.state == "held" and row.trouble != "late"
            self.book.give_up(row, "released" if is_hold else "cancelled")

    @precondition(lambda self: self.has("confirmed"))
    @rule(row=rows)
    def complete(self, row):
        """Serve the customer."""
        row = self.pick(row)
        self.record(row)._complete()
        if row.state == "confirmed":
            self.book.give_up(row, "done")

    @precondition(lambda self: any(row.span[0] <= self.book.now for row in self.book.rows))
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

    @precondition(lambda self: self.has("no_show"))
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
