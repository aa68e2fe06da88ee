from datetime import date
from urllib.parse import urlencode

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import email_normalize, format_date

from odoo.addons.sale_service_schedule.exceptions import FormRefused
from odoo.addons.sale_service_schedule.models.service_order_form import find, read_date, text_of
from odoo.addons.service_schedule.exceptions import NotBookable
from odoo.addons.service_schedule_waitlist.models.service_offer import FULL
from odoo.addons.service_schedule_waitlist.models.service_waitlist_entry import IN_LINE

from .service_booking_details import CONTACT


class ServiceBooking(models.AbstractModel):
    """The booking wizard's side way: waiting for a full day or window."""

    _inherit = "service.booking"

    # ------------------------------------------------------------------
    # What one can wait for
    # ------------------------------------------------------------------

    @api.model
    def _add_waits(self, offer, picker, resources, lanes):
        """Add to a picker, see ``_get_portal_picker``, where customers can wait for its full days and windows.

        A full day gets ``wait``, an address; the picker gets ``waits``, ``[(label, address)]`` of the chosen day when
        it is full, and of its full windows, and ``has_waits``.
        """
        first = date.fromisoformat(f"{picker['month']}-01")
        last = first + relativedelta(months=1, days=-1)
        fullness = {}
        if offer.has_waitlist:
            fullness = offer.get_fullness(first, last, resources=resources, lanes=lanes)

        def address(day, window=None):
            query = {"day": day, "window_id": window and window.id, "resource_id": resources and resources.id}
            query["quantity"] = lanes // offer.lanes if offer.lanes_per == "unit" else 0
            return f"/book/{offer.id}/wait?{urlencode({name: value for name, value in query.items() if value})}"

        for cell in (cell for week in picker["weeks"] for cell in week if cell and not cell["is_free"]):
            if fullness.get(date.fromisoformat(cell["iso"]), {}).get(None) == FULL:
                cell["wait"] = address(cell["iso"])
        chosen = fullness.get(date.fromisoformat(picker["day"]), {}) if picker["day"] else {}
        whole = [(self.env._("Any time that day"), address(picker["day"]))] if chosen.get(None) == FULL else []
        picker["waits"] = whole + [
            (window.display_name, address(picker["day"], window))
            for window in offer._get_windows()
            if chosen.get(window.id) == FULL
        ]
        picker["has_waits"] = any(cell and cell.get("wait") for week in picker["weeks"] for cell in week)

    @api.model
    def _read_wait_form(self, offer, post):
        """Return what ``post`` (raw strings by name) of the page to wait means."""
        resources = offer._get_bookable_resources()
        quantity = text_of(post, "quantity", "1")
        return {
            "day": read_date(text_of(post, "day")),
            "window": find(offer._get_windows(), post, "window_id", self.env["service.window"]),
            "resource": find(resources, post, "resource_id", resources.browse()),
            "quantity": int(quantity) if quantity.isascii() and quantity.isdigit() and len(quantity) < 4 else 1,
        }

    @api.model
    def _get_wait_values(self, offer, post, errors=None):
        """Return what the page to wait shows for ``post``, with ``errors`` (``{field: text}``)."""
        values = self._read_wait_form(offer, post)
        return {
            **values,
            "offer": offer,
            "day_label": format_date(self.env, values["day"], date_format="full") if values["day"] else "",
            "problem": self._get_wait_problem(offer, values),
            "needs_contact": self.env.user._is_public(),
            "may_sign_up": False,
            "contact": {name: text_of(post, name) for name in CONTACT},
            "errors": errors or {},
        }

    @api.model
    def _get_wait_problem(self, offer, values):
        """Return why there is nothing to wait for, "" when there is."""
        if not values["day"]:
            return self.env._("Choose a full day first.")
        try:
            offer._check_may_wait(
                values["day"], values["window"], values["resource"], offer._get_lanes(values["quantity"] or 1)
            )
        except NotBookable as refusal:
            return str(refusal)
        return ""

    # ------------------------------------------------------------------
    # Waiting
    # ------------------------------------------------------------------

    @api.model
    def _join_waitlist(self, offer, post, address):
        """Put the customer on the waitlist as ``post`` asks and return his entry. Joining twice is once.

        :param str address: the internet address, by which guests are bounded
        :raise FormRefused: with everything that is wrong
        :raise NotBookable: there is nothing to wait for, or he waits for too much already
        """
        values = self._read_wait_form(offer, post)
        is_guest = self.env.user._is_public()
        errors = {name: text for name, text in (self._check_contact(post) if is_guest else {}).items() if text}
        if not values["day"]:
            errors["choice"] = self.env._("Choose a full day first.")
        if errors:
            raise FormRefused(errors)
        if not is_guest:
            return self._join_for(offer, values, self.env.user.partner_id)
        key = self._get_holder(address)
        guests = self.env["service.waitlist.entry"].search([("guest_key", "=", key), ("state", "in", IN_LINE)])
        twin = guests.filtered(lambda entry: self._is_twin(entry, offer, values, text_of(post, "email")))
        if twin:
            return twin[:1]
        self._check_guest_limit(offer, guests)
        contact = {field: text_of(post, field).strip() for field in CONTACT}
        partner = self.env["res.partner"].create(
            {**contact, "company_id": offer.company_id.id, "lang": self.env.lang, "tz": offer.point_id.tz}
        )
        entry = self._join_for(offer, values, partner)
        entry.guest_key = key
        return entry

    @api.model
    def _join_for(self, offer, values, partner):
        """Put ``partner`` on the waitlist."""
        return self.env["service.waitlist.entry"]._join(
            offer,
            values["day"],
            partner,
            window=values["window"],
            resource=values["resource"],
            lanes=offer._get_lanes(values["quantity"] or 1),
        )

    @api.model
    def _is_twin(self, entry, offer, values, email):
        """Return whether a guest of the same address waits for just this under the same e-mail already."""
        place = (entry.offer_id, entry.day, entry.window_id, entry.resource_id)
        wanted = (offer, values["day"], values["window"], values["resource"])
        return place == wanted and email_normalize(entry.partner_id.email) == email_normalize(email)

    @api.model
    def _check_guest_limit(self, offer, waiting):
        """Raise ``NotBookable`` when guests of one address wait for as much as they may."""
        limit = offer.point_id.guest_hold_limit
        if len(waiting.filtered(lambda entry: entry.point_id == offer.point_id)) >= limit:
            raise NotBookable(
                self.env._("From your internet address, %(count)s wait already. Log in to wait as well.", count=limit)
            )
