from odoo import api, fields, models


class FsmEquipment(models.Model):
    _inherit = "fsm.equipment"
    _rec_names_search = ("name", "serial_number")

    serial_number = fields.Char(help="What is stamped on it: a tank's serial number, a vehicle's unit number.")

    # fieldservice keeps names unique over the whole database; two customers may both have an "AL80", and one
    # customer may have two with different serial numbers. Its constraint is replaced by one that always holds, and
    # ours has a name of its own: when fieldservice is upgraded Odoo drops what has its constraint's name, fails to add
    # that one for names that are there twice, and then adds nothing more of that name.
    _name_uniq = models.Constraint("CHECK (name IS NOT NULL)", "Equipment needs a name.")
    # plain UNIQUE would let empty serial numbers repeat
    _owner_name_uniq = models.Constraint(
        "EXCLUDE USING btree"
        " (owned_by_id WITH =, company_id WITH =, name WITH =, (COALESCE(serial_number, '')) WITH =)",
        "This customer already has equipment of that name and serial number.",
    )

    @api.depends("name", "serial_number")
    def _compute_display_name(self):
        """Override of ``base``: "AL80 #123"."""
        for equipment in self:
            number = f" #{equipment.serial_number}" if equipment.serial_number else ""
            equipment.display_name = f"{equipment.name or ''}{number}"
