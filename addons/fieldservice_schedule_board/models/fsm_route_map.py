from itertools import pairwise

from odoo import api, fields, models

from odoo.addons.fieldservice_schedule.dispatchlib import is_known, travel_matrix
from odoo.addons.fieldservice_schedule.models.fsm_order_leaves import OPEN
from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local_day

DONE = ("completed", "closed")


class FsmRouteMap(models.AbstractModel):
    """The routes of a day: each technician's stops in order, on the map as far as one knows where they are."""

    _name = "fsm.route.map"
    _description = "Map of Routes"

    @api.model
    @api.readonly
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
        self._add_legs(home if is_known(home) else None, stops)
        return {
            "person_id": person.id,
            "person": person.name,
            "color": number % 10,
            "home": {"name": place.name, "place": home if is_known(home) else False},
            "stops": stops,
            "minutes": sum(stop["minutes"] or 0 for stop in stops),
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
    def _add_legs(self, home, stops):
        """Say of each stop on the map how many minutes one drives to it, from the last place that is known."""
        located = [stop for stop in stops if stop["place"]]
        places = [home] * bool(home) + [stop["place"] for stop in located]
        legs = self._read_legs(list(pairwise(places)))
        for stop, seconds in zip(located[-len(legs) :] if legs else [], legs, strict=True):
            stop["minutes"] = -(-seconds // 60)

    @api.model
    def _read_legs(self, legs):
        """Return the seconds of driving of each of ``[(from, to)]``, coordinates."""
        roads = self.env.company._get_dispatch_roads()
        return [travel_matrix([origin, target], roads)[0][1] for origin, target in legs]

    # ------------------------------------------------------------------
    # Driving between jobs
    # ------------------------------------------------------------------

    @api.model
    def _get_driving(self, jobs, taken=None):
        """Return ``{job: {"minutes", "previous", "conflict"}}`` of planned jobs; see ``fsm.order._get_board_driving``."""
        planned = jobs.filtered(lambda job: job.state in OPEN and job.person_id and job.scheduled_date_start)
        if not planned:
            return {}
        if taken is None:
            stamps = [timing.to_stamp(job.scheduled_date_start) for job in planned]
            days = (min(stamps) - 86400, max(stamps) + 86400)
            taken = self.env["fsm.dispatch"]._read_taken(planned.person_id, jobs.browse(), *days)
        found = {}
        for person in planned.person_id:
            found.update(self._get_driving_of(person, taken[person].job_id))
        return {job: found[job] for job in planned if job in found}

    @api.model
    def _get_driving_of(self, person, stops):
        """Return the driving to each of one technician's jobs, ``stops`` in the order of time."""
        zone = self.env["fsm.board"]._get_zone()
        home = (person.sudo().start_latitude, person.sudo().start_longitude)
        found, previous, last_day = {}, None, None
        for job in stops.sorted(lambda job: (job.scheduled_date_start, job.id)):
            day = local_day(timing.to_stamp(job.scheduled_date_start), zone)
            previous = previous if day == last_day else None
            last_day, place = day, job._get_coordinates()
            if not place:
                continue
            origin = previous._get_coordinates() if previous else (home if is_known(home) else None)
            if origin:
                found[job.sudo(False)] = self._describe_leg(job, previous, origin, place)
            previous = job
        return found

    @api.model
    def _describe_leg(self, job, previous, origin, place):
        """Return the minutes of driving to a job, from where, and what is wrong with it."""
        seconds = self._read_legs([(origin, place)])[0]
        minutes, conflict = -(-seconds // 60), ""
        if previous:
            room = (job.scheduled_date_start - previous.scheduled_date_end).total_seconds()
            if 0 <= room < seconds:
                conflict = self.env._(
                    "%(minutes)s min to drive from %(previous)s, but only %(room)s min between them.",
                    minutes=minutes,
                    previous=previous.name,
                    room=int(room // 60),
                )
        origin_name = previous.name if previous else self.env._("the start of the day")
        return {"minutes": minutes, "previous": origin_name, "conflict": conflict}

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
