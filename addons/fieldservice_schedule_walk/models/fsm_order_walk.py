from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

LONGEST_NUMBER = 60


class FsmOrder(models.Model):
    """Walking: who is on the visit looks at units, and adds those that nobody has registered."""

    _inherit = "fsm.order"

    def _take_up_walk(self, alone=False):
        """Check that the user works on this walk, which begins with it, and lock it: see ``_lock_walk``.

        What comes after the walk was finished is not lost: it takes the walk up again, to be finished once more.

        :raise UserError: it is no walk, was cancelled or closed, or has no technician
        """
        self.ensure_one()
        if not self._is_walk():
            raise UserError(self.env._("%(job)s is not a lot walk.", job=self.name))
        self.check_access("write")
        if self.state in ("closed", "cancelled"):
            raise UserError(
                self.env._(
                    "%(job)s is %(state)s: nothing can be added to it.",
                    job=self.name,
                    state=dict(self._fields["state"]._description_selection(self.env))[self.state].lower(),
                )
            )
        is_running = self.state == "in_progress"
        self._lock_walk(alone=alone or not is_running)
        if not is_running:
            self._begin_walk()

    def _begin_walk(self):
        """Bring this walk into work. One that was finished has given its time back, which another job may have now."""
        if self.state != "completed":
            self._update_state("in_progress")
            return
        stage = self._get_stage("in_progress", self.company_id)
        try:
            with self.env.cr.savepoint():
                self.stage_id = stage
        except UserError:
            # sudo: technicians plan nothing; that the time is somebody else's now follows from going on
            self.sudo().write({"stage_id": stage.id, "scheduled_date_start": False})

    def _record_work(self, before):
        """Override of ``fieldservice_schedule``: a walk that begins has its list, one that ends is wrapped up."""
        result = super()._record_work(before)
        walks = self.filtered(lambda job: job._is_walk() and job.state != before[job])
        begun = walks.filtered(lambda job: job.state == "in_progress")
        begun._make_walk_list()
        begun.filtered("is_partial").is_partial = False
        walks.filtered(lambda job: job.state == "completed" and before[job] != "closed")._conclude_walk()
        return result

    def _see_unit(self, equipment, note=None, at=None):
        """Say that units were looked at. Doing it again changes nothing but the note.

        :param equipment: one or more ``fsm.equipment`` of the customer
        :param str note: kept with them; None leaves the one that is there
        :param datetime at: naive UTC, when they were seen; now unless given
        """
        self._take_up_walk()
        for unit in equipment:
            row = self._get_row_or_add(unit)
            values = {} if row.seen_at else {"seen_at": at or fields.Datetime.now(), "seen_by_id": self.env.uid}
            if note is not None and (row.note or "") != note:
                values["note"] = note
            if values:
                row.write(values)

    def _unsee_unit(self, equipment):
        """Take back that units were looked at. What was found on them stays."""
        self._take_up_walk()
        for unit in equipment:
            self._get_row_or_add(unit).filtered("seen_at").write({"seen_at": False, "seen_by_id": False})

    def _get_row_or_add(self, equipment):
        """Return the row of a unit, as superuser; what stands elsewhere is put on the list.

        :raise ValidationError: it is another customer's
        """
        row = self._get_row(equipment)
        if not row:
            self._check_unit(equipment)
            self._lock_walk()
            self._add_to_list(equipment)
            row = self._get_row(equipment)
        return row

    def _check_unit(self, equipment):
        """Raise unless a unit is the customer's, and of the visit's company."""
        unit = equipment.sudo().exists()  # sudo: to say no, whoever's it is
        owner = unit.owned_by_id.commercial_partner_id
        if not unit or owner != self.partner_id or unit.company_id != self.company_id:
            raise ValidationError(
                self.env._("This unit does not belong to %(customer)s.", customer=self.sudo().partner_id.name)
            )

    def _find_or_add_unit(self, number):
        """Return the customer's unit with a number; it is registered here when there is none.

        :param str number: as it is written on the unit; upper and lower case are the same
        :return: ``fsm.equipment``, on the walk's list
        :raise ValidationError: nothing, or too much, was written
        """
        wanted = " ".join(str(number or "").split())
        if not wanted or len(wanted) > LONGEST_NUMBER:
            raise ValidationError(
                self.env._("Write the number of the unit, at most %(longest)s characters.", longest=LONGEST_NUMBER)
            )
        self._take_up_walk(alone=True)
        unit = self._find_unit(wanted)
        if not unit:
            unit = self.env["fsm.equipment"].sudo().create(self._prepare_unit_values(wanted))
        self._get_row_or_add(unit)
        return unit.with_env(self.env)

    def _find_unit(self, number):
        """Return the customer's unit with a number, as superuser: those on this site first."""
        exact = number.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        units = (
            self.env["fsm.equipment"]
            .sudo()
            .search(
                Domain("owned_by_id", "child_of", self.partner_id.id)
                & Domain("company_id", "=", self.company_id.id)
                & (Domain("serial_number", "=ilike", exact) | Domain("name", "=ilike", exact)),
                order="id",
            )
        )
        listed = units & self.sudo().walk_unit_ids.equipment_id
        return (listed or units)[:1]

    def _prepare_unit_values(self, number):
        """Return the values of a unit that nobody had registered."""
        return {
            "name": self.env._("Unit"),
            "serial_number": number,
            "owned_by_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "location_id": self.location_id.id,
            "current_location_id": self.location_id.id,
        }
