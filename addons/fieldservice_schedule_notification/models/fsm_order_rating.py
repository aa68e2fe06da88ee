from odoo import models


class FsmOrder(models.Model):
    """Where customers are asked what they think of a job that is done: in its message, and on its page."""

    _inherit = "fsm.order"

    def _get_rating_url(self):
        """Override of ``fieldservice_schedule``: there is nothing to rate where the company does not ask."""
        self.ensure_one()
        return super()._get_rating_url() if self.sudo().company_id.asks_rating else ""  # sudo: only asked whether

    def _announce(self, event, before):
        """Override to make the links with which the jobs are rated, before anybody looks for them."""
        if event == "completed":
            for job in self.sudo().filtered(lambda job: not job._is_quiet(event)):  # sudo: links for customers
                job._get_rating_url()
        return super()._announce(event, before)

    def _render_rating(self, audience):
        """Return the link with which the customer rates this job, HTML; "" for others, and where nobody asks."""
        self.ensure_one()
        url = self._get_rating_url() if audience == "customer" else ""
        if not url:
            return ""
        template = "fieldservice_schedule_notification.mail_rating"
        return self.env["ir.qweb"]._render(template, {"url": url}, minimal_qcontext=True)

    def _get_page_links(self):
        """Override to let the customer rate on the page, where text messages lead to; looking makes no link."""
        links = super()._get_page_links()
        if self._get_rating(self.partner_id):
            url = self._get_rating_url()
            links += [(self.env._("Rate our work"), url, "fa-star")] if url else []
        return links
