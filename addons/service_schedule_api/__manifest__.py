{
    "name": "Service Schedule API",
    "summary": "REST API: orders, times, reservations and webhooks, with keys of its own and an OpenAPI document",
    "version": "19.0.1.1.0",
    "category": "Services/Scheduling",
    "author": "Service Scheduling for Odoo",
    "license": "LGPL-3",
    "depends": ["fastapi", "sale_service_schedule_notification"],
    "data": [
        "security/ir.model.access.csv",
        "data/fastapi_endpoint_data.xml",
        "views/service_api_call_views.xml",
        "views/res_users_apikeys_views.xml",
        "views/portal_templates.xml",
    ],
}
