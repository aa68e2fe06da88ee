"""What sends a webhook, without Odoo: where it may go, how it is signed, sent and tried again."""
