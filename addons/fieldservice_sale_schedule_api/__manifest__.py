{
    "name": "Field Service Sale Schedule API",
    "summary": "Orders placed through the REST API say which equipment is worked on",
    "version": "19.0.1.0.0",
    "category": "Services/Scheduling",
    "author": "Service Scheduling for Odoo",
    "license": "AGPL-3",
    "depends": ["fieldservice_sale_schedule", "service_schedule_api"],
    "auto_install": True,
}
