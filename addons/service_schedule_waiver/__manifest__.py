{
    "name": "Service Schedule Waivers",
    "summary": "Waivers that customers sign on the day, on the portal or on the shop's tablet, before the work begins",
    "version": "19.0.1.0.0",
    "category": "Services/Scheduling",
    "author": "Service Scheduling for Odoo",
    "license": "LGPL-3",
    "depends": ["service_schedule", "portal"],
    "data": [
        "security/ir.model.access.csv",
        "security/service_schedule_waiver_security.xml",
        "data/service_schedule_waiver_data.xml",
        "report/service_waiver_report.xml",
        "wizard/service_waiver_override_views.xml",
        "views/service_waiver_views.xml",
        "views/service_waiver_signature_views.xml",
        "views/service_offer_views.xml",
        "views/service_reservation_views.xml",
        "views/portal_templates.xml",
        "views/service_schedule_waiver_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "service_schedule_waiver/static/src/signature/**/*",
            "service_schedule_waiver/static/src/tablet/**/*",
        ],
        "web.assets_frontend": [
            "service_schedule_waiver/static/src/signature/**/*",
            "service_schedule_waiver/static/src/portal/**/*",
        ],
        "web.assets_tests": ["service_schedule_waiver/static/tests/tours/**/*"],
    },
}
