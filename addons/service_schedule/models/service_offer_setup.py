from odoo import fields, models
from odoo.tools import SQL


class ServiceOffer(models.Model):
    _inherit = "service.offer"

    def _get_own_issues(self):
        """Return ``[(level, message)]`` of what makes this offer overbook or never be offered."""
        self.ensure_one()
        issues = [
            ("danger", message)
            for is_wrong, message in (
                (not self.resource_ids, self.env._("nobody and nothing does it, so it is never offered.")),
                (
                    not (self.allow_windows or self.allow_times),
                    self.env._("neither windows nor specific times are allowed, so it is never offered."),
                ),
                (
                    self.horizon_days and self.lead_minutes >= (self.horizon_days + 1) * 1440,
                    self.env._("the horizon is shorter than the notice, so customers are never offered it."),
                ),
            )
            if is_wrong
        ]
        return issues + self._get_resource_issues() + self._get_overbooked_issues()

    def _get_resource_issues(self):
        """Return the issues of the resources: no hours, never open, or fewer places than one order takes."""
        issues = []
        shifts = self.sudo().resource_ids.calendar_id._get_shifts()
        for resource in self.sudo().resource_ids:
            if resource.calendar_id and shifts[resource.calendar_id.id] == []:
                issues.append(("danger", self.env._("%(name)s has no working hours.", name=resource.name)))
            if resource.lane_count < self.lanes:
                issues.append(
                    (
                        "danger",
                        self.env._(
                            "%(name)s has %(count)s places but one order takes %(lanes)s.",
                            name=resource.name,
                            count=resource.lane_count,
                            lanes=self.lanes,
                        ),
                    )
                )
        longest = self._get_longest_opening()
        if self.allow_times and longest is not None and self.duration_minutes > longest:
            issues.append(
                ("danger", self.env._("it lasts longer than the opening hours of any day, so no time is offered."))
            )
        return issues

    def _get_longest_opening(self):
        """Return the longest opening in minutes, None when the service point has flexible hours."""
        calendar = self.point_id.sudo().calendar_id
        shifts = calendar._get_shifts().get(calendar.id, [])
        if shifts is None:
            return None
        return max((shift.stop_minutes - shift.start_minutes for shift in shifts), default=0)

    def _get_overbooked_issues(self):
        """Return an issue when coming reservations lie on places that a resource no longer has."""
        if not self.resource_ids:
            return []
        self.env["service.reservation"].flush_model(["resource_id", "state", "stop", "lane", "lanes"])
        self.env["resource.resource"].flush_model(["lane_count"])
        [(count,)] = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM service_reservation r JOIN resource_resource s ON s.id = r.resource_id
                    WHERE s.id IN %s AND r.state IN ('held', 'confirmed') AND r.stop > %s
                      AND r.lane + r.lanes > s.lane_count""",
                tuple(self.resource_ids.ids),
                fields.Datetime.now(),
            )
        )
        if not count:
            return []
        return [
            (
                "danger",
                self.env._("%(count)s coming reservations lie beyond the places there are: overbooked.", count=count),
            )
        ]

    def action_explain(self):
        """Open "Why not?": why a day's times are not offered."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why Not?"),
            "res_model": "service.offer.explain",
            "view_mode": "form",
            "target": "new",
            "context": {"default_offer_id": self.id},
        }
