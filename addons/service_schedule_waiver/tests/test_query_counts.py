from datetime import timedelta

from odoo.tests import freeze_time, tagged

from .common import DAY, ON_THE_DAY, WaiverCase


@tagged("post_install", "-at_install")
class TestQueryCounts(WaiverCase):
    def count_queries(self, function):
        """Return how many queries ``function`` makes with cold records."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        return self.env.cr.sql_log_count - before

    def test_lists_do_not_ask_more_for_more(self):
        """The staff's list, the customer's list and the filters ask as often for twelve reservations as for three."""
        point_days = [DAY + timedelta(days=number) for number in (0, 1, 2)]
        few = self.reservation.union(*(self.book(self.window_on(self.afternoon, day)) for day in point_days))
        more = self.reservation.union(
            *(self.book(self.window_on(window, day)) for day in point_days for window in (self.evening, self.morning))
        )
        for reservation in few[-1:] | more[1:4]:
            with freeze_time(ON_THE_DAY + timedelta(days=5)):
                self.sign(reservation, now=None)
        names = ["waiver_state", "waiver_label", "is_waiver_open"]
        technician = self.env["service.reservation"].with_user(self.technician)

        def read(records):
            return lambda: technician.browse(records.ids).read(names)

        def page(limit):
            mine = self.env["service.reservation"].with_user(self.technician)
            domain = [("id", "in", (few | more).ids)]
            found = mine.sudo().search(domain, limit=limit)
            return lambda: [row._prepare_portal_waiver_row() for row in found]

        read(few)(), page(2)()
        self.assertEqual(self.count_queries(read(few | more)), self.count_queries(read(few)))
        self.assertEqual(self.count_queries(page(10)), self.count_queries(page(4)))
        found = []
        queries = self.count_queries(lambda: found.append(technician.search([("waiver_state", "=", "missing")])))
        self.assertLessEqual(queries, 2)
        self.assertIn(self.reservation, found[0])
