{
    "name": "Field Service Schedule: Preferences and Visit Plans",
    "summary": "Customers say how they want to be served; plans make the visits: lot walks each so many weeks",
    "version": "19.0.1.1.0",
    "category": "Services/Scheduling",
    "author": "Service Scheduling for Odoo",
    "license": "AGPL-3",
    "depends": ["fieldservice_schedule_dispatch", "fieldservice_recurring", "portal"],
    "data": [
        "security/ir.model.access.csv",
        "security/service_preference_security.xml",
        "data/fsm_order_data.xml",
        "views/service_preference_views.xml",
        "views/res_partner_views.xml",
        "views/fsm_recurring_views.xml",
        "views/fsm_order_views.xml",
        "views/portal_templates.xml",
    ],
}
