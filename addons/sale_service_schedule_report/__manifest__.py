{
    "name": "Service Schedule Reports",
    "summary": "Utilisation, peak hours, no-shows and expected revenue, as pivot, graph and dashboard",
    "version": "19.0.1.1.0",
    "category": "Services/Scheduling",
    "author": "Service Scheduling for Odoo",
    "license": "LGPL-3",
    "depends": ["sale_service_schedule", "spreadsheet_dashboard"],
    "data": [
        "security/ir.model.access.csv",
        "security/sale_service_schedule_report_security.xml",
        "data/ir_cron_data.xml",
        "wizard/service_capacity_refresh_views.xml",
        "views/service_capacity_views.xml",
        "report/service_schedule_report_views.xml",
        "views/sale_service_schedule_report_menus.xml",
        "data/spreadsheet_dashboard_data.xml",
    ],
}
