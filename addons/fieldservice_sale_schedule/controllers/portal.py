from odoo.http import request, route

from odoo.addons.sale_service_schedule.controllers.portal import ServicePortal


class EquipmentPortal(ServicePortal):
    def _prepare_home_portal_values(self, counters):
        """Override of ``portal`` to count the customer's equipment."""
        values = super()._prepare_home_portal_values(counters)
        if "equipment_count" in counters:
            equipment = self._get_equipment()
            values["equipment_count"] = equipment.search_count(equipment._get_portal_domain())
        return values

    @route("/my/equipment", type="http", auth="user", website=True, methods=["GET"], sitemap=False)
    def portal_my_equipment(self, **query):
        """List the customer's equipment with a form to add more."""
        return self._render_equipment({})

    @route("/my/equipment", type="http", auth="user", website=True, methods=["POST"], sitemap=False)
    def portal_add_equipment(self, **post):
        """Add equipment for the customer."""
        equipment = self._get_equipment()
        values = equipment._read_portal_values(post)
        errors = equipment._get_portal_errors(values)
        if not errors:
            _created, refusal = self._attempt(lambda: equipment._create_by_customer(values))
            errors = {"name": str(refusal)} if refusal else {}
        return self._render_equipment(post, errors) if errors else request.redirect("/my/equipment", code=303)

    def _get_equipment(self):
        """Return the model of equipment. sudo: customers have no rights on it; its portal methods see to the owner."""
        return request.env["fsm.equipment"].sudo()

    def _render_equipment(self, post, errors=None):
        """Return the page of the customer's equipment."""
        equipment = self._get_equipment()
        values = {
            **self._prepare_portal_layout_values(),
            "equipments": equipment.search(equipment._get_portal_domain(), order="name, id"),
            "errors": errors or {},
            "page_name": "service_equipment",
            **equipment._read_portal_values(post),
        }
        return request.render("fieldservice_sale_schedule.portal_my_equipment", values, status=422 if errors else 200)
