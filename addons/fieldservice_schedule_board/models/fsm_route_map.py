from itertools import pairwise

from odoo import api, fields, models

from odoo.addons.fieldservice_schedule.dispatchlib import is_known

DONE = ("completed", "closed")


class FsmRouteMap(models.AbstractModel):
    """The routes of a day: each technician's stops in order, on the map as far as one knows where they are."""

    _name = "fsm.route.map"
    _description = "Map of Routes"

    @api.model
    def read_routes(self, day=False, person_ids=None):
        """Return the routes of a day, as JSON.

        :param str day: ISO date of the company's clock; False is today
        :param person_ids: whose; None is everybody's whom the board shows
        :raise AccessError: the user may not see jobs
        """
        board = self.env["fsm.board"]
        orders = self.env["fsm.order"]
        orders.check_access("read")
        days = board._get_days(fields.Date.to_date(day), 1)
        jobs = orders._search_on_board([("person_id", "!=", False)], days)
        persons = board._search_persons(jobs)
        values = {value["id"]: value for value in jobs._get_board_values()}
        by_person = jobs.grouped("person_id")
        # the colour is the row's, so that it stays the same whoever is looked at
        routes = [
            self._prepare_route(person, by_person.get(person, orders), values, number)
            for number, person in enumerate(persons)
            if person_ids is None or person.id in person_ids
        ]
        self._add_legs(routes)
        return {
            "zone": days.zone.key,
            "day": days.first.isoformat(),
            "technicians": [{"id": person.id, "name": person.name} for person in persons],
            "routes": routes,
            "tiles": self._get_tiles(),
        }

    @api.model
    def _prepare_route(self, person, jobs, values, number):
        """Return one technician's route as JSON.

        :param values: ``{job id: what the board shows of it}``
        """
        person_sudo = person.sudo()  # sudo: where a colleague's day starts may be known to whoever sees his jobs
        home = (person_sudo.start_latitude, person_sudo.start_longitude)
        place = person_sudo.start_partner_id or person_sudo.partner_id
        stops = [self._prepare_stop(job, values[job.id], number) for number, job in enumerate(jobs, 1)]
        return {
            "person_id": person.id,
            "person": person.name,
            "color": number % 10,
            "home": {"name": place.name, "place": home if is_known(home) else False},
            "stops": stops,
            "minutes": 0,
        }

    @api.model
    def _prepare_stop(self, job, values, number):
        """Return a stop: what the board shows of the job, its number, and where it is (False: nobody knows)."""
        place = job._get_coordinates()
        shown = ("id", "name", "state", "state_label", "start", "stop", "customer", "site", "unit")
        return {
            **{name: values[name] for name in shown},
            "number": number,
            "place": place or False,
            "minutes": None,
            "is_done": job.state in DONE,
        }

    @api.model
    def _add_legs(self, routes):
        """Say of each stop on the map how many minutes one drives to it, from the last place that is known.

        One query at most for all routes together.
        """
        legs = []
        for route in routes:
            located = [stop for stop in route["stops"] if stop["place"]]
            start = [{"place": route["home"]["place"]}] if route["home"]["place"] else []
            legs += [(origin["place"], stop) for origin, stop in pairwise([*start, *located])]
        places = list(dict.fromkeys(place for origin, stop in legs for place in (origin, stop["place"])))
        if not places:
            return
        rows = {place: number for number, place in enumerate(places)}
        matrix = self.env["fsm.travel"]._get_ways(self.env.company, places).matrix
        for origin, stop in legs:
            seconds = matrix[rows[origin]][rows[stop["place"]]]
            stop["minutes"] = None if seconds is None else -(-seconds // 60)
        for route in routes:
            route["minutes"] = sum(stop["minutes"] or 0 for stop in route["stops"])

    # ------------------------------------------------------------------
    # Maps
    # ------------------------------------------------------------------

    @api.model
    def _get_tiles(self):
        """Return ``{"url", "attribution"}`` of the map's pictures; without a URL nothing is loaded from anywhere."""
        # sudo: where maps come from is set by an administrator, and used by whoever looks at one
        parameters = self.env["ir.config_parameter"].sudo()
        return {
            "url": parameters.get_param("fieldservice_schedule_board.tile_url", ""),
            "attribution": parameters.get_param("fieldservice_schedule_board.tile_attribution", ""),
        }

    @api.model
    def _prepare_action(self, day=False, person_ids=None):
        """Return the action that shows the routes of a day."""
        action = self.env["ir.actions.client"]._for_xml_id("fieldservice_schedule_board.fsm_route_map_action")
        return {**action, "context": {"fsm_route_day": day, "fsm_route_persons": person_ids or False}}
