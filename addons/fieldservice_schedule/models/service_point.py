from odoo import api, fields, models


class ServicePoint(models.Model):
    """Work at the customer's place, as a service point: one a company, which has no counter and never closes.

    Reservations belong to an offer of a point. Those of jobs belong to this one, whose resources are the company's
    technicians, so that one table and one constraint keep all the time that a person has. It is archived: nobody can
    come to it, so no list of points shows it, and customers book nothing there.
    """

    _inherit = "service.point"

    is_field_work = fields.Boolean(readonly=True, copy=False)

    _field_work_uniq = models.UniqueIndex(
        "(company_id) WHERE is_field_work", "A company has one service point for its work at the customers' places."
    )

    def _create_missing_counter(self):
        """Override of ``service_schedule``: at the customer's place there is no counter."""
        return super(ServicePoint, self.filtered(lambda point: not point.is_field_work))._create_missing_counter()

    def _get_bookable(self):
        """Override of ``service_schedule``: those who work at the customers' places are on no offer."""
        if not self.is_field_work:
            return super()._get_bookable()
        # sudo: as there
        persons = self.env["fsm.person"].sudo().with_context(active_test=True)
        return persons.search([("resource_id.company_id", "in", (False, self.company_id.id))]).resource_id

    @api.model
    def _get_bookable_at(self, resources):
        """Override of ``service_schedule``: technicians do work at the customers' places as well."""
        points = super()._get_bookable_at(resources)
        # sudo: as there
        places = self.sudo().with_context(active_test=False).search([("is_field_work", "=", True)])
        persons = self.env["fsm.person"].sudo().with_context(active_test=True)
        persons = persons.search([("resource_id", "in", resources.ids)])
        for resource in persons.resource_id:
            points[resource] |= places.filtered(lambda place, of=resource.company_id: not of or of == place.company_id)
        return points

    @api.model
    def _get_field_work_offer(self, company):
        """Return the offer under which a company's jobs reserve their time, as superuser; created when first needed."""
        # sudo: whoever assigns a job need not set up service points
        points = self.sudo().with_context(active_test=False)
        point = points.search([("is_field_work", "=", True), ("company_id", "=", company.id)], limit=1)
        if not point:
            point = points._create_field_work(company)
        return point.offer_ids[:1]

    @api.model
    def _create_field_work(self, company):
        """Create the service point and the offer of a company's jobs."""
        tz = company.partner_id.tz or self.env.user.tz or "UTC"
        name = self.env._("Work at the customer's place")
        hours = self.env["resource.calendar"].create(
            {"name": name, "company_id": company.id, "tz": tz, "flexible_hours": True, "attendance_ids": []}
        )
        point = self.create(
            {
                "name": name,
                "company_id": company.id,
                "tz": tz,
                "calendar_id": hours.id,
                "is_field_work": True,
                "window_ids": [],
                "sequence": 1000,
                "active": False,
            }
        )
        self.env["service.offer"].create(
            {
                "name": self.env._("Job"),
                "point_id": point.id,
                "is_published": False,
                "allow_windows": False,
                "duration_minutes": 60,
                "lead_minutes": 0,
                "horizon_days": 0,
                "cutoff_minutes": 0,
                "resource_ids": [],
            }
        )
        return point
