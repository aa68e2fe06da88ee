{
    "name": "Field Service Schedule: Dispatch Board",
    "summary": "Plan by drag and drop, with conflicts shown; maps of routes; kanban, calendar, filters, many at once",
    "version": "19.0.1.1.0",
    "category": "Services/Scheduling",
    "author": "Service Scheduling for Odoo",
    "license": "AGPL-3",
    "depends": ["fieldservice_schedule_dispatch", "web_timeline", "web_leaflet_lib"],
    "data": [
        "security/ir.model.access.csv",
        "wizard/fsm_order_batch_views.xml",
        "views/fsm_order_views.xml",
        "views/fsm_order_board_views.xml",
        "views/fsm_person_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["fieldservice_schedule_board/static/src/**/*"],
    },
}
