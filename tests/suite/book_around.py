"""Steps of the random histories in which something happens around the reservations."""

from book_bench import BookBench, rows, wishes
from book_model import CLAIMING, DAYS, MINUTE, Refused, meet
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, precondition, rule

from odoo.addons.service_schedule import timing


class AroundSteps(BookBench):
    """The clock, leaves, places, and what the staff do about it."""

    leaves = Bundle("leaves")

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

    @precondition(lambda self: self.has("confirmed") or any(row.trouble for row in self.book.rows))
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
