from lxml import etree

from odoo.exceptions import AccessError

from .common import NINE, WalkCase


class TestSecurity(WalkCase):
    def test_another_technician(self):
        """A technician who is not on the walk neither sees nor changes anything of it."""
        self.find()
        row = self.walk._get_row(self.vans[0])
        walk = self.walk.with_user(self.user_tom)
        for act in (
            lambda: walk._see_unit(self.vans),
            lambda: walk._unsee_unit(self.vans),
            lambda: walk._add_finding(self.vans[0], {"damage": self.chip.id}),
            lambda: walk._find_or_add_unit("X 1"),
            lambda: walk._finish_walk(leave_open=True),
            lambda: walk._get_walk_values(),
            lambda: row.with_user(self.user_tom).read(["state"]),
        ):
            with self.assertRaises(AccessError):
                act()
        self.assertFalse(self.env["fsm.order"].with_user(self.user_tom).search([("visit_id", "=", self.walk.id)]))

    def test_two_on_one_walk(self):
        """Who helps on a walk works on it, and sees what the other one found."""
        self.walk.person_ids = self.tom
        finding = self.find()
        walk = self.walk.with_user(self.user_tom)
        walk._see_unit(self.vans[1])
        self.assertEqual(self.env["fsm.order"].with_user(self.user_tom).search([("visit_id", "=", walk.id)]), finding)
        self.assertEqual(walk._get_walk_values()["counts"]["findings"], 1)
        walk._see_unit(self.vans)
        walk._finish_walk()
        self.assertEqual(self.walk.state, "completed")

    def test_manager_of_the_technician(self):
        """Who manages the technician sees the walk's list and findings."""
        self.tom.write({"is_manager": True, "managed_ids": [(6, 0, self.maria.ids)]})
        self.find()
        self.assertEqual(self.walk.with_user(self.user_tom)._get_walk_values()["counts"]["findings"], 1)

    def test_second_company(self):
        """Walks, units and kinds of damage of another company are not there for its neighbours."""
        other = self.env["res.company"].create({"name": "Other Glass"})
        stranger = self._create_user("stranger@field", "fieldservice.group_fsm_manager")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.see(self.vans[0])
        row = self.walk._get_row(self.vans[0])
        self.assertEqual(self.chip.company_id, self.company, "who makes one makes it for his own company")
        self.crack.company_id = False
        with self.assertRaises(AccessError):
            row.with_user(stranger).read(["state"])
        with self.assertRaises(AccessError):
            self.walk.with_user(stranger)._finish_walk()
        self.assertNotIn(self.chip, self.env["fsm.damage"].with_user(stranger).search([]))
        self.assertNotIn(self.chip, self.env["fsm.damage"]._get_all(other))
        self.assertIn(self.crack, self.env["fsm.damage"]._get_all(other))

    def test_kinds_of_damage(self):
        """Managers keep the kinds of damage; technicians read them."""
        with self.assertRaises(AccessError):
            self.chip.with_user(self.user_maria).minutes = 5
        self.chip.with_user(self.boss).minutes = 5
        self.assertEqual(self.chip.with_user(self.user_maria).minutes, 5)

    def test_findings_are_not_typed(self):
        """A technician cannot make of a job of his another walk's finding: he has no right to create jobs."""
        with self.assertRaises(AccessError):
            self.env["fsm.order"].with_user(self.user_maria).create(
                {"location_id": self.site.id, "visit_id": self.walk.id, "scheduled_date_start": NINE}
            )

    def test_salesman(self):
        """Who sells sees the units of which he sold a repair, whoever sells all those of all, and nobody any other."""
        self.find(van=self.vans[0])
        self.see(self.vans)
        self.walk.with_user(self.user_maria)._finish_walk()
        sally, steve = (
            self._create_user(f"{name}@field", "sales_team.group_sale_salesman") for name in ("sally", "steve")
        )
        sue = self._create_user("sue@field", "sales_team.group_sale_salesman_all_leads")
        self.walk.walk_order_id.user_id = sally
        rows = self.env["fsm.walk.unit"]
        sold, mine = self.walk._get_row(self.vans[0]), [("visit_id", "=", self.walk.id)]
        for user, seen in ((sally, sold), (steve, rows), (sue, sold)):
            with self.subTest(user=user.login):
                self.assertEqual(rows.with_user(user).search(mine), seen)
                self.assertEqual(self.vans.with_user(user).mapped("walk_unit_count"), [len(seen), 0, 0, 0])
        self.walk.walk_order_id.user_id = False
        self.assertEqual(rows.with_user(steve).search(mine), sold)
        with self.assertRaises(AccessError):
            sold.with_user(sally).note = "Mine"
        with self.assertRaises(AccessError):
            sold.with_user(sally).action_see()

    def test_salesmans_form(self):
        """The form of a job that was sold has no button that says no to whoever sold it."""
        self._create_user("sally@field", "sales_team.group_sale_salesman")
        names = {"action_finish_walk", "action_add_finding", "action_open_visit", "action_see", "action_unsee"}
        for login, wanted in (("sally@field", set()), ("maria@field", names)):
            user = self.env["res.users"].search([("login", "=", login)])
            arch = self.env["fsm.order"].with_user(user).get_view(view_type="form")["arch"]
            buttons = list(etree.fromstring(arch).iter("button"))
            self.assertEqual({button.get("name") for button in buttons} & names, wanted, login)
            self.assertEqual("Sign" in [button.get("string") for button in buttons], bool(wanted), login)
