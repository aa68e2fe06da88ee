{
    "name": "Field Service Sale Schedule",
    "summary": "Order lines point to the customer's equipment: a tank, a vehicle; My equipment on the portal",
    "version": "19.0.1.2.0",
    "category": "Services/Scheduling",
    "author": "Service Scheduling for Odoo",
    "license": "AGPL-3",
    "depends": ["sale_service_schedule", "fieldservice_schedule", "fieldservice_sale"],
    "auto_install": ["sale_service_schedule", "fieldservice_schedule"],
    "data": [
        "security/ir.model.access.csv",
        "security/fsm_order_security.xml",
        "data/mail_activity_type_data.xml",
        "views/fsm_equipment_views.xml",
        "views/fsm_order_views.xml",
        "views/product_template_views.xml",
        "views/sale_order_views.xml",
        "wizard/sale_order_quick_views.xml",
        "views/portal_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": ["fieldservice_sale_schedule/static/src/portal/**/*"],
    },
}
