from odoo import models


class ServiceOffer(models.Model):
    _inherit = "service.offer"

    def _read_supplies(self, first_day, last_day, resources=None, ignore=None, now=None):
        """Override of ``service_schedule``: an order that moves takes its other jobs along; they are not in its way."""
        if ignore:
            # sudo: whoever moves the order need not read its jobs
            ignore = ignore.sudo() | ignore.sudo()._get_jobs_in_turn().reservation_id
        return super()._read_supplies(first_day, last_day, resources, ignore, now)
