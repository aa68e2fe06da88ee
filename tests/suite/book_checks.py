"""What must hold after each step of the random histories."""

from book_bench import BookBench, offers, widths, wishes
from book_model import CLAIMING, meet
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from odoo import fields


class Checks(BookBench):
    """The addon and the model agree: on what is offered, on all rows, and on their history."""

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
