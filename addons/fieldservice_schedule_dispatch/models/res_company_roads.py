import re
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..travel_services import SERVICES, TravelError


class ResCompany(models.Model):
    """Where a company's driving times come from. Only administrators see and change it."""

    _inherit = "res.company"

    dispatch_roads = fields.Selection(
        [
            ("straight", "Straight line"),
            ("osrm", "OSRM"),
            ("ors", "openrouteservice"),
            ("valhalla", "Valhalla"),
        ],
        "Driving Times",
        default="straight",
        required=True,
        groups="base.group_system",
        help="The straight line needs nothing. The others are servers that know the roads.",
    )
    dispatch_roads_url = fields.Char(
        "Server", groups="base.group_system", help="For example https://roads.example.com."
    )
    dispatch_roads_key = fields.Char("Key", groups="base.group_system", help="What the server wants to be shown.")
    dispatch_roads_profile = fields.Char(
        "Vehicle", groups="base.group_system", help="The server's name of a vehicle. Left empty, a car."
    )
    dispatch_roads_block = fields.Integer(
        "Places a Question",
        default=50,
        groups="base.group_system",
        help="On each side. Public servers allow 50; a server of one's own may allow more, or fewer.",
    )
    dispatch_roads_days = fields.Integer(
        "Days to Keep", default=30, groups="base.group_system", help="After that the server is asked again."
    )

    _dispatch_roads_check = models.Constraint(
        "CHECK (dispatch_roads_block BETWEEN 1 AND 1000 AND dispatch_roads_days BETWEEN 1 AND 365)",
        "Ask for 1 to 1000 places at a time, and keep ways 1 to 365 days.",
    )

    @api.constrains("dispatch_roads", "dispatch_roads_url", "dispatch_roads_profile")
    def _check_dispatch_roads(self):
        for company in self:
            if company.dispatch_roads == "straight" and not company.dispatch_roads_url:
                continue
            parts = urlsplit(company.dispatch_roads_url or "")
            plain = not (parts.username or parts.password or parts.query or parts.fragment)
            if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
                raise ValidationError(
                    self.env._("The server of driving times is an address like https://roads.example.com.")
                )
            if not re.fullmatch(r"[\w-]*", company.dispatch_roads_profile or ""):
                raise ValidationError(self.env._("A vehicle is one word, as the server knows it."))

    def _get_road_service(self):
        """Return the `Service` to ask for driving times, None when the straight line is enough."""
        company = self.sudo()  # sudo: whoever plans needs the times, not the address or the key
        service = SERVICES.get(company.dispatch_roads)
        if not service or not company.dispatch_roads_url:
            return None
        key, profile = company.dispatch_roads_key or "", company.dispatch_roads_profile or ""
        return service(company.dispatch_roads_url, key, profile)

    def action_try_roads(self):
        """Ask the server for one way and say what it answers."""
        self.ensure_one()
        self.check_access("write")
        service = self._get_road_service()
        said, kind = self.env._("Choose a server first."), "warning"
        if service:
            here = (self.partner_id.partner_latitude, self.partner_id.partner_longitude)
            here = here if any(here) else (52.5170, 13.3889)
            try:
                [[way]] = service.ask([here], [(here[0] + 0.02, here[1] + 0.02)])
                said = self.env._("It answers: no way there.")
                if way:
                    said = self.env._("It answers: %(minutes)s minutes for %(km)s km.", **_in_words(way))
                kind = "success"
            except TravelError as error:
                said, kind = self.env._("It does not answer as it should: %(error)s.", error=error), "danger"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"title": self.env._("Driving Times"), "message": said, "type": kind},
        }


def _in_words(way):
    """Return ``{"minutes", "km"}`` of ``(seconds, metres)``."""
    return {"minutes": -(-way[0] // 60), "km": round(way[1] / 1000, 1)}
