from odoo import models
from odoo.fields import Domain


class SaleOrderQuick(models.TransientModel):
    _inherit = "sale.order.quick"

    def _take_equipment(self, equipment_ids):
        """Override of ``service_schedule_api`` to look up the customer's equipment; what is not his is refused."""
        customer, company = self.commercial_partner_id, self.company_id
        domain = Domain("owned_by_id", "child_of", customer.ids) & Domain("company_id", "in", company.ids)
        found = self.env["fsm.equipment"].search(domain & Domain("id", "in", [id_ for id_ in equipment_ids if id_]))
        for form, id_ in zip(self, equipment_ids, strict=True):
            form.equipment_id = found.filtered(lambda equipment, id_=id_: equipment.id == id_)
        return super()._take_equipment([None if id_ in found.ids else id_ for id_ in equipment_ids])
