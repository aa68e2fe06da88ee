{
    "name": "Service Schedule Waitlist Notifications",
    "summary": "Who waits is told through the outbox: a time is free, or has gone to the next in line",
    "version": "19.0.1.0.0",
    "category": "Services/Scheduling",
    "author": "Service Scheduling for Odoo",
    "license": "LGPL-3",
    "depends": ["service_schedule_waitlist", "service_notification"],
    "data": [
        "data/mail_template_data.xml",
        "data/sms_template_data.xml",
        "data/service_notification_event_data.xml",
    ],
    "auto_install": True,
}
