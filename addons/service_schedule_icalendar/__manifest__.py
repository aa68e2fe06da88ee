{
    "name": "Service Schedule iCalendar",
    "summary": "Reservations in everybody's own calendar: invitations, files and feeds to subscribe to",
    "version": "19.0.1.0.0",
    "category": "Services/Scheduling",
    "author": "Service Scheduling for Odoo",
    "license": "LGPL-3",
    "depends": ["service_schedule", "portal"],
    "external_dependencies": {"python": ["icalendar"]},
    "data": [
        "security/ir.model.access.csv",
        "security/service_calendar_feed_security.xml",
        "views/service_calendar_feed_views.xml",
        "views/service_point_views.xml",
        "views/res_users_views.xml",
        "views/portal_templates.xml",
    ],
}
