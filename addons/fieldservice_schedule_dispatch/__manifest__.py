{
    "name": "Field Service Schedule: Dispatch",
    "summary": "Who should do this job, and when? Answers with reasons, from driving, skills, hours and wishes",
    "version": "19.0.1.1.0",
    "category": "Services/Scheduling",
    "author": "Service Scheduling for Odoo",
    "license": "AGPL-3",
    "depends": ["fieldservice_schedule"],
    "data": [
        "security/ir.model.access.csv",
        "data/fsm_travel_data.xml",
        "wizard/fsm_dispatch_wishes_views.xml",
        "wizard/fsm_order_suggest_views.xml",
        "views/fsm_order_views.xml",
        "views/fsm_person_views.xml",
        "views/res_config_settings_views.xml",
    ],
}
