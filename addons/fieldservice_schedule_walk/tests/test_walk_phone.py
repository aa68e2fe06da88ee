import uuid

from freezegun import freeze_time

from odoo.tests import Form

from odoo.addons.fieldservice_schedule.tests.common import NINE, FieldCase

from .common import WalkMixin, make_photo


@freeze_time("2031-10-20 09:20:00")
class TestWalkPhone(WalkMixin, FieldCase):
    """What the phone sends of a walk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpWalk()

    def apply(self, name, user=None, **values):
        """Return the answer to a command on the walk."""
        command = {"id": str(uuid.uuid4()), "name": name, "job": self.walk.id, "at": "2031-10-20T09:10:00Z"}
        commands = self.env["field.command"].with_user(user or self.user_maria)
        return commands._apply_all([{**command, "values": values}])[0]

    def test_stop(self):
        """The day tells a walk from a job, and how far it is, before it begins and after."""
        job = self.create_job(NINE, self.tom)
        values = (self.walk | job)._get_day_values()
        self.assertEqual([stop["kind"] for stop in values], ["walk", "job"])
        self.assertEqual(values[0]["walk"], {"units": 4, "left": 4, "findings": 0})
        self.apply("see", unit=self.vans[0].id)
        self.assertEqual(self.apply("start")["job"]["walk"], {"units": 4, "left": 3, "findings": 0})

    def test_customers_note(self):
        """What the customer wants known is on the phone and on the form of whoever comes, who reads no preferences."""
        self.env["service.preference"].create({"partner_id": self.customer.id, "note": "Gate 7, code 1234"})
        self.site.notes = "Beware of the dog"
        stops = self.env["fsm.order"].with_user(self.user_maria).browse(self.walk.id)._get_day_values()
        self.assertEqual(stops[0]["notes"], "Gate 7, code 1234\nBeware of the dog")
        with Form(self.walk.with_user(self.user_maria)) as form:
            self.assertEqual(form.customer_note, "Gate 7, code 1234")

    def test_see(self):
        """Looked at, at the moment that the phone says; and back."""
        self.assertTrue(self.apply("see", unit=self.vans[1].id, note="Dirty")["ok"])
        row = self.walk.walk_unit_ids.filtered("seen_at")
        self.assertEqual((row.number, str(row.seen_at), row.note), ("V-002", "2031-10-20 09:10:00", "Dirty"))
        self.assertTrue(self.apply("unsee", unit=self.vans[1].id)["ok"])
        self.assertEqual(self.states(), ["open"] * 4)

    def test_finding(self):
        """A damage with its photo becomes a job; the record of the command carries no photo."""
        answer = self.apply("finding", unit=self.vans[2].id, damage=self.crack.id, count=2, photos=[make_photo()])
        self.assertEqual((answer["ok"], answer["job"]["walk"]["findings"]), (True, 1))
        finding = self.walk.finding_ids
        self.assertEqual((finding.damage_id, finding.damage_count, len(finding.finding_photo_ids)), (self.crack, 2, 1))
        command = self.env["field.command"].search([("job_id", "=", self.walk.id)])
        self.assertEqual(set(command.values), {"unit", "damage", "count"})

    def test_finding_twice(self):
        """A phone that never heard of its finding, and sends it anew with a change, has one; odd keys do no harm."""
        values = {"unit": self.vans[2].id, "damage": self.crack.id}
        self.assertTrue(self.apply("finding", key="k1", **values)["ok"])
        answer = self.apply("finding", key="k1", **{**values, "damage": self.chip.id})
        self.assertEqual((answer["ok"], answer["job"]["walk"]["findings"]), (True, 1))
        self.assertEqual(self.walk.finding_ids.damage_id, self.chip)
        self.assertTrue(self.apply("finding", key={"x": 1}, **values)["ok"])
        self.assertTrue(self.apply("finding", key="x" * 5000, **values)["ok"])
        self.assertEqual(len(self.walk.finding_ids), 3)

    def test_bad_finding(self):
        """What is no damage, no unit or another customer's, or no photo, is refused with a sentence."""
        other = self.env["res.partner"].create({"name": "Other Fleet", "is_company": True})
        foreign = self.create_vans(1, first=90, owner=other)
        for unit, values in (
            (self.vans[0].id, {"damage": "x"}),
            (self.vans[0].id, {"damage": self.chip.id, "count": 100}),
            (self.vans[0].id, {"damage": self.chip.id, "photos": ["%%%"]}),
            (self.vans[0].id, {"damage": self.chip.id, "photos": [7]}),
            (foreign.id, {"damage": self.chip.id}),
            (None, {"damage": self.chip.id}),
            ({"id": 1}, {"damage": self.chip.id}),
        ):
            with self.subTest(unit=unit, values=values):
                answer = self.apply("finding", unit=unit, **values)
                self.assertFalse(answer["ok"])
                self.assertTrue(answer["error"])
        self.assertFalse(self.walk.finding_ids)

    def test_new_unit(self):
        """A unit that nobody has registered is added by its number."""
        self.assertTrue(self.apply("unit", number="NEW-9")["ok"])
        self.assertIn("NEW-9", self.walk.walk_unit_ids.mapped("number"))
        self.assertFalse(self.apply("unit", number=" ")["ok"])

    def test_finish(self):
        """Units that are left are asked about; said so, the walk is finished, and the note is kept."""
        self.apply("start")
        answer = self.apply("finish")
        self.assertFalse(answer["ok"])
        self.assertIn("V-001", answer["error"])
        self.assertTrue(self.apply("finish", leave_open=True, note="Gate was shut")["ok"])
        self.assertEqual((self.walk.state, self.walk.is_partial), ("completed", True))
        self.assertIn("Gate was shut", "".join(self.walk.message_ids.mapped("body")))
        self.assertTrue(self.apply("finish", leave_open=True)["ok"])

    def test_no_walk(self):
        """A job is no walk: nothing of this is done to it; and nobody else does it to the walk."""
        job = self.create_job(NINE, self.tom)
        command = {"id": str(uuid.uuid4()), "name": "see", "job": job.id, "values": {"unit": self.vans[0].id}}
        [answer] = self.env["field.command"].with_user(self.user_tom)._apply_all([command])
        self.assertIn("not a lot walk", answer["error"])
        self.assertIn("no longer yours", self.apply("see", user=self.user_tom, unit=self.vans[0].id)["error"])
