"""A technician's time is planned by dispatch: the doors of the whole suite, each as somebody who may not open it."""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.fieldservice_schedule.tests.common import HOUR, NINE
from odoo.addons.fieldservice_schedule_dispatch.tests.common import DispatchCase

REFUSAL = "for a dispatcher to say"
PLACE = ("person_id", "scheduled_date_start", "scheduled_duration", "scheduled_date_end")


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


@tagged("post_install", "-at_install", "standard")
class TestOpenJob(DispatchCase):
    """A job that nobody has: Maria, who helps with it, sees it, and says neither who does it nor when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.create_job(NINE, person_ids=cls.maria.ids)
        cls.mine = cls.job.with_user(cls.user_maria)

    def get_views(self, kind):
        """Return the views of jobs of a kind that actions can show, with what addons add to them."""
        domain = [("model", "=", "fsm.order"), ("type", "=", kind), ("mode", "=", "primary")]
        return self.env["ir.ui.view"].search(domain)

    def find_typeable(self, user, view):
        """Return which fields of its place a form lets a user type in."""
        form = Form(self.job.with_user(user), view)
        typed = {"person_id": self.tom, "scheduled_duration": 2.0}
        found = set()
        for name in PLACE:
            if name in form._view["fields"]:
                try:
                    setattr(form, name, typed.get(name, NINE + HOUR))
                    found.add(name)
                except AssertionError as refusal:
                    self.assertIn("readonly", str(refusal))
        return found

    def test_forms(self):
        """No form lets her type in technician, start, length or end; the main one lets a dispatcher choose them."""
        self.assertTrue(self.get_views("form"))
        for view in self.get_views("form"):
            with self.subTest(view.xml_id):
                self.assertEqual(self.find_typeable(self.user_maria, view), set())
        main = self.env.ref("fieldservice.fsm_order_form")
        self.assertLessEqual(set(PLACE[:3]), self.find_typeable(self.dispatcher, main))

    def test_lists_and_cards(self):
        """Nor are there lists to type in, or cards on which people are chosen."""
        orders = self.env["fsm.order"].with_user(self.user_maria)
        for view in self.get_views("list") | self.get_views("kanban"):
            with self.subTest(view.xml_id):
                arch = etree.fromstring(orders.get_view(view.id, view.type)["arch"])
                self.assertFalse(arch.get("editable") or arch.get("multi_edit"))
                widgets = [node.get("widget") for node in arch.iter("field") if node.get("name") == "person_id"]
                self.assertFalse([name for name in widgets if name and "avatar" in name])

    def test_server(self):
        """Whatever she sends, it stays nobody's, at its time."""
        doors = {
            "write": lambda: self.mine.write({"person_id": self.maria.id}),
            "both": lambda: self.mine.write({"person_id": self.maria.id, "scheduled_date_start": str(NINE + HOUR)}),
            "time": lambda: self.mine.write({"scheduled_date_start": str(NINE + HOUR)}),
            "end": lambda: self.mine.write({"scheduled_date_end": str(NINE + 3 * HOUR)}),
            "no time": lambda: self.mine.write({"scheduled_date_start": False}),
            "web_save": lambda: self.mine.web_save({"person_id": self.maria.id}, {"person_id": {}}),
            "suggest": self.mine.action_suggest,
        }
        for name, door in doors.items():
            with self.subTest(name), self.assertRaises(AccessError), self.env.cr.savepoint():
                door()
        self.assertEqual((self.job.person_id, self.job.scheduled_date_start), (self.env["fsm.person"], NINE))
        self.assert_time(self.job)
