"""The REST API beside Odoo's own, over HTTP."""
