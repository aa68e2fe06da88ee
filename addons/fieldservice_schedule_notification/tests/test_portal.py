from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.fieldservice_schedule.tests.common import HOUR, NINE, FieldCase


@tagged("post_install", "-at_install")
class TestJobPortal(FieldCase, HttpCase):
    """What customers see of their jobs, and nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fleet = new_test_user(cls.env, "fleet@field", groups="base.group_portal", tz="Europe/Paris")
        cls.fleet.partner_id.parent_id = cls.customer
        cls.stranger = new_test_user(cls.env, "stranger@field", groups="base.group_portal")
        cls.job = cls.create_job(NINE, cls.maria, todo="<p>Key under the mat</p>")
        cls.over = cls.create_job(NINE + HOUR, cls.maria)
        cls.over.action_cancel()

    def get(self, path, login=None):
        """Return the answer to a GET, logged in or not."""
        self.authenticate(login, login)
        return self.url_open(path, allow_redirects=False)

    def test_list(self):
        """The customer's list has his jobs, to come and over; another customer's has none of them."""
        page = self.get("/my/jobs", "fleet@field").text
        for text in (self.job._get_job_text(), "Scheduled", "Maria", "Lot 3", "Cancelled"):
            self.assertIn(text, page)
        self.assertNotIn("Key under the mat", page)
        page = self.get("/my/jobs", "stranger@field").text
        self.assertNotIn(self.job.name, page)
        self.assertIn("Nothing is planned", page)
        self.assertEqual(self.get("/my/jobs").status_code, 303)

    def test_done(self):
        """What is done says on which vehicle, by whom and when, also what was never planned."""
        van = self.env["fsm.equipment"].create(
            {"name": "Ford Transit", "serial_number": "17", "owned_by_id": self.customer.id}
        )
        planned = self.create_job(NINE + 2 * HOUR, self.maria, equipment_id=van.id)
        found = self.create_job(person=self.tom)
        for job in (planned, found):
            job.write({"date_start": NINE, "date_end": NINE + HOUR})
            job._update_state("completed")
        page = self.get("/my/jobs", "fleet@field").text.split("Done, and cancelled")[1]
        for text in ("Ford Transit #17", "Maria", "Tom", found._format_page_moment(found.date_end)):
            self.assertIn(text, page)
        self.assertIn("Maria", self.get(f"/my/jobs/{planned.id}", "fleet@field").text)
        self.assertEqual(planned._prepare_payload("completed")["units"], ["Ford Transit #17"])

    def test_page(self):
        """A job opens for its customer, and by the link of a message without a log-in; for nobody else."""
        path = f"/my/jobs/{self.job.id}"
        page = self.get(path, "fleet@field")
        self.assertEqual(page.status_code, 200)
        self.assertIn("between", page.text)
        self.assertNotIn("Key under the mat", page.text)
        self.assertEqual(self.get(path, "stranger@field").status_code, 404)
        self.assertEqual(self.get(path).status_code, 404)
        self.assertEqual(self.get(self.job._get_page_path()).status_code, 200)
        self.assertEqual(self.get(f"{path}?access_token={self.over._get_page_token()}").status_code, 404)
        self.assertEqual(self.get(f"{path}?access_token=é").status_code, 404)
        self.assertEqual(self.get("/my/jobs/999999999", "fleet@field").status_code, 404)

    def test_calendar_file(self):
        """The page leads to a file for the customer's calendar, which needs no log-in."""
        [(_label, url, _icon)] = self.job._get_page_links()
        self.assertIn(url.replace("&", "&amp;"), self.get(self.job._get_page_path()).text)
        self.assertIn("BEGIN:VEVENT", self.url_open(url).text)
        self.assertEqual(self.over._get_page_links(), [])

    def test_home(self):
        """My Account counts what is to come."""
        self.authenticate("fleet@field", "fleet@field")
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["job_count"]})
        self.assertEqual(counters["job_count"], 1)
