"""The report of utilisation on work at the customers' places."""

from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.fieldservice_schedule.tests.common import FieldCase


@tagged("post_install", "-at_install", "standard")
class TestFieldReport(FieldCase):
    """Available hours of technicians, who are on no offer of a shop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.work = cls.env["service.point"]._get_field_work_offer(cls.company).point_id
        cls.maria.calendar_id = cls.env["resource.calendar"].create({"name": "Eight hours", "tz": "UTC"})
        monday = cls.work._get_today()
        cls.monday = monday + timedelta(days=7 - monday.weekday())

    def read_hours(self, points):
        """Return Maria's available hours on the coming Monday: one number a service point."""
        points._refresh_capacity()
        capacity = self.env["service.capacity"].sudo()
        found = capacity.search([("resource_id", "=", self.maria.resource_id.id), ("date", "=", self.monday)])
        return {row.point_id: row.available_hours for row in found}

    def test_technician(self):
        """A technician has her hours ahead, though the service point of field work is hidden."""
        self.assertEqual(self.read_hours(self.work), {self.work: 8})

    def test_no_technician(self):
        """Who is a technician no more has no hours ahead."""
        self.maria.active = False
        self.assertEqual(self.read_hours(self.work), {})

    def test_shared(self):
        """A technician who can be booked in a shop as well has each hour once."""
        calendar = self.maria.calendar_id.copy()
        shop = self.env["service.point"].create({"name": "Shop", "tz": "UTC", "calendar_id": calendar.id})
        self.env["service.offer"].create(
            {"name": "Advice", "point_id": shop.id, "resource_ids": [(6, 0, self.maria.resource_id.ids)]}
        )
        hours = self.read_hours(self.work | shop)
        self.assertEqual(set(hours), {self.work, shop})
        self.assertEqual(sum(hours.values()), 8)

    # ------------------------------------------------------------------
    # What it costs
    # ------------------------------------------------------------------

    def create_technicians(self, count, shop_count):
        """Return the resources of new technicians with hours of their own, who can be booked in so many shops, too."""
        hours = self.env["resource.calendar"].create([{"name": f"Own {one}", "tz": "UTC"} for one in range(count)])
        persons = self.env["fsm.person"].create(
            [{"name": f"Technician {one}", "calendar_id": own.id, "tz": "UTC"} for one, own in enumerate(hours)]
        )
        persons._create_missing_resources()
        shops = self.env["service.point"].create([{"name": f"Shop {one}", "tz": "UTC"} for one in range(shop_count)])
        self.env["service.offer"].create(
            [
                {
                    "name": "Advice",
                    "point_id": shop.id,
                    "resource_ids": [(6, 0, persons.resource_id[number::shop_count].ids)],
                }
                for number, shop in enumerate(shops)
            ]
        )
        return persons.resource_id

    def count_queries(self, work):
        """Return how many queries ``work`` makes from cold records."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_of_bookable_at(self):
        """Where technicians can be booked is read in the same queries for one as for thirty in ten shops."""
        few, many = self.create_technicians(1, 1), self.create_technicians(30, 10)
        found = self.work._get_bookable_at(many)
        self.assertEqual({len(points) for points in found.values()}, {2})
        counts = [self.count_queries(lambda who=who: self.work._get_bookable_at(who)) for who in (few, many)]
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 8)

    def test_queries_of_refresh(self):
        """Available hours of one technician and a week cost the same as of thirty and a year; all share a shop."""

        def refresh(days):
            last_day = self.monday + timedelta(days=days)
            self.env["service.capacity"]._refresh(self.work, first_day=self.monday, last_day=last_day)

        shared = self.create_technicians(1, 1)
        refresh(1)  # rights and defaults into the registry's caches
        few = self.count_queries(lambda: refresh(7))
        more = self.create_technicians(30, 0)
        self.env["service.offer"].search([("resource_ids", "in", shared.ids)]).resource_ids |= more
        self.assertEqual({len(points) for points in self.work._get_bookable_at(more).values()}, {2})
        self.assertEqual(self.count_queries(lambda: refresh(365)), few)
