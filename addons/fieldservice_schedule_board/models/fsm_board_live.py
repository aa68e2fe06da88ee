from odoo import api, models

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local_day

CHANGED = "fieldservice_schedule_board/changed"
"""The notification of the bus. What it says is in ``fsm.board._prepare_news``."""
CHANNEL = "fieldservice_schedule_board"
TOUCHED = "fieldservice_schedule_board.touched"


class FsmBoard(models.AbstractModel):
    """Who looks at a board is told that something on it has changed: on which days, and nothing else.

    What it is, he reads himself, by his own rights.
    """

    _inherit = "fsm.board"

    @api.model
    def _remember_places(self, places):
        """Have boards told, once, at the end of this transaction.

        :param set places: ``{(company id, start, stop, is waiting)}``, naive UTC or False: where jobs are or were
        """
        data = self.env.cr.precommit.data
        if places and TOUCHED not in data:
            data[TOUCHED] = set()
            self.env.cr.precommit.add(self._tell_boards)
        if places:
            data[TOUCHED] |= places

    def _tell_boards(self):
        """Tell the boards of each company which of their days have changed."""
        places = self.env.cr.precommit.data.pop(TOUCHED, set())
        # sudo: whoever changes a job of another company, such as a scheduled action, need not read that company
        for company in self.sudo().env["res.company"].browse({place[0] for place in places if place[0]}):
            own = [place[1:] for place in places if place[0] == company.id]
            self.env["bus.bus"]._sendone((company, CHANNEL), CHANGED, self._prepare_news(company, own))

    @api.model
    def _prepare_news(self, company, places):
        """Return ``{"spans": [[first, last]], "is_waiting": bool}``: days of the company's clock, and the list."""
        zone = self._get_zone(company)
        spans = {
            tuple(local_day(timing.to_stamp(moment), zone).isoformat() for moment in (start, stop or start))
            for start, stop, _is_waiting in places
            if start
        }
        return {"spans": sorted(spans), "is_waiting": any(place[2] for place in places)}

    @api.model
    def _get_channels(self):
        """Return the channels of the bus that the user may hear: those of his companies, if jobs are his business."""
        user = self.env.user
        is_concerned = user._is_internal() and self.env["fsm.order"].has_access("read")
        return [(company, CHANNEL) for company in user.company_ids] if is_concerned else []
