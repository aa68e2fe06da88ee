"""The windshield firm's customers: twelve fleets in Duluth, Minnesota, with lots, units and wishes; invented."""

import json

from odoo.tools import file_open

FILE = "service_schedule_demo/data/windshield_fleet.json"
DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")


def read():
    """Return the customers of the file, in its order; the first one, Harbour Parcel, is made by XML."""
    with file_open(FILE) as file:
        return json.load(file)


class Fleets:
    """Makes the customers in batches, each record with a name of its own: ``location_linen``, ``unit_linen_201``."""

    def __init__(self, env):
        self.env = env
        self.rows = read()

    def make(self):
        """Make what is not there yet; what is there stays as it is."""
        state, country = self.env.ref("base.state_us_36"), self.env.ref("base.us")
        place = {"city": "Duluth", "state_id": state.id, "country_id": country.id, "tz": "America/Chicago"}
        new = [row for row in self.rows if "name" in row]
        self._create(
            "res.partner",
            {
                f"partner_{row['key']}": {
                    "name": row["name"],
                    "is_company": True,
                    "email": f"fleet@{row['name'].lower().replace(' ', '')}.example.com",
                    **{name: row[name] for name in ("phone", "street", "zip")},
                    **place,
                }
                for row in new
            },
        )
        self._create(
            "fsm.location",
            {
                f"location_{row['key']}": {
                    "name": f"{row['name']}, {row['site']}",
                    "owner_id": self.ref(f"partner_{row['key']}").id,
                    "partner_latitude": row["latitude"],
                    "partner_longitude": row["longitude"],
                    **{name: row[name] for name in ("phone", "street", "zip")},
                    **place,
                }
                for row in new
            },
        )
        self._create("fsm.equipment", {name: values for row in self.rows for name, values in self._list_units(row)})

    def _list_units(self, row):
        """Return ``[(name, values)]`` of a customer's vehicles: so many, numbered from a first one, makes in turn."""
        count, first, makes = row["units"]
        site = self.ref(f"location_{row['key']}")
        return [
            (
                f"unit_{row['key']}_{number}",
                {
                    "name": makes[number % len(makes)],
                    "serial_number": str(number),
                    "owned_by_id": site.owner_id.id,
                    "location_id": site.id,
                    "current_location_id": site.id,
                },
            )
            for number in range(first, first + count)
        ]

    def wish(self):
        """Say how each customer wants to be served; return the preferences that are new."""
        return self._create(
            "service.preference",
            {f"preference_{row['key']}": self._prepare_preference(row) for row in self.rows},
        )

    def _prepare_preference(self, row):
        """Return the values of a customer's preferences."""
        wish = row["preference"]
        preferred = self.ref(f"person_{wish['preferred']}").ids if "preferred" in wish else []
        return {
            "partner_id": self.ref(f"partner_{row['key']}").id,
            "service_mode": wish["service_mode"],
            "fleet_size": row["units"][0] + (0 if "name" in row else 2),
            "has_lot_walks": wish["service_mode"] != "on_call",
            "frequency": wish.get("frequency", "weekly"),
            "walk_time": wish.get("walk_time", 9),
            "preferred_person_ids": [(6, 0, preferred)],
            "note": wish.get("note", False),
            **{day: day in wish.get("days", ("mo",)) for day in DAYS},
        }

    def get_units(self, key):
        """Return a customer's vehicles, by their numbers."""
        units = self.env["fsm.equipment"].search([("location_id", "=", self.ref(f"location_{key}").id)])
        return units.sorted(lambda unit: int(unit.serial_number))

    def _create(self, model, named):
        """Create records with names of this addon in one go, and return them; what has its name is left alone."""
        missing = {name: vals for name, vals in named.items() if not self.ref(name, is_needed=False)}
        records = self.env[model].create(list(missing.values()))
        self.env["ir.model.data"]._update_xmlids(
            [
                {"xml_id": f"service_schedule_demo.{name}", "record": record, "noupdate": True}
                for name, record in zip(missing, records, strict=True)
            ]
        )
        return records

    def ref(self, name, is_needed=True):
        """Return a record of the demo."""
        return self.env.ref(f"service_schedule_demo.{name}", raise_if_not_found=is_needed)
