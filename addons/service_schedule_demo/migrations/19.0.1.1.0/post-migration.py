from odoo import SUPERUSER_ID, api

from odoo.addons.service_schedule_demo.garage import Garage


def migrate(cr, version):
    """Open the garage beside a dive shop that was there before, each with its own staff."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    blue_reef = env.ref("service_schedule_demo.point_blue_reef")
    if not blue_reef.user_ids:
        blue_reef.user_ids = env.ref("service_schedule_demo.user_technician")
    Garage(env).open()
