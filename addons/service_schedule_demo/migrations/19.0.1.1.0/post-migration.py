from odoo import SUPERUSER_ID, api

from odoo.addons.service_schedule_demo.corner_shop import CornerShop
from odoo.addons.service_schedule_demo.garage import Garage
from odoo.addons.service_schedule_demo.windshield import Windshield


def migrate(cr, version):
    """Open the other three businesses beside a dive shop that was there before, each with its own staff."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    blue_reef = env.ref("service_schedule_demo.point_blue_reef")
    if not blue_reef.user_ids:
        blue_reef.user_ids = env.ref("service_schedule_demo.user_technician")
    CornerShop(env).open()
    Garage(env).open()
    Windshield(env).open()
