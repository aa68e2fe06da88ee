from odoo import fields, models

from odoo.addons.service_schedule import timing

PREFIX = "job_"
"""With what the codes of our events begin; what follows is the kind, see ``_get_notice_event``."""
INVITING = ("scheduled", "rescheduled", "cancelled", "failed", "assigned", "moved", "taken_away", "dropped")
"""The kinds of news that put, move or take out the entry in the reader's calendar."""


class FsmOrder(models.Model):
    """What the notifications ask about jobs; see ``service.notification.mixin`` for the shapes."""

    _name = "fsm.order"
    _inherit = ["fsm.order", "service.notification.mixin"]

    time_revision = fields.Integer(
        readonly=True, copy=False, help="Rises when the customer's promise changes: its time, or that there is one."
    )
    schedule_revision = fields.Integer(
        readonly=True, copy=False, help="Rises when anything changes that its technician or a calendar has to know."
    )
    known_start = fields.Datetime(
        readonly=True, copy=False, help="The time that the customer knows of; empty when he knows of none."
    )
    former_person_id = fields.Many2one(
        "fsm.person", "Taken From", readonly=True, copy=False, help="The technician who had it last."
    )

    # ------------------------------------------------------------------
    # Which event
    # ------------------------------------------------------------------

    def _get_notice_event(self, kind):
        """Return the code of the event by which people are told of this job. A hook: visits have events of their own.

        Whoever answers otherwise extends ``_get_notice_kinds``, too.

        :param str kind: for the customer "scheduled", "rescheduled", "cancelled", "failed", "tomorrow", "started",
            "completed"; for the technician "assigned", "moved", "taken_away", "dropped"; "failed" is for dispatchers,
            too
        """
        self.ensure_one()
        return f"{PREFIX}{kind}"

    def _get_notice_kinds(self):
        """Return ``{code of an event: its kind}`` of all events that tell of jobs. A hook."""
        kinds = (*INVITING, "tomorrow", "started", "completed")
        return {f"{PREFIX}{kind}": kind for kind in kinds}

    def _filter_reminded(self, rule):
        """Override: a rule reminds of the jobs that its event is meant for, and of no others."""
        found = super()._filter_reminded(rule)
        kind = self._get_notice_kinds().get(rule.event_id.code)
        return found.filtered(lambda job: job._get_notice_event(kind) == rule.event_id.code) if kind else found

    # ------------------------------------------------------------------
    # Whom, in which zone, from whom
    # ------------------------------------------------------------------

    def _get_notification_recipients(self, event, audience):
        """Override: the customer, the technician, and who dispatches; nobody hears of what he did himself."""
        if audience == "customer":
            sites = self.location_id
            # all at once: each job asks for its own few
            (self.partner_id | sites.contact_id | sites.owner_id).fetch(["email"])
            return {job.id: job._get_customer_contact() for job in self}
        if audience == "assigned":
            is_former = self._get_notice_kinds().get(event.code) in ("taken_away", "dropped")
            found = {job.id: (job.former_person_id if is_former else job.person_id).partner_id for job in self}
        elif audience == "staff":
            dispatchers = self.company_id._get_dispatchers()
            found = {job.id: dispatchers[job.company_id] for job in self}
        else:
            return super()._get_notification_recipients(event, audience)
        return {job_id: partners - self.env.user.partner_id for job_id, partners in found.items()}

    def _get_customer_contact(self):
        """Return whom the customer wants to hear of this job: the contact of the site, else who can be reached."""
        self.ensure_one()
        site, customer = self.location_id, self.partner_id
        own = site.contact_id.filtered(lambda contact: contact.commercial_partner_id == customer)
        candidates = own | customer | site.owner_id
        return candidates.filtered("email")[:1] or candidates[:1]

    def _get_notification_revision(self):
        """Override: of the customer's promise, and of all that the technician has to know."""
        return {job.id: f"{job.time_revision}.{job.schedule_revision}" for job in self}

    def _get_notification_moment(self):
        """Override: when it begins, as long as somebody comes."""
        return {job.id: job._wants_time() and job.state != "in_progress" and job.scheduled_date_start for job in self}

    def _get_notification_zone(self):
        """Override: the clock on the site."""
        return {job.id: job._get_site_zone().key for job in self}

    def _get_site_zone(self):
        """Return the ``ZoneInfo`` of the clock by which its times are told: in which they were promised."""
        self.ensure_one()
        job = self.sudo()  # sudo: customers read neither sites nor reservations
        site = job.location_id
        return timing.zone(job.reservation_id.tz or site.tz or site.owner_id.tz or job.company_id.partner_id.tz)

    def _get_notification_url(self):
        """Override: its page, which needs no log-in."""
        return {job.id: job._get_page_path() for job in self}

    def _get_notification_attachments(self, messages):
        """Override: invitations for the calendars of the customer and of the technicians."""
        found = super()._get_notification_attachments(messages)
        jobs, kinds = {job.id: job for job in self}, self._get_notice_kinds()
        for message in messages:
            kind = kinds.get(message.event_id.code)
            if kind in INVITING and message.audience in ("customer", "assigned"):
                file = jobs[message.res_id]._get_invitation_file(message, kind)
                if file:
                    found.setdefault(message.id, []).append(file)
        return found

    def _get_invitation_file(self, message, kind):
        """Return ``(name, bytes, mime type)`` of the invitation that goes with a message, None without a time."""
        # the newest: a job that lost its technician and got another has had several
        reservation = self.sudo().reservation_id or self.sudo().reservation_ids.sorted("id")[-1:]
        if not reservation:
            return None
        reader = reservation.with_context(lang=message.partner_id.lang, tz=message.partner_id.tz)
        method, content = reader._get_job_invitation(
            message.partner_id,
            for_customer=message.audience == "customer",
            is_over=kind in ("cancelled", "failed", "taken_away", "dropped"),
        )
        return "invite.ics", content, f"text/calendar; charset=utf-8; method={method}"
