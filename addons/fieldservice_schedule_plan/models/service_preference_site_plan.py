from odoo import models

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import moment_of


class ServicePreferenceSite(models.Model):
    """The plan of a site: made from the rhythm that its customer chose."""

    _inherit = "service.preference.site"

    def _ensure_plans(self):
        """Give each site the plan that its rhythm asks for, in progress; what is right already is not written."""
        new = self.filtered(lambda site: not site.plan_ids)
        self.env["fsm.recurring"].create([site._prepare_plan_values() for site in new])
        for site in self - new:
            plan = site.plan_ids[:1]
            plan._write_changed(site._prepare_plan_values())

    def _prepare_plan_values(self):
        """Return the values of the site's plan. Its anchor day stays as long as its rules are the same."""
        self.ensure_one()
        plan, rhythm = self.plan_ids[:1], self._get_rhythm()
        frequencies = self.env["fsm.frequency.set"]._find_or_create_for(rhythm)
        zone = self.location_id._get_zone()
        anchor = (
            plan._get_anchor()[0] if plan.fsm_frequency_set_id == frequencies else frequencies._find_first_day(zone)
        )
        return {
            "preference_site_id": self.id,
            "location_id": self.location_id.id,
            "fsm_frequency_set_id": frequencies.id,
            "fsm_order_template_id": self.env.ref("fieldservice_schedule_plan.template_lot_walk").id,
            "start_date": timing.to_field(moment_of(anchor, rhythm._get_walk_minutes(), zone)),
            "scheduled_duration": self.visit_hours,
            "state": "progress",
        }
