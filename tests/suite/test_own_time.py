"""A technician's time is planned by dispatch: the doors of the whole suite, each as somebody who may not open it."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.fieldservice_schedule.tests.common import HOUR, NINE
from odoo.addons.fieldservice_schedule_dispatch.tests.common import DispatchCase

REFUSAL = "for a dispatcher to say"


@tagged("post_install", "-at_install", "standard")
class TestOwnTime(DispatchCase):
    """Maria has a job at nine, and rights at the shop as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.create_job(NINE, cls.maria)
        cls.user_maria.group_ids += cls.env.ref("service_schedule.group_technician")

    def move_event(self, user, start):
        """Drag the job in Odoo's own calendar, as one of the users."""
        reservation = self.job.reservation_id
        reservation._sync_event()
        event = self.env["calendar.event"].sudo().search([("service_reservation_id", "=", reservation.id)])
        event.with_user(user).write({"start": start, "stop": start + HOUR})

    def test_odoos_calendar(self):
        """Dragged in the app Calendar it stays, unless she may give herself jobs."""
        with self.assertRaisesRegex(AccessError, f"{REFUSAL}.*{self.job.name}"):
            self.move_event(self.user_maria, NINE + HOUR)
        self.assert_time(self.job, self.maria, NINE, NINE + HOUR)
        self.maria.may_assign = True
        self.move_event(self.user_maria, NINE + HOUR)
        self.assert_time(self.job, self.maria, NINE + HOUR, NINE + 2 * HOUR)

    def test_new_time_or_person(self):
        """The dialog that finds somebody else refuses each job by itself, and says so."""
        wizard = self.env["service.reservation.resolve"].with_user(self.user_maria)
        wizard = wizard.create({"reservation_ids": [(6, 0, self.job.reservation_id.ids)], "action": "reassign"})
        wizard.action_apply()
        self.assertFalse(wizard.line_ids.is_done)
        self.assertIn(REFUSAL, wizard.line_ids.result)
        self.assertEqual(self.job.person_id, self.maria)

    def test_board(self):
        """On the board the job stays where it is."""
        seen = {"person_id": self.maria.id, "start": str(NINE), "stop": str(NINE + HOUR)}
        change = {"person_id": self.maria.id, "start": str(NINE + HOUR), "stop": str(NINE + 2 * HOUR)}
        answer = self.env["fsm.board"].with_user(self.user_maria).move_job(self.job.id, change, seen)
        self.assertFalse(answer["ok"])
        self.assertIn(REFUSAL, answer["message"])
        self.assert_time(self.job, self.maria, NINE, NINE + HOUR)
