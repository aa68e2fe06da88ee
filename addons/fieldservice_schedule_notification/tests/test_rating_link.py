import re

from odoo.modules.migration import load_script
from odoo.tests import HttpCase, tagged
from odoo.tools import file_path

from odoo.addons.fieldservice_schedule.tests.common import NINE

from .common import JobNotificationCase

CUSTOMER = "fleet@example.com"


@tagged("post_install", "-at_install")
class TestRatingLink(JobNotificationCase, HttpCase):
    """The message that a job is complete asks its customer, and nobody else, what he thinks of it."""

    def complete(self):
        """Return a job that Maria has just completed, and ``{address: html}`` of the mails about that."""
        job = self.schedule()
        self.told()
        self.clock.move_to(NINE)
        job.with_user(self.user_maria).action_start()
        self.told()
        job.with_user(self.user_maria).action_complete()
        mails = {mail["To"].split("<")[-1].rstrip(">"): self.get_part(mail, "html") for mail in self.send()}
        self.emails.clear()
        return job, mails

    def find_links(self, html):
        """Return the paths of the links to rate in a mail."""
        return re.findall(r'href="[^"]*?(/rate/[^"]*)"', html)

    def test_in_the_mail(self):
        """The customer's mail has the link once; it opens without a log-in, and what he says there is kept."""
        job, mails = self.complete()
        [path] = self.find_links(mails[CUSTOMER])
        self.assertTrue(job._get_rating_url().endswith(path))
        self.authenticate(None, None)
        page = self.url_open(path)
        self.assertEqual(page.status_code, 200)
        secret = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text).group(1)
        token = path.split("/")[2]
        self.url_open(f"/rate/{token}/submit_feedback", data={"rate": 3, "feedback": "Late", "csrf_token": secret})
        rating = job._get_rating(job.partner_id)
        self.assertEqual(
            (rating.rating, rating.feedback, rating.rated_partner_id.id), (3, "Late", self.maria.partner_id.id)
        )

    def test_nobody_else(self):
        """What is not complete has no link in any message, and nobody but the customer gets one."""
        job = self.schedule()
        mails = self.send()
        self.assertFalse([mail for mail in mails if "/rate/" in self.get_part(mail, "html")])
        self.assertEqual(job._render_rating("customer"), "")
        job.action_cancel()
        self.told()
        job, mails = self.complete()
        self.assertEqual([address for address, html in mails.items() if self.find_links(html)], [CUSTOMER])
        self.assertEqual(job._render_rating("staff"), "")

    def test_not_asked(self):
        """A company that does not ask for ratings sends no link, and shows none."""
        self.company.asks_rating = False
        job, mails = self.complete()
        self.assertEqual(self.find_links(mails[CUSTOMER]), [])
        self.assertNotIn("/rate/", self.url_open(job._get_page_path()).text)
        self.assertFalse(job._get_rating(job.partner_id))

    def test_on_the_page(self):
        """The page of the job, to which text messages lead, has the link, once; looking at it changes nothing."""
        job, _mails = self.complete()
        self.authenticate(None, None)
        text = self.url_open(job._get_page_path()).text
        self.assertEqual(len(self.find_links(text)), 1)
        job._get_rating(job.partner_id).unlink()
        self.assertEqual(self.find_links(self.url_open(job._get_page_path()).text), [])
        self.assertFalse(job._get_rating(job.partner_id))

    def test_older_text(self):
        """A text of 19.0.1.0.0 gets the link in each of its languages, once, also when somebody has changed it."""
        template = self.env.ref("fieldservice_schedule_notification.mail_template_job_completed")
        self.env["res.lang"]._activate_lang("fr_FR")
        template.body_html = "<p>Done.</p>"
        template.with_context(lang="fr_FR").body_html = "<p>Fait.</p>"
        path = file_path("fieldservice_schedule_notification/migrations/19.0.1.1.0/post-rating.py")
        for _run in range(2):
            self.env.flush_all()
            load_script(path, "post_rating").migrate(self.env.cr, "19.0.1.0.0")
            self.env.invalidate_all()
        for lang, begin in (("en_US", "<p>Done.</p>"), ("fr_FR", "<p>Fait.</p>")):
            body = template.with_context(lang=lang).body_html
            self.assertTrue(body.startswith(begin))
            self.assertEqual(body.count("_render_rating"), 1)
