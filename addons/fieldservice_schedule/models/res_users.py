from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base`` to tell a technician's resource who logs in as him."""
        users = super().create(vals_list)
        users.partner_id.filtered("fsm_person")._update_resources()
        return users

    def action_make_technician(self):
        """Make technicians of these users, who stay the contacts that they are; return the action that shows them."""
        people = self.env["fsm.person"].with_context(active_test=False)
        present = people.search([("partner_id", "in", self.partner_id.ids)])
        missing = self.partner_id - present.partner_id
        present |= people.create([{"partner_id": partner.id} for partner in missing])
        action = {"type": "ir.actions.act_window", "name": self.env._("Technicians"), "res_model": "fsm.person"}
        if len(present) == 1:
            return {**action, "res_id": present.id, "views": [(False, "form")]}
        return {**action, "view_mode": "list,form", "domain": [("id", "in", present.ids)]}
