from odoo import SUPERUSER_ID, api

from odoo.addons.service_schedule_demo.people import settle_in


def migrate(cr, version):
    """Give people who were there before their first page, and those who never came their clock."""
    settle_in(api.Environment(cr, SUPERUSER_ID, {}))
