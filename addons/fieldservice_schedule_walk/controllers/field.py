from odoo.http import request, route

from odoo.addons.fieldservice_schedule_day.controllers.field import FieldController


class WalkController(FieldController):
    """A walk for the technician's phone."""

    @route("/field/walk", type="jsonrpc", auth="user", methods=["POST"], readonly=True)
    def field_walk(self, job=None, **_query):
        """Return a walk with all its units: see ``fsm.order._get_walk_values``.

        :param int job: a walk that the user may work on
        """
        number = job if isinstance(job, int) and 0 < job < 2**31 else 0
        return request.env["fsm.order"]._find_field_job(number)._get_walk_values()
