from odoo import api, models
from odoo.tools import SQL

from odoo.addons.service_schedule.models.service_schedule_check import Check


class ServiceScheduleCheck(models.TransientModel):
    _inherit = "service.schedule.check"

    @api.model
    def _get_checks(self):
        """Override of ``service_schedule`` to compare jobs with the time that is reserved for them."""
        title = self.env._("Open jobs have just the time of their technician that they are planned for")
        return [*super()._get_checks(), Check(title, "fsm.order", self._find_jobs_elsewhere())]

    def _find_jobs_elsewhere(self):
        """Return the SQL of jobs whose claim is missing, elsewhere, or there although they need none."""
        return SQL(
            """SELECT j.id, j.name || ': ' || coalesce(j.scheduled_date_start::text, '-') || ' / '
                          || coalesce(r.start::text, '-')
                 FROM fsm_order j
                 LEFT JOIN fsm_person p ON p.id = j.person_id
                 LEFT JOIN service_reservation r ON r.job_id = j.id AND r.state IN ('held', 'confirmed')
                WHERE CASE WHEN j.state IN ('requested', 'assigned', 'in_progress') AND j.person_id IS NOT NULL
                                AND j.scheduled_date_start IS NOT NULL AND j.scheduled_date_end IS NOT NULL
                           THEN (r.resource_id, r.start, r.stop, j.reservation_id) IS DISTINCT FROM
                                (p.resource_id, j.scheduled_date_start, j.scheduled_date_end, r.id)
                           ELSE r.id IS NOT NULL END
                ORDER BY j.id"""
        )

    def _find_beyond_places(self):
        """Override of ``service_schedule``: what a manager overbooked lies beyond a person's place, and says so."""
        return SQL(
            "SELECT * FROM (%s) AS beyond WHERE id NOT IN (SELECT id FROM service_reservation WHERE is_overbooked)",
            super()._find_beyond_places(),
        )
