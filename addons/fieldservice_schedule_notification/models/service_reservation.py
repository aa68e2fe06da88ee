from dataclasses import replace

from odoo import models
from odoo.tools import email_normalize

from odoo.addons.service_schedule_icalendar import entries


class ServiceReservation(models.Model):
    """Jobs as entries of calendars: at the customer's site, under one identity for as long as the job lives."""

    _inherit = "service.reservation"

    def _get_job_invitation(self, partner, for_customer, is_over):
        """Return ``(method, content)`` to go with a message about a job: "REQUEST" or "CANCEL", and bytes.

        :param partner: who is asked
        :param bool for_customer: with what customers know, else with what the technician needs
        :param bool is_over: he need not come, or nobody comes, whatever this reservation is
        """
        self.ensure_one()
        entry = self._prepare_calendar_entry(for_customer=for_customer, is_invitation=True)
        address = email_normalize(partner.email or "")
        job = self.sudo().job_id  # sudo: whose job it is may know of it
        entry = replace(
            entry,
            uid=job.reservation_ids.sorted("id")[:1].public_id,  # another technician can mean another reservation
            revision=job.schedule_revision,
            attendee=entries.Person(partner.name or address, address) if address else None,
            is_cancelled=entry.is_cancelled or is_over,
        )
        method = "CANCEL" if entry.is_cancelled else "REQUEST"
        return method, entries.to_file([entry], method)

    def _get_service_name(self):
        """Override of ``fieldservice_schedule``: what is done, and not only its number."""
        job = self.sudo().job_id  # sudo: as above
        return job._get_job_text() if job else super()._get_service_name()

    def _get_customer_url(self):
        """Override of ``service_schedule``: the page of the job."""
        job = self.sudo().job_id  # sudo: as above
        return job._get_notification_link() if job else super()._get_customer_url()

    def _get_customer_summary(self):
        """Override of ``service_schedule_icalendar``: who comes is the company, not a shop."""
        if not self.sudo().job_id:
            return super()._get_customer_summary()
        return self.env._("%(what)s, %(company)s", what=self._get_service_name(), company=self.sudo().company_id.name)

    def _get_customer_details(self):
        """Override of ``service_schedule_icalendar``: a job is not moved by the customer himself."""
        job = self.sudo().job_id  # sudo: as above
        if not job:
            return super()._get_customer_details()
        return [
            job._get_notification_time(),
            self.env._("With %(name)s", name=job._get_technician_name()),
            self.env._("See how it stands: %(url)s", url=self._get_customer_url()),
        ]

    def _get_staff_details(self):
        """Override of ``service_schedule_icalendar``: for whom, and how to reach him."""
        job = self.sudo().job_id  # sudo: as above
        if not job:
            return super()._get_staff_details()
        contact = job._get_customer_contact()
        return [
            f"{job.name}: {job._get_job_text()}",
            *filter(None, (job.partner_id.name, contact.phone, contact.email)),
        ]

    def _get_staff_url(self):
        """Override of ``service_schedule_icalendar``: the job."""
        job = self.sudo().job_id  # sudo: as above
        return f"{self.get_base_url()}/odoo/fsm.order/{job.id}" if job else super()._get_staff_url()

    def _get_calendar_place(self):
        """Override of ``service_schedule_icalendar``: the customer's site."""
        job = self.sudo().job_id  # sudo: as above
        return job._get_site_text() if job else super()._get_calendar_place()

    def _prepare_calendar_people(self):
        """Override of ``service_schedule_icalendar``: the company asks, for nobody visits its field work."""
        people = super()._prepare_calendar_people()
        if self.sudo().job_id:
            company = self.sudo().company_id
            asker = email_normalize(company.email or "")
            people["organizer"] = entries.Person(company.name, asker) if asker else None
        return people
