from odoo import api, models
from odoo.fields import Domain
from odoo.tools import consteq, hmac

SCOPE = "fieldservice_schedule_notification.job"
COMING = ("requested", "assigned", "in_progress")
DONE = ("completed", "closed")


class FsmOrder(models.Model):
    """What customers see of their jobs: theirs, and of these what concerns them. They have no rights on jobs."""

    _inherit = "fsm.order"

    def _get_page_token(self):
        """Return the token with which the page of this job opens without a log-in."""
        self.ensure_one()
        return hmac(self.env(su=True), SCOPE, self.id)

    def _get_page_path(self):
        """Return the path of the page of this job, with its token."""
        self.ensure_one()
        return f"/my/jobs/{self.id}?access_token={self._get_page_token()}"

    @api.model
    def _get_own_domain(self):
        """Return the domain of the jobs of the user's company or person."""
        return Domain("partner_id", "=", self.env.user.partner_id.commercial_partner_id.id)

    @api.model
    def _find_for_page(self, job_id, token):
        """Return a job as superuser: by the token of a link, or because it is the user's own; else empty.

        The right is checked here: customers have no rights on jobs.
        """
        job = self.sudo().search([("id", "=", job_id)])
        # in bytes: a token with an accent is a wrong one, not a fault
        if job and token and consteq(token.encode(), job._get_page_token().encode()):
            return job
        if self.env.user._is_public():
            return job.browse()
        return job.filtered_domain(self._get_own_domain())

    @api.model
    def _find_own(self, is_coming, offset=0, limit=None):
        """Return the user's own jobs as superuser: what is to come, by time, or what is over, the last first."""
        # sudo: customers have no rights on jobs; the domain keeps to their own
        return self.sudo().search(
            self._get_own_page_domain(is_coming),
            order="scheduled_date_start, id" if is_coming else "scheduled_date_start DESC, id DESC",
            offset=offset,
            limit=limit,
        )

    @api.model
    def _count_own(self, is_coming):
        """Return how many jobs of the user's are to come, or are over."""
        # sudo: as in _find_own
        return self.sudo().search_count(self._get_own_page_domain(is_coming))

    @api.model
    def _get_own_page_domain(self, is_coming):
        return self._get_own_domain() & Domain("state", "in" if is_coming else "not in", COMING)

    def _get_page_state(self):
        """Return ``(label, colour)`` of how the job stands, as customers read it.

        The colour is Bootstrap's, one on which small letters can be read.
        """
        self.ensure_one()
        if self.state == "cancelled" and self.failure_reason:
            return self.env._("Could not be done"), "warning"
        return {
            "requested": (self.env._("To be scheduled"), "light"),
            "assigned": (self.env._("Scheduled"), "primary"),
            "in_progress": (self.env._("In progress"), "dark"),
            "cancelled": (self.env._("Cancelled"), "danger"),
        }.get(self.state, (self.env._("Done"), "light"))

    def _get_page_facts(self, own_zone=None):
        """Return ``[(label, text)]`` of what the page of this job says."""
        self.ensure_one()
        facts = [(self.env._("Where"), self._get_site_text())]
        if self._has_page_technician():
            facts.insert(0, (self.env._("Who"), self._get_technician_name()))
        if self.scheduled_date_start and self.state != "cancelled":
            facts.insert(0, (self.env._("When"), self._get_notification_time(own_zone)))
        for label, moment in ((self.env._("Begun"), self.date_start), (self.env._("Done"), self.date_end)):
            if moment:
                facts.append((label, self._format_page_moment(moment)))
        return [*facts, (self.env._("Number"), self.name)]

    def _has_page_technician(self):
        """Return whether the customer is told who: it is settled who comes, or somebody was there."""
        self.ensure_one()
        return self._wants_time() or bool(self.person_id and self.state in DONE)

    def _format_page_moment(self, moment):
        """Return a naive UTC moment on the clock of the site, as the reader writes it."""
        reservations = self.env["service.reservation"]
        return reservations._format_label(self._get_site_zone(), int(self._get_local(moment).timestamp()))

    def _get_page_links(self):
        """Return ``[(label, url, icon)]`` of what the customer may do on the page of this job. A hook."""
        self.ensure_one()
        reservation = self.reservation_id
        if self._get_notification_moment()[self.id] and reservation:
            return [(self.env._("Add to my calendar"), reservation._get_calendar_url(), "fa-calendar-plus-o")]
        return []
