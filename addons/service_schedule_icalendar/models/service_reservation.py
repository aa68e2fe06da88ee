from datetime import UTC, timedelta

from odoo import fields, models
from odoo.tools import email_normalize

from .. import entries

GONE = ("cancelled", "released", "expired", "no_show")
"""The states in which nobody need come any more."""
ALARM = timedelta(hours=1)


class ServiceReservation(models.Model):
    """Reservations as entries of calendars, Odoo's or not."""

    _inherit = "service.reservation"

    def _get_invitation(self):
        """Return ``(method, content)`` to go with a message to the customer: "REQUEST" or "CANCEL", and bytes.

        What was sent before is moved or taken out: the identity is the public reference, the sequence the revision.
        """
        self.ensure_one()
        method = "CANCEL" if self.state in GONE else "REQUEST"
        return method, entries.to_file([self._prepare_calendar_entry(for_customer=True, is_invitation=True)], method)

    def _get_calendar_file(self):
        """Return the appointment as a file for the customer's own calendar, bytes."""
        self.ensure_one()
        return entries.to_file([self._prepare_calendar_entry(for_customer=True)])

    def _get_calendar_feed(self, name, for_customer=False):
        """Return these reservations as a calendar to subscribe to, bytes."""
        return entries.to_file((reservation._prepare_calendar_entry(for_customer) for reservation in self), name=name)

    def _prepare_calendar_entry(self, for_customer=False, is_invitation=False):
        """Return the :class:`Entry` of this reservation.

        :param for_customer: with what customers know, else with what the staff need
        :param is_invitation: with who asks whom, and an alarm
        """
        self.ensure_one()
        people = self._prepare_calendar_people() if is_invitation else {}
        return entries.Entry(
            uid=self.public_id,
            revision=self.revision,
            start=self.start.replace(tzinfo=UTC),
            stop=self.stop.replace(tzinfo=UTC),
            zone=self._get_zone(),
            changed=self.write_date.replace(tzinfo=UTC, microsecond=0),
            summary=self._get_customer_summary() if for_customer else self._get_staff_summary(),
            description="\n".join(self._get_customer_details() if for_customer else self._get_staff_details()),
            location=self._get_calendar_place(),
            url=(self._get_customer_url() if for_customer else self._get_staff_url()) or "",
            is_cancelled=self.state in GONE,
            **people,
        )

    def _prepare_calendar_people(self):
        """Return who asks, who is asked, and when he is reminded."""
        # sudo: customers do not read the shop's contact
        shop, company = self.sudo().point_id, self.sudo().company_id
        asker = email_normalize(shop.partner_id.email or company.email or "")
        asked = email_normalize(self.partner_id.email or "")
        return {
            "organizer": entries.Person(shop.name, asker) if asker else None,
            "attendee": entries.Person(self.partner_id.name or asked, asked) if asked else None,
            "alarm": ALARM,
        }

    def _get_customer_links(self):
        """Override of ``service_schedule``: what is coming can be put into the customer's calendar."""
        links = super()._get_customer_links()
        if self.state == "confirmed" and self.start > fields.Datetime.now():
            links.append((self.env._("Add to my calendar"), self._get_calendar_url()))
        return links

    def _get_calendar_url(self):
        """Return the address of the file for the customer's own calendar; it needs no log-in."""
        self.ensure_one()
        return f"/service/reservation/{self.public_id}.ics?token={self._get_token()}"

    # ------------------------------------------------------------------
    # Texts
    # ------------------------------------------------------------------

    def _get_staff_url(self):
        """Return the address of its form."""
        return f"{self.get_base_url()}/odoo/service.reservation/{self.id}"

    def _get_customer_summary(self):
        """Return "Oil change, Nordside Garage"."""
        what, shop = self._get_service_name(), self.sudo().point_id.name  # sudo: customers do not read service points
        return self.env._("%(what)s, %(shop)s", what=what, shop=shop)

    def _get_staff_summary(self):
        """Return "Dana Weber: Oil change"."""
        what = self._get_service_name()
        if not self.partner_id:
            return what
        return self.env._("%(customer)s: %(what)s", customer=self.partner_id.name, what=what)

    def _get_customer_details(self):
        """Return the lines of the description for the customer."""
        resource = self.sudo().resource_id  # sudo: customers do not read resources
        lines = [self._get_label()]
        if resource.resource_type == "user":
            lines.append(self.env._("With %(name)s", name=resource.name))
        if self._get_customer_url():
            lines.append(self.env._("See, move or cancel it: %(url)s", url=self._get_customer_url()))
        return lines

    def _get_staff_details(self):
        """Return the lines of the description for the staff."""
        partner = self.partner_id
        return [
            self._get_label(),
            self.env._("%(resource)s at %(shop)s", resource=self.sudo().resource_id.name, shop=self.point_id.name),
            *filter(None, (partner.phone, partner.email)),
        ]

    def _get_calendar_place(self):
        """Return where it is: the address of a meeting, or of the shop."""
        if self.meeting_url:
            return self.meeting_url
        shop = self.sudo().point_id  # sudo: customers do not read service points
        return ", ".join(part for part in (shop.name, shop._get_address_text()) if part)
