import logging
from datetime import date, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import timing
from ..exceptions import NotBookable
from ..schedlib import Reason, local, local_day, stamp, wall_text
from .service_reservation import NOW

_logger = logging.getLogger(__name__)

NEAREST = 3
CALENDAR_YEARS = range(1971, 2200)


class ServiceOffer(models.Model):
    _inherit = "service.offer"

    @api.private
    def parse_choice(self, choice, now=None):
        """Return ``(start stamp, window)`` of a choice as forms and clients send it.

        :param str choice: ``"window:<window id>:<YYYY-MM-DD>"``, ``"time:<ISO 8601 with an offset>"`` or ``"now"``, the
            next full minute
        :param datetime now: aware UTC; None is this moment
        :raise NotBookable: it cannot be read, or names no time that exists
        """
        self.ensure_one()
        kind, _colon, rest = (choice or "").partition(":")
        if choice == NOW:
            return self._get_now(now), None
        try:
            if kind == "window":
                window_id, _colon, day = rest.partition(":")
                return self._parse_window_choice(int(window_id), date.fromisoformat(day))
            if kind == "time":
                return self._parse_time_choice(datetime.fromisoformat(rest)), None
            problem = f"unknown kind {kind!r}"
        except (ValueError, OverflowError) as error:
            problem = str(error)
        _logger.info("unreadable choice %r: %s", choice, problem)
        raise NotBookable(self.env._("Choose one of the times offered."), [Reason.OFF_GRID])

    @staticmethod
    def _parse_time_choice(moment):
        """Return the stamp of an aware moment; ValueError for one without an offset or outside of any calendar."""
        if moment.year not in CALENDAR_YEARS or moment.microsecond:
            raise ValueError(moment)
        return stamp(moment)

    def _parse_window_choice(self, window_id, day):
        """Return ``(start stamp, window)``; ValueError when the window or its start do not exist."""
        if day.year not in CALENDAR_YEARS:
            raise ValueError(day)
        window = self._get_windows().filtered(lambda window: window.id == window_id)
        grid = self._get_choice_grid(day, window, self._get_policy()) if window else None
        if not grid or not grid.starts:
            raise ValueError(window_id)
        return grid.starts[0], window

    def _make_choice(self, slot):
        """Return the text that ``parse_choice`` reads for a ``schedlib.Slot``."""
        zone = self.point_id._get_zone()
        if slot.key:
            return f"window:{slot.key}:{local_day(slot.start, zone).isoformat()}"
        return f"time:{wall_text(slot.start, zone)}"

    @api.private
    def get_picker_days(self, first_day, last_day, *, resources=None, lanes=1, by_staff=False, now=None, ignore=None):
        """Return what a date picker shows of local days, inclusive, in the user's language.

        :return: ``{"2026-10-15": [{"choice", "kind": "window"|"time", "label", "places"}]}``; days on which nothing can
            be booked are left out. ``choice`` is what ``parse_choice`` reads.
        """
        zone = self.point_id._get_zone()
        windows = self.sudo().point_id.window_ids.grouped("id")
        picker = {}
        slots = self.get_availability(
            first_day, last_day, resources=resources, lanes=lanes, by_staff=by_staff, now=now, ignore=ignore
        )
        for slot in slots:
            moment = local(slot.start, zone)
            picker.setdefault(moment.date().isoformat(), []).append(
                {
                    "choice": self._make_choice(slot),
                    "kind": "window" if slot.key else "time",
                    "label": windows[slot.key].display_name if slot.key else timing.time_text(self.env, moment),
                    "places": slot.places,
                }
            )
        return picker

    def get_slots(self, first_day, last_day, lanes=1, ignore_id=False):
        """Return ``get_picker_days`` to the backend's slot picker, with the service point's today and zone.

        :param str first_day: ISO date; ``last_day`` as well, inclusive
        :param ignore_id: the reservation that is to move
        :return: ``{"days": …, "today": "2026-10-15", "tz": "America/New_York"}``
        """
        self.ensure_one()
        self.check_access("read")
        if lanes < 1:
            raise UserError(self.env._("An order takes at least one place."))
        days_of_picker = self.get_picker_days(
            fields.Date.to_date(first_day),
            fields.Date.to_date(last_day),
            lanes=lanes,
            by_staff=True,
            ignore=self.env["service.reservation"].browse(ignore_id) if ignore_id else None,
        )
        return {
            "days": days_of_picker,
            "today": self.point_id._get_today().isoformat(),
            "tz": self.point_id.tz,
        }

    @api.private
    def get_nearest(
        self, start, stop=None, *, resources=None, lanes=1, by_staff=False, now=None, ignore=None, count=NEAREST
    ):
        """Return the free slots nearest to ``start`` (stamp) within a week around, the lost one left out.

        :param int stop: end of the lost time: what meets it, buffers included, is lost as well, though our snapshot may
            still show it as free; None leaves out only what covers ``start``
        :param resources: only of these; None is any of the offer's
        """
        zone = self.point_id._get_zone()
        day = local_day(start, zone)
        slots = self.get_availability(
            day - timedelta(days=3),
            day + timedelta(days=7),
            resources=resources,
            lanes=lanes,
            by_staff=by_staff,
            now=now,
            ignore=ignore,
        )
        apart = (self.buffer_before_minutes + self.buffer_after_minutes) * 60
        lost = (start - apart, (stop or start + 1) + apart)
        others = [slot for slot in slots if slot.stop <= lost[0] or lost[1] <= slot.start]
        others.sort(key=lambda slot: abs(slot.start - start))
        return sorted(others[:count], key=lambda slot: slot.start)
