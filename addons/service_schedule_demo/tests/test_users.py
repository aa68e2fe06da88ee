import json

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import file_open

from odoo.addons.service_schedule_demo.people import settle_in

DEMO = "service_schedule_demo."


@tagged("post_install", "-at_install")
class TestUsers(HttpCase):
    """What ``data/users.json`` tells is true: ``make demo`` prints it."""

    def log_in(self, login, password):
        """Log in through the form, as a person does; return the answer."""
        self.authenticate(None, None)
        page = self.url_open("/web/login")
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(
            "/web/login", data={"login": login, "password": password, "csrf_token": token, "redirect": "/my"}
        )

    def test_log_in(self):
        """Each user comes in with the printed password, and sees the page where he starts."""
        with file_open("service_schedule_demo/data/users.json") as file:
            users = json.load(file)
        self.assertEqual(
            {user["login"] for user in users},
            {
                "manager",
                "technician",
                "accountant",
                "customer",
                "oceandivers",
                "mechanic",
                "driver",
                "shopkeeper",
                "kiran",
                "glazier",
                "hanna",
                "owen",
                "carlos",
                "dispatcher",
                "fleet",
            },
        )
        for user in users:
            with self.subTest(login=user["login"]):
                answer = self.log_in(user["login"], user["password"])
                self.assertTrue(answer.url.endswith("/my"), answer.url)
                start = self.url_open(user["start"])
                self.assertEqual(start.status_code, 200)
                self.assertNotIn("/web/login", start.url)

    def test_first_pages_and_clocks(self):
        """Who works here sees his own page first, and nobody's clock follows the browser of his first log-in."""
        users = self.env["res.users"].search([]).filtered(lambda user: user.get_external_id()[user.id].startswith(DEMO))
        self.assertTrue(users)
        self.assertFalse(users.filtered(lambda user: not user.login_date or not user.tz).mapped("login"))
        staff = users.filtered(lambda user: user._is_internal())
        self.assertFalse(staff.filtered(lambda user: not user.action_id).mapped("login"))
        dispatcher = self.env.ref(f"{DEMO}user_dispatcher")
        self.assertEqual(dispatcher.action_id.path, "dispatch-board")
        dispatcher.action_id = self.env.ref("fieldservice_schedule_board.fsm_route_map_action").id
        settle_in(self.env)
        self.assertEqual(dispatcher.action_id.path, "routes", "his own choice is left to him")

    def test_wrong_password(self):
        """A wrong password is refused: the test above can fail."""
        self.assertIn("/web/login", self.log_in("technician", "wrong").url)

    def test_board_of_technician(self):
        """The technician's board has overdue orders of an earlier day on top, and the walk-ins."""
        technician = self.env.ref("service_schedule_demo.user_technician")
        board = self.env["sale.order"].with_user(technician).get_due_board()
        self.assertTrue(board["orders"][0]["is_earlier"])
        self.assertLessEqual({"overdue", "walk_in"}, {order["bucket"] for order in board["orders"]})

    def test_each_shop_has_its_staff(self):
        """The technician sees nothing of the garage, the mechanic nothing of the dive shop, the manager both."""
        for login, points in (
            ("technician", {"Blue Reef Dive Shop"}),
            ("mechanic", {"Nordside Garage"}),
            ("shopkeeper", {"Maple Street Corner Shop"}),
        ):
            user = self.env.ref(f"service_schedule_demo.user_{login}")
            reservations = self.env["service.reservation"].with_user(user).search([])
            self.assertEqual(set(reservations.point_id.mapped("name")), points)
            orders = self.env["sale.order"].with_user(user).search([("service_point_id", "!=", False)])
            self.assertEqual(set(orders.service_point_id.mapped("name")), points)
        manager = self.env.ref("service_schedule_demo.user_manager")
        points = self.env["service.point"].with_user(manager).search([])
        self.assertLessEqual(
            {"Blue Reef Dive Shop", "Nordside Garage", "Maple Street Corner Shop"}, set(points.mapped("name"))
        )

    def test_manager_tells_programs(self):
        """The dive shop's manager may let another system be told of it: he is on its staff."""
        endpoint = (
            self.env["service.webhook.endpoint"]
            .with_user(self.env.ref("service_schedule_demo.user_manager"))
            .create({"name": "Till", "url": "https://93.184.216.34/hooks"})
        )
        self.assertEqual(endpoint.point_ids, self.env.ref("service_schedule_demo.point_blue_reef"))

    def test_first_look_at_utilisation(self):
        """Everybody's hours are known when the demo is made: no report waits for the cron."""
        self.assertFalse(self.env["service.point"]._search_stale().mapped("name"))
        technicians = self.env["fsm.person"].search([]).resource_id
        known = self.env["service.capacity"].search([("date", ">=", fields.Date.today())]).resource_id
        self.assertLessEqual(technicians, known)

    def test_customers_see_their_own(self):
        """Each customer sees orders on the portal, all of them his."""
        for login in ("customer", "oceandivers", "driver", "kiran"):
            user = self.env.ref(f"service_schedule_demo.user_{login}")
            orders = self.env["sale.order"].with_user(user).search([])
            self.assertTrue(orders)
            self.assertEqual(orders.partner_id.commercial_partner_id, user.partner_id.commercial_partner_id)

    def test_accountant_has_work(self):
        """The accountant finds orders to invoice, and may invoice them."""
        accountant = self.env.ref("service_schedule_demo.user_accountant")
        orders = self.env["sale.order"].with_user(accountant).search([("invoice_status", "=", "to invoice")])
        self.assertTrue(orders)
        orders._create_invoices().action_post()
        # an order for a lot walk waits for the repairs that are still to be done
        self.assertLessEqual(set(orders.mapped("invoice_status")), {"invoiced", "no"})
        self.assertTrue(orders.invoice_ids)
