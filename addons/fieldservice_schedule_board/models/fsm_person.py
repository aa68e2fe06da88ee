from odoo import models


class FsmPerson(models.Model):
    _inherit = "fsm.person"

    def action_open_route(self):
        """Open the map of this technician's day."""
        self.ensure_one()
        return self.env["fsm.route.map"]._prepare_action(person_ids=self.ids)
