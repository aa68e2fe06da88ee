from odoo import api, models


class ServiceHoursMixin(models.AbstractModel):
    """What decides whether promises can be kept: hours, leaves, places. A change of it has the promises reviewed."""

    _name = "service.hours.mixin"
    _description = "Hours That Promises Depend On"
    _hours_fields = frozenset()

    def _get_promises_domain(self):
        """Return the domain of the reservations that depend on these records."""
        raise NotImplementedError(self._name)

    def _review_promises(self):
        """Have the promises that depend on these records reviewed before the transaction ends."""
        if self:
            self.env["service.reservation"]._review_before_commit(self._get_promises_domain())

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base`` to review what depends on the new records."""
        records = super().create(vals_list)
        records._review_promises()
        return records

    def write(self, vals):
        """Override of ``base`` to review what depended on these records and what does now."""
        if self._hours_fields.isdisjoint(vals):
            return super().write(vals)
        self._review_promises()
        result = super().write(vals)
        self._review_promises()
        return result

    def unlink(self):
        """Override of ``base`` to review what depended on these records."""
        self._review_promises()
        return super().unlink()
