from odoo import fields, models


class ServicePreference(models.Model):
    """Preferences make plans: one for each site where somebody comes regularly."""

    _inherit = "service.preference"

    def _plan(self):
        """Make, change, suspend and resume the plans of all sites so that they are what the customer wants.

        The visits of plans that changed follow in a scheduled action that is called at once: a customer does not wait
        for them.
        """
        # sudo: a customer who says how he wants to be served decides on his plans by it, and on nothing else
        sites = self.sudo().site_ids
        wanted = sites.filtered(lambda site: site._wants_lot_walks())
        (sites - wanted).plan_ids.filtered(lambda plan: plan.state == "progress").action_suspend()
        wanted._ensure_plans()

    def _get_coming_visits(self, limit=5):
        """Return ``[{"time", "site", "person"}]`` of the customer's next visits, as he reads them."""
        visits = (
            self.env["fsm.order"]
            .sudo()
            .search(
                [
                    ("location_id", "in", self.site_ids.location_id.ids),
                    ("occurrence_date", "!=", False),
                    ("state", "in", ("requested", "assigned", "in_progress")),
                    ("scheduled_date_start", ">=", fields.Datetime.now()),
                ],
                order="scheduled_date_start, id",
                limit=limit,
            )
        )
        return [
            {
                "time": visit._format_start(),
                "site": visit.location_id.name,
                "person": visit.person_id.name or "",
            }
            for visit in visits
        ]
