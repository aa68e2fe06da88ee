{
    "name": "Service Schedule Waitlist",
    "summary": "Customers wait for full days and windows; freed time is offered to the first in line",
    "version": "19.0.1.1.0",
    "category": "Services/Scheduling",
    "author": "Service Scheduling for Odoo",
    "license": "LGPL-3",
    "depends": ["service_schedule", "portal"],
    "data": [
        "security/ir.model.access.csv",
        "security/service_waitlist_entry_security.xml",
        "data/service_waitlist_entry_data.xml",
        "views/service_waitlist_entry_views.xml",
        "views/service_offer_views.xml",
        "views/service_point_views.xml",
        "views/portal_templates.xml",
    ],
}
