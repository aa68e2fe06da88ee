import uuid

from freezegun import freeze_time

from .common import NINE, WalkCase, make_photo

FEW, MANY = 10, 150
"""Units on a lot."""


@freeze_time("2031-10-20 09:20:00")
class TestWalkSpeed(WalkCase):
    """What a walk asks of the database does not grow with the lot."""

    def count(self, act):
        """Return how many queries something asks, with nothing known before."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def create_lot(self, units):
        """Return a walk of Maria's over a lot of its own with so many units, and these."""
        site = self.env["fsm.location"].create({"name": f"Lot of {units}", "owner_id": self.customer.id, "tz": "UTC"})
        vans = self.create_vans(units, first=1000 * units, site=site)
        start = NINE.replace(hour={FEW: 12, MANY: 15}.get(units, 18))
        return self.create_walk(person=self.maria, start=start, site=site), vans

    def read_day(self):
        """Return Maria's day as her phone gets it."""
        return self.env["fsm.person"].with_user(self.user_maria)._find_field_technician()._get_field_day()

    def apply(self, walk, name, **values):
        """Apply a command of her phone."""
        command = {"id": str(uuid.uuid4()), "name": name, "job": walk.id, "at": "2031-10-20T09:10:00Z"}
        [answer] = self.env["field.command"].with_user(self.user_maria)._apply_all([{**command, "values": values}])
        self.assertTrue(answer["ok"], answer["error"])

    def walk_the_lot(self, units):
        """Walk over a lot; return ``{step: queries}``."""
        walk, vans = self.create_lot(units)
        counts = {"day": self.count(self.read_day)}
        walk = walk.with_user(self.user_maria)
        counts["begin"] = self.count(lambda: self.apply(walk, "start"))
        self.assertEqual(len(walk._get_walk_values()["units"]), units)
        self.apply(walk, "see", unit=vans[0].id)  # what is known from then on is no matter of units
        counts["see"] = self.count(lambda: self.apply(walk, "see", unit=vans[1].id))
        counts["unsee"] = self.count(lambda: self.apply(walk, "unsee", unit=vans[1].id))
        counts["register"] = self.count(lambda: self.apply(walk, "unit", number=f"NEW {units}"))
        finding = {"damage": self.chip.id, "photos": [make_photo(size=(40, 30))]}
        self.apply(walk, "finding", unit=vans[2].id, **finding)
        counts["finding"] = self.count(lambda: self.apply(walk, "finding", unit=vans[3].id, **finding))
        walk._see_unit(vans)
        self.apply(walk, "finding", unit=vans[4].id, done=True, **finding)
        counts["values"] = self.count(lambda: walk._get_walk_values())
        counts["day under way"] = self.count(self.read_day)
        counts["finish"] = self.count(lambda: self.apply(walk, "finish", leave_open=True))
        counts["summary"] = self.count(lambda: walk._get_walk_summary())
        counts["file"] = self.count(lambda: walk._get_walk_file())
        return counts

    def test_queries(self):
        """Fifteen times as many units, and not one query more at any step."""
        self.walk_the_lot(FEW - 1)  # the first time of everything
        few, many = self.walk_the_lot(FEW), self.walk_the_lot(MANY)
        for step in few:
            with self.subTest(step=step, few=few[step], many=many[step]):
                # Odoo inserts and updates a hundred rows at a time: the list, when the walk begins
                blocks = 2 if step == "begin" else 0
                self.assertLessEqual(many[step], few[step] + blocks)
        self.assertLess(many["values"], 40, many)
