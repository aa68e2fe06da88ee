from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class FsmOrder(models.Model):
    """Walks that no plan asked for: a dispatcher's for anybody, a technician's for himself, here and now."""

    _inherit = "fsm.order"

    @api.model
    def _prepare_walk_values(self, site):
        """Return the values of a walk over a site that no plan asked for."""
        template = self.env.ref("fieldservice_schedule_plan.template_lot_walk", raise_if_not_found=False)
        return {
            "location_id": site.id,
            "type": self.env.ref("fieldservice_schedule_plan.type_lot_walk").id,
            "template_id": template.id if template else False,
            "company_id": (site.company_id or self.env.company).id,
        }

    @api.model
    def _start_walk_here(self, site):
        """Begin a walk over a site, now, by the technician who is logged in; return it.

        The one job that technicians may create. It takes his time from now on; when that is not free, it begins all the
        same: he stands there.

        :raise AccessError: the user is no technician, or may not see the site
        """
        own = self.env["fsm.person"]._get_own()
        if not own or not self.env.user.has_group("fieldservice.group_fsm_user_own"):
            raise AccessError(self.env._("Only technicians begin walks. A dispatcher plans them."))
        site.ensure_one()
        site.check_access("read")
        # sudo: technicians may not create jobs; this one, their own, they may, as checked above
        walks = self.sudo()
        running = walks._find_running_walk(site, own)
        if running:
            return running.with_env(self.env)
        values = {**walks._prepare_walk_values(site), "person_id": own.id}
        walk = walks._create_now(values)
        walk._update_state("in_progress")
        return walk.with_env(self.env)

    @api.model
    def _find_running_walk(self, site, person):
        """Return the walk over a site that somebody is on already: pressed twice is once."""
        return self.search(
            [
                ("location_id", "=", site.id),
                ("person_id", "=", person.id),
                ("state", "=", "in_progress"),
                ("type.internal_type", "=", "lot_walk"),
            ],
            limit=1,
        )

    @api.model
    def _create_now(self, values):
        """Create a job that begins now, and takes its technician's time if that is free."""
        begin = fields.Datetime.now().replace(second=0)
        try:
            with self.env.cr.savepoint():
                return self.create({**values, "scheduled_date_start": begin})
        except UserError:  # taken, or on leave
            return self.create({**values, "scheduled_date_start": False})
