import json
from datetime import timedelta

from odoo.tests import new_test_user

from ..models.fsm_board_live import CHANGED, CHANNEL
from .common import HOUR, NINE, BoardCase

DAY = timedelta(days=1)


class TestLive(BoardCase):
    """What boards that somebody looks at hear when jobs change."""

    def setUp(self):
        super().setUp()
        self.listen()

    def listen(self):
        """Return what the company's boards have heard since the last call."""
        self.env.cr.precommit.run()
        rows = self.env["bus.bus"].sudo().search([])
        news = [json.loads(row.message) for row in rows if json.loads(row.channel)[1:] == self.channel]
        rows.unlink()
        return [one["payload"] for one in news if one["type"] == CHANGED]

    @property
    def channel(self):
        return ["res.company", self.company.id, CHANNEL]

    def test_moved(self):
        """Both days of a job that was moved are told, once, and nothing else of it; the list beside is as it was."""
        job = self.create_job(NINE, self.maria)
        self.listen()
        self.assertTrue(self.move(job, person=self.tom, start=NINE + DAY)["ok"])
        spans = [["2031-10-20", "2031-10-20"], ["2031-10-21", "2031-10-21"]]
        self.assertEqual(self.listen(), [{"spans": spans, "is_waiting": False}])

    def test_companys_days(self):
        """Days are those of the company's clock; a job over midnight is on both."""
        self.company.partner_id.tz = "America/New_York"
        self.create_job(NINE - 8 * HOUR, self.maria, hours=4)  # from 21 to 1 o'clock in New York
        self.assertEqual(self.listen()[0]["spans"], [["2031-10-19", "2031-10-20"]])

    def test_waiting(self):
        """A job that nobody has is told of, when it comes and when it goes, also when it has no time."""
        job = self.create_job()
        self.assertEqual(self.listen(), [{"spans": [], "is_waiting": True}])
        self.move(job, person=self.tom, start=NINE)
        self.assertEqual(self.listen(), [{"spans": [["2031-10-20", "2031-10-20"]], "is_waiting": True}])
        other = self.create_job(NINE + DAY)
        self.listen()
        other.unlink()
        self.assertEqual(self.listen(), [{"spans": [["2031-10-21", "2031-10-21"]], "is_waiting": True}])

    def test_many(self):
        """Jobs that dispatch plans together, and steps of the work, are told of as well."""
        jobs = self.create_job() | self.create_job()
        self.listen()
        jobs._plan_many({job: (self.maria, NINE + number * HOUR, 1.0) for number, job in enumerate(jobs)})
        self.assertEqual(self.listen(), [{"spans": [["2031-10-20", "2031-10-20"]], "is_waiting": True}])
        jobs[0].action_start()
        self.assertEqual(self.listen(), [{"spans": [["2031-10-20", "2031-10-20"]], "is_waiting": False}])

    def test_not_shown(self):
        """What the board does not show, such as a description, is no news."""
        job = self.create_job(NINE, self.maria)
        self.listen()
        job.description = "The key is at the desk"
        self.assertEqual(self.listen(), [])

    def test_who_hears(self):
        """Only those whose business jobs are hear of them, and only of those of their companies."""
        other = self.env["res.company"].create({"name": "Another firm"})
        for user in (self.dispatcher, self.user_maria):
            self.assertEqual(self.as_user(user)._get_channels(), [(self.company, CHANNEL)])
        for groups in ("base.group_user", "base.group_portal", "base.group_public"):
            stranger = new_test_user(self.env, f"stranger {groups}", groups=groups)
            self.assertEqual(self.as_user(stranger)._get_channels(), [], groups)
        self.create_job(NINE, company_id=other.id)
        self.assertEqual(self.listen(), [])
