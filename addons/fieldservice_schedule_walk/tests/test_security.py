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
        self.chip.company_id = self.company
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
