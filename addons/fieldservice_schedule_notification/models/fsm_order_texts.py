from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date

from odoo.addons.service_notification.moments import name_zone
from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local, local_day

FACTS = "fieldservice_schedule_notification.mail_facts"


class FsmOrder(models.Model):
    """What the texts of messages ask of a job, in the language of the environment."""

    _inherit = "fsm.order"

    def _render_notification_facts(self, audience, own_zone=None):
        """Return the table of facts, HTML. ``own_zone``: see ``_get_notification_time``."""
        self.ensure_one()
        facts = self._get_notification_facts(audience, own_zone)
        return self.env["ir.qweb"]._render(FACTS, {"facts": facts}, minimal_qcontext=True)

    def _get_job_text(self):
        """Return what is done: "Windshield repair, Ford Transit #12"; without a type the job's number. A hook."""
        self.ensure_one()
        job = self.sudo()  # sudo: customers do not read what types and units there are
        what = job.type.name or job.template_id.name or self.env._("Job %(number)s", number=job.name)
        units = job.equipment_ids
        if len(units) == 1:
            return self.env._("%(what)s, %(unit)s", what=what, unit=units.display_name)
        return self.env._("%(what)s, %(count)s units", what=what, count=len(units)) if units else what

    def _get_notification_time(self, own_zone=None):
        """Return when: "Thursday, October 15, 2026, between 9:00 AM and 10:00 AM", "" when it has no time.

        :param own_zone: name of the recipient's zone: when his clock shows another time, the site's zone is named
        """
        self.ensure_one()
        if not self.scheduled_date_start:
            return ""
        return self.env._(
            "%(day)s, %(span)s",
            day=format_date(self.env, self._get_local(self.scheduled_date_start).date(), date_format="full"),
            span=self._get_span_text(own_zone),
        )

    def _get_span_text(self, own_zone=None):
        """Return "between 9:00 AM and 10:00 AM", with the name of the site's zone when the reader's clock differs."""
        start, stop = self._get_local(self.scheduled_date_start), self._get_local(self.scheduled_date_end)
        zone_name = self._get_notification_zone()[self.id]
        text = self.env._(
            "between %(start)s and %(stop)s",
            start=timing.time_text(self.env, start),
            stop=timing.time_text(self.env, stop),
        )
        name = name_zone(self.scheduled_date_start, self.env.lang or "en_US", zone_name, own_zone)
        return f"{text} ({name})" if name else text

    def _get_start_text(self):
        """Return "9:00 AM" on the clock of the site."""
        self.ensure_one()
        return timing.time_text(self.env, self._get_local(self.scheduled_date_start))

    def _get_local(self, moment):
        """Return a naive UTC moment as an aware one on the clock of the site."""
        return local(timing.to_stamp(moment), self._get_site_zone())

    def _get_day_word(self):
        """Return "Tomorrow", "Today", or the day's own name: a reminder can come late, and is right all the same."""
        self.ensure_one()
        day = self._get_local(self.scheduled_date_start).date()
        today = local_day(timing.to_stamp(fields.Datetime.now()), self._get_site_zone())
        words = {today: self.env._("Today"), today + timedelta(days=1): self.env._("Tomorrow")}
        return words.get(day) or format_date(self.env, day, date_format="full")

    def _get_technician_name(self):
        """Return who comes, "" when nobody does yet."""
        self.ensure_one()
        return self.sudo().person_id.name or ""  # sudo: customers do not read technicians

    def _get_site_text(self):
        """Return where it is: "Lot 3, 12 Harbour Road, Springfield"."""
        self.ensure_one()
        site = self.sudo().location_id  # sudo: customers do not read sites
        town = " ".join(filter(None, (site.zip, site.city)))
        return ", ".join(filter(None, (site.name, site.street, site.street2, town)))

    def _get_notification_link(self):
        """Return the whole address of its page, for text messages."""
        self.ensure_one()
        return self.get_base_url() + self._get_page_path()

    def _get_notification_facts(self, audience, own_zone=None):
        """Return ``[(label, text)]`` of what every message about a job says.

        :param str audience: of the message; technicians and dispatchers are told for whom it is, too
        """
        self.ensure_one()
        job = self.sudo()  # sudo: the sender writes to people who do not read all of it
        facts = [(self.env._("What"), self._get_job_text()), (self.env._("Number"), job.name)]
        if job.scheduled_date_start and job.state != "cancelled":
            facts.append((self.env._("When"), self._get_notification_time(own_zone)))
        if job._wants_time() and audience != "assigned":
            facts.append((self.env._("Who"), self._get_technician_name()))
        facts.append((self.env._("Where"), self._get_site_text()))
        if audience == "customer":
            why = job.failure_reason and job._get_failure_text()
            return [*facts, (self.env._("Why"), why)] if why else facts
        contact = job._get_customer_contact()
        facts.append((self.env._("Customer"), job.partner_id.name))
        if contact.phone:
            facts.append((self.env._("Phone"), contact.phone))
        return facts

    def _get_visit_jobs(self):
        """Return the jobs of which a reminder of this one tells: all of the same visit, in the order of time."""
        self.ensure_one()
        return self._find_same_visit()[self]
