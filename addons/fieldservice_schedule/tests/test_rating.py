from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import HOUR, NINE, FieldCase


@tagged("post_install", "-at_install")
class TestRating(HttpCase, FieldCase):
    """Customers rate jobs that are done; technicians are measured by it, and write none of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.create_job(NINE, cls.maria)

    def rate(self, job, rate=5, **post):
        """Rate a job as the customer does, by his link."""
        token = job._get_rating_url().split("/")[-2]
        return self.url_open(
            f"/rate/{token}/submit_feedback", data={"rate": rate, "csrf_token": self.csrf(token), **post}
        )

    def csrf(self, token):
        """Return the secret of the form behind a link."""
        text = self.url_open(f"/rate/{token}/5").text
        return text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]

    def get_ratings(self, job):
        """Return all ratings of a job."""
        return self.env["rating.rating"].search([("res_model", "=", "fsm.order"), ("res_id", "=", job.id)])

    def test_rate(self):
        """The customer's link opens without a log-in; a GET rates nothing, the form does, with what he writes."""
        self.assertEqual(self.job._get_rating_url(), "")
        self.job.action_complete()
        url = self.job._get_rating_url()
        self.assertEqual(self.url_open(url).status_code, 200)
        self.assertFalse(self.get_ratings(self.job).consumed)
        self.assertEqual(self.rate(self.job, 5, feedback="Quick and clean").status_code, 200)
        rating = self.get_ratings(self.job)
        self.assertEqual((rating.rating, rating.partner_id, rating.feedback), (5, self.customer, "Quick and clean"))
        self.assertEqual(rating.rated_partner_id, self.maria.partner_id)
        self.assertEqual((self.maria.customer_rating, self.maria.rating_count), (5.0, 1))

    def test_once(self):
        """One rating for a job and its customer: he may change his mind, his link stays the same."""
        self.job.action_complete()
        url = self.job._get_rating_url()
        self.rate(self.job, 5)
        self.assertEqual(self.job._get_rating_url(), url)
        self.rate(self.job, 1)
        self.assertEqual(self.get_ratings(self.job).mapped("rating"), [1.0])
        values = self.get_ratings(self.job).copy_data()[0]
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env["rating.rating"].create(values)

    def test_other_customer(self):
        """A customer who is logged in cannot use another one's link."""
        stranger = new_test_user(self.env, "stranger@field", groups="base.group_portal")
        self.job.action_complete()
        url = self.job._get_rating_url()
        self.authenticate(stranger.login, stranger.login)
        self.assertNotIn("submit_feedback", self.url_open(url).text)
        self.assertFalse(self.get_ratings(self.job).consumed)

    def test_staff_write_none(self):
        """No technician, dispatcher or manager writes ratings, or reads the secret with which a customer does."""
        self.job.action_complete()
        self.job._get_rating_url()
        rating = self.get_ratings(self.job)
        for user in (self.user_maria, self.dispatcher, self.boss):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    rating.with_user(user).write({"rating": 5, "consumed": True})
                with self.assertRaises(AccessError):
                    rating.with_user(user).copy()
                with self.assertRaises(AccessError):
                    rating.with_user(user).read(["access_token"])
                with self.assertRaises(AccessError):
                    self.job.with_user(user).message_post(body="Great", rating_value=5)
                with self.assertRaises(AccessError):
                    self.job.with_user(user).rating_apply(5, rating=rating.with_user(user))
        self.assertFalse(rating.consumed)

    def test_who_did_it(self):
        """The technician who did it in the end is rated, not who had it when the link was first sent."""
        self.job.action_complete()
        self.job._get_rating_url()
        self.job.action_reopen()
        self.job.person_id = self.tom
        self.job.action_complete()
        self.rate(self.job, 3)
        self.assertEqual((self.tom.customer_rating, self.maria.rating_count), (3.0, 0))

    def test_average(self):
        """The averages of all technicians are read in one query."""
        for index, (person, rate) in enumerate([(self.maria, 5), (self.maria, 1), (self.tom, 3)]):
            job = self.create_job(NINE + (index + 1) * 3 * HOUR, person)
            job.action_complete()
            job._get_rating_url()
            self.get_ratings(job).write({"rating": rate, "consumed": True})
        self.env.flush_all()
        people = self.maria | self.tom
        people.partner_id.mapped("name")
        with self.assertQueryCount(1):
            self.assertEqual(people.mapped("customer_rating"), [3.0, 3.0])
        self.assertEqual(people.mapped("rating_count"), [2, 1])
