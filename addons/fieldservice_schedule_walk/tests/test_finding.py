import base64
import io

from PIL import Image

from odoo.exceptions import UserError, ValidationError

from .common import NINE, WalkCase, make_photo


class TestFinding(WalkCase):
    def test_tagged_with_the_visit(self):
        """Seed 001: repairs created during lot walk are properly tagged: visit, site, customer, unit, technician."""
        finding = self.find(self.crack, self.vans[1], note="driver's side", done=True, at=NINE)
        self.assertEqual(self.walk.state, "in_progress")
        self.assertEqual(finding.visit_id, self.walk)
        self.assertEqual(finding.location_id, self.site)
        self.assertEqual(finding.partner_id, self.customer)
        self.assertEqual(finding.equipment_id, self.vans[1])
        self.assertEqual(finding.equipment_ids, self.vans[1])
        self.assertEqual(finding.person_id, self.maria)
        self.assertEqual(finding.company_id, self.walk.company_id)
        self.assertEqual((finding.found_by_id, finding.found_at), (self.user_maria, NINE))
        self.assertIn("driver's side", finding.description)
        self.assertEqual(self.walk.finding_ids, finding)
        self.assertEqual(self.walk._get_row(self.vans[1]).state, "found")

    def test_price_is_known_and_kept(self):
        """The price is the pricelist's of this customer at that moment; a later change does not touch it."""
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Fleet",
                "item_ids": [(0, 0, {"compute_price": "percentage", "percent_price": 20, "applied_on": "3_global"})],
            }
        )
        self.customer.property_product_pricelist = pricelist
        values = self.walk.with_user(self.user_maria)._get_walk_values()
        self.assertIn("40.00", next(d["price"] for d in values["damages"] if d["id"] == self.chip.id))
        finding = self.find(count=3)
        pricelist.item_ids.percent_price = 50
        self.assertEqual((finding.quoted_price, finding.quoted_total, finding.cost), (40, 120, 120))

    def test_price_in_the_customers_currency(self):
        """A customer with a pricelist in another currency is told its prices; the cost is in the company's."""
        euro = self.env.ref("base.EUR") if self.company.currency_id.name != "EUR" else self.env.ref("base.USD")
        euro.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "rate": 2, "name": "2020-01-01", "company_id": self.company.id}
        )
        self.customer.property_product_pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": euro.id}
        )
        finding = self.find()
        self.assertEqual(finding.quoted_currency_id, euro)
        self.assertEqual((finding.quoted_price, finding.cost), (100, 50))

    def test_taxes_that_are_in_the_price_are_left_out(self):
        """Prices are told without taxes, also where the product's price has them in it."""
        tax = self.env["account.tax"].create({"name": "VAT", "amount": 25, "price_include_override": "tax_included"})
        self.chip.product_id.taxes_id = tax
        finding = self.find(count=2)
        self.assertEqual((finding.quoted_price, finding.quoted_total), (50, 80))

    def test_skills_and_duration(self):
        """The job asks for the skills of its damage, and lasts as long as so many of them take."""
        kind = self.env["hr.skill.type"].create({"name": "Glass"})
        skill = self.env["hr.skill"].create({"name": "Glass II", "skill_type_id": kind.id})
        self.crack.skill_ids = skill
        finding = self.find(self.crack, count=2)
        self.assertEqual(finding.skill_ids, skill)
        self.assertEqual(finding.scheduled_duration, 1.5)
        self.assertFalse(finding.scheduled_date_start)

    def test_later_has_no_technician(self):
        """What is repaired later waits for whoever has time; what was done on the spot is his who did it."""
        self.walk.person_ids = self.tom
        later = self.find()
        mine = self.find(self.crack, user=self.user_tom, done=True)
        self.assertEqual((later.state, later.person_id), ("requested", self.env["fsm.person"]))
        self.assertEqual((mine.state, mine.person_id), ("assigned", self.tom))
        self.assertFalse((later | mine).reservation_ids)

    def test_same_finding_once(self):
        """What a device sends twice is one finding; another walk's key is refused."""
        first = self.find(uuid="5f0c", note="Left", photos=[make_photo()])
        before = first.write_date, first.finding_photo_ids
        again = self.find(uuid="5f0c", note=" Left ", photos=[make_photo()])
        self.assertEqual(first, again)
        self.assertEqual((again.write_date, again.finding_photo_ids), before)
        self.assertEqual(self.walk.finding_count, 1)
        other = self.create_walk(person=self.maria, start=NINE.replace(hour=15))
        with self.assertRaisesRegex(ValidationError, "another walk"):
            self.find(walk=other, uuid="5f0c")

    def test_what_is_refused(self):
        """A finding needs a damage that there is, a number that can be, and a unit of this customer."""
        stranger = self.env["res.partner"].create({"name": "Stranger", "is_company": True})
        foreign = self.create_vans(1, first=40, owner=stranger)
        walk = self.walk.with_user(self.user_maria)
        self.glass.active = False
        for unit, values in (
            (self.vans[0], {"damage": 0}),
            (self.vans[0], {"damage": self.glass.id}),
            (self.vans[0], {"damage": self.chip.id, "count": 100}),
            (self.vans[0], {"damage": self.chip.id, "count": -1}),
            (foreign, {"damage": self.chip.id}),
        ):
            with self.assertRaises(ValidationError):
                walk._add_finding(unit, values)
        self.assertFalse(self.walk.finding_ids)

    def test_photos(self):
        """Photos are kept as JPEG, upright, not too big, and without the place where they were taken."""
        exif = Image.Exif()
        exif[0x0112] = 6  # lies on its side
        exif[0x010F] = "Secret Camera"
        photos = [make_photo(size=(4000, 2000), exif=exif), make_photo("PNG"), make_photo("WEBP")]
        photos[1] = f"data:image/png;base64,{photos[1]}"
        finding = self.find(photos=photos)
        self.assertEqual(finding.finding_photo_ids.mapped("mimetype"), ["image/jpeg"] * 3)
        first = finding.finding_photo_ids[0].raw
        self.assertEqual(Image.open(io.BytesIO(first)).size, (800, 1600))
        self.assertNotIn(b"Secret Camera", first)
        self.assertIn("/web/image/", finding._get_finding_values()[0]["photos"][0])

    def test_photos_that_are_none(self):
        """What is no picture, too many of them, or an enormous one is refused with a sentence; nothing stays."""
        bad = base64.b64encode(b"<svg onload='alert(1)'/>").decode()
        for photos in ([bad], ["%%%"], [make_photo("GIF")], [make_photo()] * 9, ["A" * 30_000_000], [None]):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.find(photos=photos)
        self.assertFalse(self.walk.finding_ids)

    def test_photo_that_came_another_way(self):
        """A picture that was attached to the finding later counts among its photos, other files do not."""
        finding = self.find(photos=[make_photo()])
        for name, kind in (("later.png", "image/png"), ("invoice.pdf", "application/pdf")):
            self.env["ir.attachment"].create(
                {"name": name, "raw": b"x", "mimetype": kind, "res_model": "fsm.order", "res_id": finding.id}
            )
        finding.invalidate_recordset()
        self.assertEqual(len(finding.finding_photo_ids), 2)

    def test_cancelled_finding(self):
        """A finding that is cancelled is none: its unit counts as seen."""
        finding = self.find()
        finding.action_cancel()
        self.assertEqual(self.walk._get_row(self.vans[0]).state, "seen")
        self.assertEqual(self.walk.finding_count, 0)

    def test_from_a_desk(self):
        """The dispatcher's form says the price, adds a finding with a photo on a unit by its number, once."""
        wizard = (
            self.env["fsm.walk.finding"]
            .with_user(self.dispatcher)
            .create({"visit_id": self.walk.id, "number": "New 1", "damage_id": self.glass.id, "photo": make_photo()})
        )
        self.assertEqual(wizard.price, 200)
        wizard.action_add()
        wizard.action_add()
        finding = self.walk.finding_ids
        self.assertEqual(finding.equipment_id.serial_number, "New 1")
        self.assertEqual(len(finding.finding_photo_ids), 1)

    def test_smart_buttons(self):
        """Walk, customer and unit lead to the findings and walks that concern them."""
        finding = self.find()
        self.see(self.vans[1])
        self.assertEqual(self.walk.action_open_findings()["domain"], [("visit_id", "in", self.walk.ids)])
        self.assertEqual(finding.action_open_visit()["res_id"], self.walk.id)
        customer = self.customer.with_user(self.dispatcher)
        self.assertEqual(customer.lot_walk_count, 1)
        self.assertEqual(self.env["fsm.order"].search(customer.action_open_lot_walks()["domain"]), self.walk)
        units = self.vans.with_user(self.dispatcher)
        self.assertEqual(units.mapped("walk_unit_count"), [1, 1, 0, 0])
        self.assertEqual(units.mapped("walk_finding_count"), [1, 0, 0, 0])
