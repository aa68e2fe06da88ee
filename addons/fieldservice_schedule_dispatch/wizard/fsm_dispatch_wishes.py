from odoo import api, fields, models
from odoo.exceptions import AccessError


class FsmDispatchWishes(models.TransientModel):
    """What the wishes of dispatch are worth, for field service managers: Odoo's settings open to administrators only.

    What is set is the company's; where driving times come from stays with the administrators.
    """

    _name = "fsm.dispatch.wishes"
    _description = "Wishes of Dispatch"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    dispatch_preferred = fields.Integer(related="company_id.dispatch_preferred", readonly=False)
    dispatch_previous = fields.Integer(related="company_id.dispatch_previous", readonly=False)
    dispatch_territory = fields.Integer(related="company_id.dispatch_territory", readonly=False)
    dispatch_even = fields.Integer(related="company_id.dispatch_even", readonly=False)
    dispatch_unserved = fields.Integer(related="company_id.dispatch_unserved", readonly=False)
    dispatch_moved = fields.Integer(related="company_id.dispatch_moved", readonly=False)
    dispatch_speed = fields.Float(related="company_id.dispatch_speed", readonly=False)
    dispatch_road_factor = fields.Float(related="company_id.dispatch_road_factor", readonly=False)
    dispatch_padding = fields.Float(related="company_id.dispatch_padding", readonly=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base`` to let managers change these settings of their company, and nothing else of it."""
        companies = self.env["res.company"].browse([vals["company_id"] for vals in vals_list if "company_id" in vals])
        self._check_may_set(companies)
        # sudo: managers may set this, see the check; of the company they may write nothing
        return super(FsmDispatchWishes, self.sudo()).create(vals_list).with_env(self.env)

    def write(self, vals):
        """Override of ``base``: see ``create``."""
        self._check_may_set(self.company_id | self.env["res.company"].browse(vals.get("company_id", ())))
        return super(FsmDispatchWishes, self.sudo()).write(vals)  # sudo: see create

    def _check_may_set(self, companies):
        """Raise unless the user manages field service in these companies.

        :raise AccessError: he does not
        """
        if self.env.su or (
            self.env.user.has_group("fieldservice.group_fsm_manager") and companies <= self.env.companies
        ):
            return
        raise AccessError(self.env._("Only field service managers say what the wishes of dispatch are worth."))

    def action_save(self):
        """Close: the settings were written when this was saved."""
        return {"type": "ir.actions.act_window_close"}
