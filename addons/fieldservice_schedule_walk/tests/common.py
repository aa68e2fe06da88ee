import base64
import io
from datetime import datetime, timedelta

from PIL import Image

from odoo import fields
from odoo.fields import Command

from odoo.addons.fieldservice_schedule.tests.common import NINE, FieldCase


def make_photo(kind="JPEG", size=(640, 480), colour=(200, 60, 40), **options):
    """Return a picture as base64."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **options)
    return base64.b64encode(out.getvalue()).decode()


class WalkMixin:
    """A walk of Maria's over the lot of Harbour Fleet, with four vans; chips cost 50, cracks 80, glass 200."""

    @classmethod
    def setUpWalk(cls):
        """Make what the tests stand on."""
        cls.vans = cls.create_vans(4)
        cls.chip = cls.create_damage("Chip", 50.0, 30)
        cls.crack = cls.create_damage("Crack", 80.0, 45)
        cls.glass = cls.create_damage("Pane", 200.0, 90)
        cls.walk = cls.create_walk(person=cls.maria, start=NINE)

    @classmethod
    def bring_walk_to_now(cls):
        """Have the walk begin ten minutes ago, on this day, for pages that show the day."""
        midnight = datetime.combine(fields.Date.today(), datetime.min.time())
        begin = max(midnight, fields.Datetime.now() - timedelta(minutes=10))
        cls.walk.write({"scheduled_date_start": begin, "scheduled_duration": 0.1})

    @classmethod
    def create_vans(cls, count, first=1, owner=None, site=None):
        """Return units of the customer that stand on his lot."""
        return cls.env["fsm.equipment"].create(
            [
                {
                    "name": "Van",
                    "serial_number": f"V-{number:03}",
                    "owned_by_id": (owner or cls.customer).id,
                    "current_location_id": (site or cls.site).id,
                }
                for number in range(first, first + count)
            ]
        )

    @classmethod
    def create_damage(cls, name, price, minutes, **values):
        """Return a kind of damage, with the product that repairs it."""
        product = cls.env["product.product"].create(
            {
                "name": f"{name} repair",
                "type": "service",
                "list_price": price,
                "invoice_policy": "delivery",
                "field_service_tracking": "line",
                "taxes_id": [Command.clear()],
            }
        )
        return cls.env["fsm.damage"].create({"name": name, "product_id": product.id, "minutes": minutes, **values})

    @classmethod
    def create_walk(cls, person=None, start=None, site=None, **values):
        """Return a lot walk."""
        prepared = cls.env["fsm.order"]._prepare_walk_values(site or cls.site)
        return cls.env["fsm.order"].create(
            {**prepared, "person_id": person.id if person else False, "scheduled_date_start": start, **values}
        )

    def find(self, damage=None, van=None, walk=None, user=None, **values):
        """Return a finding, written down by Maria unless another user is named."""
        walk = (walk or self.walk).with_user(user or self.user_maria)
        return walk._add_finding(van or self.vans[0], {"damage": (damage or self.chip).id, **values}).sudo()

    def see(self, vans, walk=None):
        """Let Maria look at units."""
        (walk or self.walk).with_user(self.user_maria)._see_unit(vans)

    def states(self, walk=None):
        """Return the states of the units on the list, in the order of their numbers."""
        rows = (walk or self.walk).walk_unit_ids
        return [row.state for row in rows.sorted(lambda row: row.equipment_id.serial_number)]


class WalkCase(WalkMixin, FieldCase):
    """See ``WalkMixin``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpWalk()
