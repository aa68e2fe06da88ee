from datetime import datetime

from freezegun import freeze_time
from lxml import etree
from psycopg2.errors import ExclusionViolation

from odoo.exceptions import UserError
from odoo.tests import Form
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import HOUR, NINE, FieldCase


class TestGround(FieldCase):
    """Customer, unit and cost of a job; sites; equipment; what is shown."""

    def create_van(self, name="Van 1", owner=None, **values):
        """Return a customer's van."""
        owner = owner or self.customer
        return self.env["fsm.equipment"].create({"name": name, "owned_by_id": owner.id, **values})

    def test_customer_unit_cost(self):
        """A job has its customer, unit and cost stored, to be searched; the unit is among its equipment."""
        van, other = self.create_van("Van 1"), self.create_van("Van 2")
        depot = self.env["res.partner"].create({"name": "Depot", "parent_id": self.customer.id})
        self.site.owner_id = depot
        job = self.create_job(equipment_ids=(van | other).ids, cost=120.0)
        self.assertEqual((job.partner_id, job.equipment_id), (self.customer, van))
        job.equipment_id = self.create_van("Van 3")
        self.assertEqual(len(job.equipment_ids), 3)
        found = self.env["fsm.order"].search(
            [("partner_id", "=", self.customer.id), ("cost", ">=", 100), ("cost", "<=", 150)]
        )
        self.assertEqual(found, job)

    def test_equipment_names(self):
        """Two customers may have the same, one may not have it twice."""
        other = self.env["res.partner"].create({"name": "Other Fleet"})
        self.create_van("AL80")
        self.create_van("AL80", other)
        self.create_van("AL80", serial_number="2")
        with self.assertRaises(ExclusionViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.create_van("AL80")

    def test_site_is_an_address(self):
        """A site is made as the customer's address; he and his other addresses stay what they are."""
        billing = self.env["res.partner"].create({"name": "Billing", "parent_id": self.customer.id, "type": "invoice"})
        self.customer.write({"street": "1 Quay", "partner_latitude": 46.7, "partner_longitude": -92.1})
        site = self.env["fsm.location"].browse(self.customer.action_fsm_convert_to_location()["res_id"])
        self.assertEqual((site.owner_id, site.partner_id.parent_id), (self.customer, self.customer))
        self.assertEqual((site.street, site.partner_id.type, site.partner_latitude), ("1 Quay", "fsm_location", 46.7))
        self.assertEqual((self.customer.type, billing.type), ("contact", "invoice"))

    def test_customer_is_never_converted(self):
        """Neither the type of a contact nor a new site of his turn him into one."""
        with self.assertRaisesRegex(UserError, "Harbour Fleet"):
            self.customer.type = "fsm_location"
        with self.assertRaisesRegex(UserError, "Harbour Fleet"):
            self.env["fsm.location"].create({"partner_id": self.customer.id, "owner_id": self.customer.id})
        address = self.env["res.partner"].create(
            {"name": "Lot 9", "parent_id": self.customer.id, "type": "fsm_location"}
        )
        self.assertEqual(address.fsm_location_ids.owner_id, self.customer)

    def test_filters_in_the_users_zone(self):
        """ "Today" is the user's day: in Auckland it begins at noon UTC (fieldservice: at midnight UTC)."""
        arch = etree.fromstring(self.env["fsm.order"].get_view(view_type="search")["arch"])
        domain = safe_eval(arch.xpath("//filter[@name='order_today']/@domain")[0])
        self.env.user.tz = "Pacific/Auckland"  # UTC+13 in October
        evening = self.create_job(datetime(2031, 10, 20, 11, 30))
        morning = self.create_job(datetime(2031, 10, 19, 10, 30))
        with freeze_time("2031-10-20 01:00:00"):  # the 20th at two in the afternoon there
            found = self.env["fsm.order"].search([*domain, ("id", "in", (evening | morning).ids)])
        self.assertEqual(found, self.create_job().browse())
        inside = self.create_job(datetime(2031, 10, 19, 11, 0))
        with freeze_time("2031-10-20 01:00:00"):
            found = self.env["fsm.order"].search([*domain, ("id", "in", (evening | morning | inside).ids)])
        self.assertEqual(found, inside)

    def test_form(self):
        """The form makes a job with customer, unit, technician and time."""
        van = self.create_van()
        self.env.user.group_ids += self.env.ref("fieldservice.group_fsm_equipment")
        with Form(self.env["fsm.order"]) as form:
            form.location_id = self.site
            form.equipment_id = van
            form.person_id = self.maria
            form.scheduled_date_start = NINE
            form.scheduled_duration = 1.5
        job = form.save()
        self.assertEqual((job.partner_id, job.equipment_ids), (self.customer, van))
        self.assert_time(job, self.maria, NINE, NINE + 1.5 * HOUR)

    def test_skilled_workers(self):
        """Who can do a job: right for several jobs at once, in few queries."""
        kind = self.env["hr.skill.type"].create(
            {
                "name": "Glass",
                "skill_ids": [(0, 0, {"name": "Glass I"}), (0, 0, {"name": "Glass II"})],
                "skill_level_ids": [(0, 0, {"name": "Good", "level_progress": 80, "default_level": True})],
            }
        )
        one, two = kind.skill_ids
        for person, skills in ((self.maria, one | two), (self.tom, one)):
            person.skill_ids = [
                (0, 0, {"skill_id": skill.id, "skill_type_id": kind.id, "skill_level_id": kind.skill_level_ids.id})
                for skill in skills
            ]
        easy, hard = self.create_job(skill_ids=one.ids), self.create_job(skill_ids=(one | two).ids)
        (easy | hard).invalidate_recordset()
        (easy | hard).mapped("skill_worker_ids")
        self.assertEqual((easy.skill_worker_ids, hard.skill_worker_ids), (self.maria | self.tom, self.maria))


class TestTechnician(FieldCase):
    """A technician: his resource follows him; what he has done is measured."""

    def test_archived_can_be_read(self):
        """An archived technician is found by who asks for him, not by others, and his changes are tracked."""
        job = self.create_job(None, self.tom)
        self.tom.active = False
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.precommit.run()
        self.assertEqual(job.person_id.name, "Tom")
        people = self.env["fsm.person"]
        self.assertNotIn(self.tom, people.search([]))
        self.assertIn(self.tom, people.with_context(active_test=False).search([]))
        self.assertEqual(self.tom.with_user(self.dispatcher).name, "Tom")

    def test_resource_follows(self):
        """The resource has name, zone, company, user and archiving from the technician."""
        resource = self.maria.resource_id
        self.assertEqual((resource.name, resource.tz, resource.user_id), ("Maria", "UTC", self.user_maria))
        self.user_maria.partner_id.write({"name": "Maria B", "tz": "Europe/Paris"})
        self.assertEqual((resource.name, resource.tz), ("Maria B", "Europe/Paris"))
        self.maria.action_archive()
        self.assertFalse(resource.active)
        self.maria.action_unarchive()
        self.assertTrue(resource.active)

    def test_working_hours(self):
        """Working hours are one thing, the technician's and his resource's."""
        night = self.env["resource.calendar"].create({"name": "Night"})
        ann = self.env["fsm.person"].create({"name": "Ann", "calendar_id": night.id})
        self.assertEqual(ann.resource_id.calendar_id, night)
        self.assertEqual(self.maria.calendar_id, self.company.resource_calendar_id)
        self.maria.calendar_id = night
        self.assertEqual(self.maria.resource_id.calendar_id, night)

    def test_make_technician(self):
        """A user is made a technician once, and stays the contact that he is."""
        user = self._create_user("ann@field", "fieldservice.group_fsm_user_own")
        self.assertEqual(user.with_user(self.boss).sudo().action_make_technician()["res_model"], "fsm.person")
        user.action_make_technician()
        ann = self.env["fsm.person"].search([("partner_id", "=", user.partner_id.id)])
        self.assertEqual((len(ann), ann.name, ann.resource_id.user_id), (1, "Ann", user))

    def test_user_comes_later(self):
        """Who gets a log-in later is known to his resource."""
        bob = self.env["fsm.person"].create({"name": "Bob"})
        user = self.env["res.users"].create({"login": "bob@field", "partner_id": bob.partner_id.id})
        self.assertEqual(bob.resource_id.user_id, user)

    def test_measures(self):
        """Jobs done and their average time: of finished jobs, in a fixed number of queries."""
        closed = self.env.ref("fieldservice_schedule.fsm_stage_closed").id
        for hours in (1, 2):
            self.create_job(person=self.maria, stage_id=closed, date_start=NINE, date_end=NINE + hours * HOUR)
        self.create_job(person=self.maria, stage_id=closed, date_end=NINE)  # nobody recorded the start
        self.create_job(person=self.maria)
        self.assertEqual((self.maria.job_count, self.maria.average_hours), (3, 1.5))
        people = self.maria | self.tom
        people.invalidate_recordset()
        with self.assertQueryCount(1):
            people.mapped("job_count")

    def test_start_of_the_day(self):
        """The day starts at home unless another place is named."""
        self.maria.write({"partner_latitude": 46.5, "partner_longitude": -92.1})
        self.assertAlmostEqual(self.maria.start_latitude, 46.5)
        depot = self.env["res.partner"].create({"name": "Depot", "partner_latitude": 47.0, "partner_longitude": -92.0})
        self.maria.start_partner_id = depot
        self.assertAlmostEqual(self.maria.start_latitude, 47.0)
