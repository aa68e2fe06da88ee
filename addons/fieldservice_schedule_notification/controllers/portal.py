from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

UNSTORED = [("Cache-Control", "no-store")]
PAGE = {"type": "http", "website": True, "sitemap": False, "methods": ["GET"]}
COMING, STEP = 80, 20
"""How many jobs to come are shown, and how many of those that are over on one page."""


class JobPortal(CustomerPortal):
    """The customer's jobs. The model checks whose they are."""

    def _prepare_home_portal_values(self, counters):
        """Override of ``portal`` to count the jobs to come."""
        values = super()._prepare_home_portal_values(counters)
        if "job_count" in counters:
            values["job_count"] = request.env["fsm.order"]._count_own(is_coming=True)
        return values

    @route(["/my/jobs", "/my/jobs/page/<int:page>"], auth="user", **PAGE)
    def portal_my_jobs(self, page=1, **query):
        """List the jobs of the user's company: what is to come, and page by page what is over."""
        jobs = request.env["fsm.order"]
        pages = pager("/my/jobs", jobs._count_own(is_coming=False), page=page, step=STEP)
        values = {
            **self._prepare_portal_layout_values(),
            "coming": jobs._find_own(is_coming=True, limit=COMING) if page == 1 else jobs,
            "over": jobs._find_own(is_coming=False, offset=pages["offset"], limit=STEP),
            "pager": pages,
            "page_name": "jobs",
            "default_url": "/my/jobs",
        }
        return request.render("fieldservice_schedule_notification.portal_my_jobs", values, headers=UNSTORED)

    @route("/my/jobs/<int:job_id>", auth="public", **PAGE)
    def portal_my_job(self, job_id, access_token="", **query):
        """Show one job: by the token of a link, or because it is the user's own; 404 for all others."""
        job = request.env["fsm.order"]._find_for_page(job_id, access_token)
        if not job:
            raise request.not_found()
        values = {**self._prepare_portal_layout_values(), "job": job, "page_name": "job"}
        return request.render("fieldservice_schedule_notification.portal_my_job", values, headers=UNSTORED)
