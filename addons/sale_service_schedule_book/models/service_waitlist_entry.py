from odoo import fields, models


class ServiceWaitlistEntry(models.Model):
    _inherit = "service.waitlist.entry"

    guest_key = fields.Char(
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_system",
        help="The internet address of a guest, made unreadable: how much guests may wait for is bounded by it.",
    )
