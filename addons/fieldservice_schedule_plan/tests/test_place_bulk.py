from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.fieldservice_schedule_dispatch.tests.common import DispatchCase

from .test_place import NINE

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestPlaceBulk(DispatchCase):
    """Many visits are placed together."""

    def create_visits(self, count, days=2):
        """Return so many short visits at sites of their own, spread over days; nobody has them."""
        sites = self.env["fsm.location"].create(
            [{"name": f"Lot {number}", "owner_id": self.customer.id, "tz": "UTC"} for number in range(count)]
        )
        sites.partner_id.write({"partner_latitude": 28.5, "partner_longitude": -81.4})
        moments = [NINE + number % days * DAY for number in range(count)]
        return self.env["fsm.order"].create(
            [
                {
                    "location_id": site.id,
                    "scheduled_date_start": moment,
                    "scheduled_duration": 0.25,
                    "occurrence_date": moment.date(),
                    "due_start": moment,
                }
                for site, moment in zip(sites, moments, strict=True)
            ]
        )

    def count_queries(self, count):
        """Return the queries that placing takes, with everything that follows from it before the commit."""
        visits = self.create_visits(count)
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        visits._place()
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(len(visits.filtered("person_id")), count, visits.mapped("placement_problem"))
        return self.cr.sql_log_count - before

    def test_constant_queries(self):
        """Thirty visits take no more queries than six, but for a few of a second technician who gets some."""
        self.count_queries(6)  # what is made once, and caches
        few = self.count_queries(6)
        self.assertLessEqual(self.count_queries(30), few + 10)

    def test_what_is_written_down(self):
        """Each visit says to whom it was given and for when."""
        visits = self.create_visits(2)
        visits._place()
        for visit in visits:
            note = visit.message_ids[0].body
            self.assertIn(visit.person_id.name, note)
            self.assertIn("9:00", note)

    def test_one_cannot_be(self):
        """What cannot be given to its technician says why; those beside it get theirs, also of the same day.

        Between looking and writing he goes on leave for the second day.
        """
        visits = self.create_visits(4)
        plan = {
            visit: (self.maria, visit.due_start + number // 2 * DAY / 24, 0.25) for number, visit in enumerate(visits)
        }
        self.create_leave(NINE + DAY - DAY / 8, NINE + DAY + DAY / 48, person=self.maria)
        failures = self.env["fsm.dispatch"]._assign(plan)
        self.assertEqual(list(failures), [visits[1]])
        self.assertIn("Dentist", failures[visits[1]])
        self.assertEqual((visits - visits[1]).person_id, self.maria)
        self.assertFalse(visits[1].person_id)
        for visit in visits - visits[1]:
            self.assert_time(visit, self.maria, visit.scheduled_date_start, visit.scheduled_date_end)
        self.assert_time(visits[1])
