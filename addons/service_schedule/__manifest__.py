{
    "name": "Service Schedule",
    "summary": "Service points, offers, windows and reservations that the database never sells twice",
    "version": "19.0.1.3.0",
    "category": "Services/Scheduling",
    "author": "Service Scheduling for Odoo",
    "license": "LGPL-3",
    "application": True,
    "depends": ["resource", "mail", "bus"],
    "data": [
        "security/service_schedule_groups.xml",
        "security/ir.model.access.csv",
        "security/service_schedule_security.xml",
        "data/service_schedule_data.xml",
        "data/service_reservation_trouble_data.xml",
        "wizard/service_offer_explain_views.xml",
        "wizard/service_reservation_resolve_views.xml",
        "views/service_point_views.xml",
        "views/service_offer_views.xml",
        "views/resource_views.xml",
        "views/service_reservation_views.xml",
        "views/service_session_kind_views.xml",
        "views/res_partner_views.xml",
        "views/service_schedule_check_views.xml",
        "views/service_schedule_menus.xml",
        "views/service_reservation_trouble_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            # Debian's package leaves this file out although mail lists it; a missing
            # file in a bundle is a console error in every backend page.
            ("remove", "mail/static/lib/selfie_segmentation/selfie_segmentation.js"),
            "service_schedule/static/src/**/*",
        ],
        "web.assets_tests": ["service_schedule/static/tests/tours/**/*"],
    },
}
