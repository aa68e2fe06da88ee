{
    "name": "Service Notification by Twilio",
    "summary": "Text messages that customers send to the shop's Twilio numbers: STOP and START are honoured",
    "version": "19.0.1.0.0",
    "category": "Services/Scheduling",
    "author": "Service Scheduling for Odoo",
    "license": "LGPL-3",
    "depends": ["service_notification", "sms_twilio"],
    "data": [
        "security/ir.model.access.csv",
        "views/sms_twilio_account_manage_views.xml",
    ],
    "auto_install": True,
}
