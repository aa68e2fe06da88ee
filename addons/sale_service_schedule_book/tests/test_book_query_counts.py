from odoo.tests import tagged

from .book_common import BookCase


@tagged("post_install", "-at_install")
class TestBookQueryCounts(BookCase):
    """What the pages ask the database does not grow with what there is."""

    def count(self, call):
        """Return how many queries a call takes: records cold, the registry's caches warm."""
        counts = []
        for _run in range(3):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            call()
            counts.append(self.env.cr.sql_log_count - before)
        return min(counts)

    def test_catalogue(self):
        """The list of services: as many queries for three offers, two of them possible now, as for thirty."""

        def add(count):
            for number in range(count):
                values = {"allow_windows": False, "resource_ids": self.maria.ids, "allow_now": bool(number % 2)}
                self.create_product(f"Service {number}", self.create_offer(f"Service {number}", self.point, **values))

        booking = self.env["service.booking"]
        add(2)
        few = self.count(booking._get_catalogue)
        add(28)
        self.assertEqual(self.count(booking._get_catalogue), few)
        self.assertLess(few, 40)

    def test_picker(self):
        """Who and when: as many queries for two people and no bookings as for twenty people and their bookings."""
        booking = self.env["service.booking"]
        post = {"month": f"{self.day:%Y-%m}", "go": f"day:{self.day.isoformat()}"}

        def show():
            return booking._get_picker_values(self.offer, post)

        few = self.count(show)
        people = self.env["resource.resource"].create(
            [{"name": f"Person {number}", "resource_type": "user", "tz": self.point.tz} for number in range(18)]
        )
        people.calendar_id = self.point.calendar_id
        self.offer.resource_ids += people
        for slot in self.offer.get_picker_days(self.day, self.day)[self.day.isoformat()]:
            self.env["service.reservation"]._book(self.offer, slot["choice"])
        self.assertEqual(self.count(show), few)
        self.assertLess(few, 40)

    def test_details(self):
        """The details: as many queries for one question as for twenty."""
        hold = self.hold()
        booking = self.env["service.booking"]

        def ask(count):
            self.env["service.offer.question"].create(
                [
                    {"offer_id": self.offer.id, "name": f"Question {number}", "kind": "choice", "choices": "A\nB"}
                    for number in range(count)
                ]
            )

        ask(1)
        few = self.count(lambda: booking._get_details_values(hold))
        ask(19)
        self.assertEqual(self.count(lambda: booking._get_details_values(hold)), few)
