from odoo.exceptions import AccessError, UserError, ValidationError

from .common import NINE, WalkCase


class TestList(WalkCase):
    def test_units_of_the_site(self):
        """A walk lists the customer's units on this site and those whose place nobody knows; no others."""
        yard = self.env["fsm.location"].create({"name": "Yard", "owner_id": self.customer.id, "tz": "UTC"})
        corner = self.env["fsm.location"].create(
            {"name": "Corner", "owner_id": self.customer.id, "parent_id": self.site.id, "tz": "UTC"}
        )
        stranger = self.env["res.partner"].create({"name": "Stranger", "is_company": True})
        elsewhere = self.create_vans(1, first=20, site=yard)
        nested = self.create_vans(1, first=21, site=corner)
        foreign = self.create_vans(1, first=22, owner=stranger)
        lost = self.create_vans(1, first=23)
        lost.current_location_id = False
        units = self.walk._find_walk_units()
        self.assertEqual(units, self.vans | nested | lost)
        self.assertFalse(units & (elsewhere | foreign))

    def test_named_units(self):
        """A visit that names its units lists these only."""
        self.walk.equipment_ids = self.vans[:2]
        self.assertEqual(self.walk._find_walk_units(), self.vans[:2])

    def test_list_is_written_when_the_walk_begins(self):
        """Before it begins the list follows the fleet; from then on nothing falls off it."""
        self.assertEqual(self.walk.walk_expected_count, 4)
        self.assertFalse(self.walk.walk_unit_ids)
        self.create_vans(1, first=9)
        self.walk.invalidate_recordset(["walk_expected_count"])
        self.assertEqual(self.walk.walk_expected_count, 5)
        self.walk.with_user(self.user_maria).action_start()
        self.assertEqual(self.walk.walk_unit_count, 5)
        self.vans[0].current_location_id = False
        self.vans[0].location_id = self.env["fsm.location"].create({"name": "Far", "owner_id": self.customer.id})
        self.assertEqual(len(self.walk.walk_unit_ids), 5)

    def test_see_and_unsee(self):
        """Looking at a unit begins the walk, is kept with who and when, is the same twice, and can be taken back."""
        self.walk.with_user(self.user_maria)._see_unit(self.vans[1], note="muddy", at=NINE)
        self.assertEqual(self.walk.state, "in_progress")
        row = self.walk._get_row(self.vans[1])
        self.assertEqual((row.state, row.note, row.seen_at, row.seen_by_id), ("seen", "muddy", NINE, self.user_maria))
        self.walk.with_user(self.dispatcher)._see_unit(self.vans[1])
        self.assertEqual((row.seen_by_id, row.note), (self.user_maria, "muddy"))
        self.assertEqual(self.walk.walk_left_count, 3)
        self.walk.with_user(self.user_maria)._unsee_unit(self.vans[1])
        self.assertEqual(self.states(), ["open"] * 4)
        self.assertFalse(row.seen_by_id)

    def test_unit_twice_is_refused_by_the_database(self):
        """Each unit is on the list of a walk once."""
        self.see(self.vans[0])
        self.env.cr.execute("SELECT contype FROM pg_constraint WHERE conname = 'fsm_walk_unit_unit_uniq'")
        self.assertEqual(self.env.cr.fetchall(), [("u",)])

    def test_unit_by_number(self):
        """A unit that nobody registered is added by its number; one that is there is found, however it is written."""
        walk = self.walk.with_user(self.user_maria)
        self.assertEqual(walk._find_or_add_unit(" v-002 "), self.vans[1])
        new = walk._find_or_add_unit("A_7%")
        self.assertEqual(new.sudo().owned_by_id, self.customer)
        self.assertEqual(new.sudo().current_location_id, self.site)
        self.assertEqual(new.display_name, "Unit #A_7%")
        self.assertEqual(walk._find_or_add_unit("a_7%"), new)
        self.assertNotEqual(walk._find_or_add_unit("AB7c"), new)
        self.assertEqual(self.walk.walk_unit_count, 6)
        for wrong in ("", "   ", None, "x" * 61):
            with self.assertRaises(ValidationError):
                walk._find_or_add_unit(wrong)

    def test_same_number_of_another_owner(self):
        """The unit of another customer with the same number is not found: this customer gets his own."""
        other = self.env["res.partner"].create({"name": "Other Fleet", "is_company": True})
        theirs = self.create_vans(1, first=50, owner=other)
        mine = self.walk.with_user(self.user_maria)._find_or_add_unit("V-050")
        self.assertNotEqual(mine, theirs)
        with self.assertRaisesRegex(ValidationError, "does not belong to Harbour Fleet"):
            self.walk.with_user(self.user_maria)._see_unit(theirs)

    def test_unit_that_stands_elsewhere(self):
        """A unit of the customer that is seen here, though its place is another, comes on the list."""
        yard = self.env["fsm.location"].create({"name": "Yard", "owner_id": self.customer.id, "tz": "UTC"})
        van = self.create_vans(1, first=30, site=yard)
        self.see(van)
        self.assertEqual(self.walk._get_row(van).state, "seen")
        self.assertEqual(self.walk.walk_unit_count, 5)

    def test_what_is_no_walk_or_over(self):
        """Only walks are walked, and none that was cancelled."""
        job = self.create_job(person=self.maria)
        with self.assertRaisesRegex(UserError, "is not a lot walk"):
            job.with_user(self.user_maria)._see_unit(self.vans[0])
        self.walk.action_cancel()
        with self.assertRaisesRegex(UserError, "is cancelled"):
            self.see(self.vans[0])

    def test_notes_only(self):
        """People write notes on the list; what was seen comes from the buttons."""
        self.see(self.vans[0])
        row = self.walk._get_row(self.vans[0]).with_user(self.user_maria)
        row.note = "left side dirty"
        with self.assertRaises(AccessError):
            row.seen_at = NINE
        row.action_unsee()
        self.assertEqual(row.state, "open")
        row.action_see()
        self.assertEqual(row.state, "seen")

    def test_values_of_screens(self):
        """The screens get each unit with its state and findings, and each damage with this customer's price."""
        self.see(self.vans[1])
        self.find(van=self.vans[2], count=2, note="low", done=True)
        values = self.walk.with_user(self.user_maria)._get_walk_values()
        self.assertEqual(values["counts"], {"units": 4, "left": 2, "seen": 1, "damaged": 1, "findings": 1})
        self.assertEqual([unit["number"] for unit in values["units"]], ["V-001", "V-002", "V-003", "V-004"])
        self.assertEqual([unit["state"] for unit in values["units"]], ["open", "seen", "found", "open"])
        (finding,) = values["units"][2]["findings"]
        self.assertEqual(
            (finding["label"], finding["note"], finding["done"]), ("2 \N{MULTIPLICATION SIGN} Chip", "low", True)
        )
        self.assertIn("100.00", finding["price"])
        prices = {damage["id"]: damage["price"] for damage in values["damages"]}
        self.assertIn("80.00", prices[self.crack.id])

    def test_values_before_the_walk(self):
        """Before it begins, the screens show what will be looked at."""
        values = self.walk.with_user(self.user_maria)._get_walk_values()
        self.assertEqual([unit["state"] for unit in values["units"]], ["open"] * 4)
        self.assertEqual(values["counts"]["left"], 4)

    def test_constant_queries(self):
        """The screens of a walk over 150 units with findings ask as often as those over 4."""
        big = self.env["fsm.location"].create({"name": "Big", "owner_id": self.customer.id, "tz": "UTC"})
        vans = self.create_vans(150, first=100, site=big)
        walk = self.create_walk(person=self.maria, start=NINE.replace(hour=14), site=big)
        self.see(self.vans[:2])
        self.find(van=self.vans[2])
        self.see(vans[:100], walk)
        for van in vans[100:130]:
            self.find(van=van, walk=walk)
        for one in (self.walk, walk):  # what is asked once a server is asked
            one.with_user(self.user_maria)._get_walk_values()
        counts = []
        for one in (self.walk, walk):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            one.with_user(self.user_maria)._get_walk_values()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[1], 45)
