from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

FINISHED = ("completed", "closed", "cancelled")


class FsmOrder(models.Model):
    """The list of the units of a walk: computed until the walk begins, then rows, which no later change takes away."""

    _inherit = "fsm.order"

    def _get_walk_domain(self):
        """Return the domain of the units that belong on this walk's list.

        Those that the visit names; when it names none, the customer's on this site, and those of which nobody has said
        where they stand.
        """
        self.ensure_one()
        if self.equipment_ids:
            return Domain("id", "in", self.equipment_ids.ids)
        site = self.location_id._origin  # a form asks before it is saved
        here = Domain("current_location_id", "child_of", site.id)
        home = Domain("current_location_id", "=", False) & (
            Domain("location_id", "child_of", site.id) | Domain("location_id", "=", False)
        )
        return (
            Domain("owned_by_id", "child_of", self.partner_id._origin.id)
            & Domain("company_id", "=", self.company_id._origin.id)
            & (here | home)
        )

    def _find_walk_units(self):
        """Return the units that belong on this walk's list, as superuser, by their names."""
        # sudo: who walks a lot may know what stands on it
        equipment = self.env["fsm.equipment"].sudo()
        domain = self._get_walk_domain()
        return equipment.search_fetch(domain, ["name", "serial_number"], order="name, serial_number, id")

    def _make_walk_list(self):
        """Write down the units of these walks that are not on their lists yet. Called with the walk's lock."""
        for visit in self.sudo():  # sudo: rows are written by the walk, not by people
            known = visit.walk_unit_ids.equipment_id
            visit._add_to_list(visit._find_walk_units() - known)

    def _add_to_list(self, equipment):
        """Put units on this walk's list. Called with the walk's lock; changes the visit, so that others notice."""
        visit = self.sudo()  # sudo: as above
        if equipment:
            visit.env["fsm.walk.unit"].create([{"visit_id": visit.id, "equipment_id": unit.id} for unit in equipment])
            visit.walk_unit_count = len(visit.walk_unit_ids)

    def _get_row(self, equipment):
        """Return the row of one unit on this walk's list, as superuser, empty when it is not on it."""
        return (
            self.env["fsm.walk.unit"].sudo().search([("visit_id", "=", self.id), ("equipment_id", "=", equipment.id)])
        )

    def _count_left(self):
        """Return ``{visit: how many units nobody has looked at}``."""
        made = self.filtered("walk_unit_count")
        rows = (
            self.env["fsm.walk.unit"]
            .sudo()
            ._read_group([("visit_id", "in", made.ids), ("state", "=", "open")], ["visit_id"], ["__count"])
        )
        left = {visit.id: count for visit, count in rows}
        counts = {visit: left.get(visit.id, 0) for visit in made}
        for visit in self - made:  # not begun: few, and each has its own site
            counts[visit] = 0 if visit.state in FINISHED else self._count_expected(visit)
        return counts

    def _count_expected(self, visit):
        """Return how many units a walk that has not begun will have."""
        if not visit.location_id:
            return 0
        return self.env["fsm.equipment"].sudo().search_count(visit._get_walk_domain())

    def _lock_walk(self, alone=True):
        """Wait for whoever works on these walks, and let him who sees too little of what they did try again.

        Everything here runs at REPEATABLE READ: a transaction does not see what others committed since it began, but
        locking a row that they changed fails, and Odoo runs the request again. Whoever adds something takes a share of
        the visit's row and changes the unit's; whoever begins or finishes a walk takes both alone.

        :param bool alone: to change the walk itself; else beside others
        """
        if not self.ids:
            return
        self.flush_recordset()
        strength = SQL("FOR NO KEY UPDATE") if alone else SQL("FOR SHARE")
        self.env.cr.execute(SQL("SELECT id FROM fsm_order WHERE id IN %s ORDER BY id %s", tuple(self.ids), strength))
        if alone:
            self.env["fsm.walk.unit"].flush_model()
            self.env.cr.execute(
                SQL("SELECT id FROM fsm_walk_unit WHERE visit_id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(self.ids))
            )
