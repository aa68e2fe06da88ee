{
    "name": "Service Schedule Calendar",
    "summary": "The staff's own calendars, Google's too: meetings take away free times, appointments appear",
    "version": "19.0.1.1.0",
    "category": "Services/Scheduling",
    "author": "Service Scheduling for Odoo",
    "license": "LGPL-3",
    "depends": ["service_schedule", "calendar"],
    "data": [
        "data/service_schedule_calendar_data.xml",
        "views/res_users_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["service_schedule_calendar/static/src/**/*"],
        "web.assets_tests": ["service_schedule_calendar/static/tests/tours/**/*"],
    },
    "post_init_hook": "post_init_hook",
}
