from datetime import datetime, timedelta

from odoo.tests import TransactionCase, new_test_user

HOUR = timedelta(hours=1)
NINE = datetime(2031, 10, 20, 9, 0)
"""A Monday, UTC."""


class FieldCase(TransactionCase):
    """A windshield firm with two technicians, Maria and Tom, and a customer with a lot and two vans."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.tz = "UTC"
        cls.company = cls.env.company
        cls.customer = cls.env["res.partner"].create({"name": "Harbour Fleet", "is_company": True, "tz": "UTC"})
        cls.site = cls.env["fsm.location"].create({"name": "Lot 3", "owner_id": cls.customer.id, "tz": "UTC"})
        cls.user_maria = cls._create_user("maria@field", "fieldservice.group_fsm_user_own")
        cls.user_tom = cls._create_user("tom@field", "fieldservice.group_fsm_user_own")
        cls.dispatcher = cls._create_user("dispatcher@field", "fieldservice.group_fsm_dispatcher")
        cls.boss = cls._create_user("boss@field", "fieldservice.group_fsm_manager")
        cls.maria = cls.env["fsm.person"].create({"partner_id": cls.user_maria.partner_id.id})
        cls.tom = cls.env["fsm.person"].create({"partner_id": cls.user_tom.partner_id.id})

    @classmethod
    def _create_user(cls, login, groups):
        """Return a user in UTC, named after his login."""
        return new_test_user(cls.env, login, groups=groups, name=login.split("@")[0].capitalize(), tz="UTC")

    @classmethod
    def create_stranger(cls, **values):
        """Return a dispatcher of another company, to which the values are given."""
        company = cls.env["res.company"].create({"name": "Other windshields", **values})
        return new_test_user(
            cls.env,
            "stranger@field",
            groups="fieldservice.group_fsm_dispatcher",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    @classmethod
    def create_job(cls, start=None, person=None, hours=1.0, **values):
        """Return a job at the customer's lot."""
        return cls.env["fsm.order"].create(cls.job_values(start, person, hours, **values))

    @classmethod
    def job_values(cls, start=None, person=None, hours=1.0, **values):
        """Return the values of a job at the customer's lot."""
        return {
            "location_id": cls.site.id,
            "scheduled_date_start": start,
            "scheduled_duration": hours,
            "person_id": person.id if person else False,
            **values,
        }

    @classmethod
    def create_leave(cls, start, stop, name="Dentist", person=None, **values):
        """Return a leave of a person; of nobody it is a public holiday."""
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": name,
                "date_from": start,
                "date_to": stop,
                "resource_id": person.resource_id.id if person else False,
                "calendar_id": False,
                "time_type": "leave",
                **values,
            }
        )

    def assert_planned(self, job, start, hours, stop):
        """Check the three parts of a planned time."""
        self.assertEqual(
            (job.scheduled_date_start, job.scheduled_duration, job.scheduled_date_end), (start, hours, stop)
        )

    def assert_time(self, job, person=None, start=None, stop=None):
        """Check that a job holds just this time, and none when no person is given."""
        claims = job.reservation_ids.filtered(lambda reservation: reservation.state in ("held", "confirmed"))
        found = [(claim.resource_id, claim.start, claim.stop) for claim in claims]
        self.assertEqual(found, [(person.resource_id, start, stop)] if person else [])
        self.assertEqual(job.reservation_id, claims)
