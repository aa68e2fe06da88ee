from odoo import api, models
from odoo.tools import SQL

from odoo.addons.service_schedule.models.service_schedule_check import Check


class ServiceScheduleCheck(models.TransientModel):
    _inherit = "service.schedule.check"

    @api.model
    def _get_checks(self):
        """Override of ``service_schedule`` to read the waitlist."""
        return [
            *super()._get_checks(),
            Check(
                self.env._("What is offered to somebody in line is held for them"),
                "service.waitlist.entry",
                self._find_empty_offers(),
            ),
            Check(
                self.env._("Nobody in line is passed over"),
                "service.waitlist.entry",
                self._find_passed_over(),
            ),
        ]

    def _find_empty_offers(self):
        """Return the SQL of entries whose state does not agree with the hold that was made for them."""
        return SQL(
            """SELECT e.id, e.public_id || ': ' || e.state || ', ' || COALESCE(r.state, 'no hold')
                 FROM service_waitlist_entry e LEFT JOIN service_reservation r ON r.id = e.reservation_id
                WHERE (e.state = 'offered' AND (r.state IS DISTINCT FROM 'held' OR r.offer_id <> e.offer_id))
                   OR (e.state = 'taken' AND (r.state IS NULL OR r.state = 'held'))
                   OR (e.state = 'waiting' AND e.reservation_id IS NOT NULL)
                ORDER BY e.id"""
        )

    def _find_passed_over(self):
        """Return the SQL of entries that wait although what is offered to somebody behind them fits them as well.

        Both were in line when it was offered: who waits has done so all the time. A hold that its customer has moved to
        another time was not offered as it is now.
        """
        return SQL(
            """SELECT e.id, e.public_id || ' < ' || later.public_id
                 FROM service_waitlist_entry e
                 JOIN service_waitlist_entry later
                   ON later.offer_id = e.offer_id AND later.day = e.day AND later.id > e.id AND later.state = 'offered'
                 JOIN service_reservation r ON r.id = later.reservation_id AND r.state = 'held'
                WHERE e.state = 'waiting' AND e.lanes <= r.lanes
                  AND (e.window_id IS NULL OR e.window_id = r.window_id)
                  AND (e.resource_id IS NULL OR e.resource_id = r.resource_id)
                  AND NOT EXISTS (SELECT FROM service_reservation_change c
                                   WHERE c.reservation_id = r.id AND c.kind = 'held' AND c.from_start IS NOT NULL)
                ORDER BY e.id"""
        )
