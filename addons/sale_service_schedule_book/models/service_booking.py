import re
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, hmac

from odoo.addons.sale_service_schedule.exceptions import FormRefused
from odoo.addons.sale_service_schedule.models.service_order_form import MOST_UNITS, find, text_of
from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.models.service_reservation import NOW
from odoo.addons.service_schedule.reasons import minutes_text
from odoo.addons.service_schedule.schedlib import Supply, local_day, reasons

DAY = 86400


class ServiceBooking(models.AbstractModel):
    """The booking wizard's first half: what can be booked, with whom and when, and holding a time.

    Runs as superuser for the user whose request it is, also the public one: customers have no rights on shops, offers
    and products. What they may use is decided by ``service.order.form`` and by what hangs on it.
    """

    _name = "service.booking"
    _description = "Booking Wizard"

    # ------------------------------------------------------------------
    # What can be booked
    # ------------------------------------------------------------------

    @api.model
    def _get_points(self):
        """Return the service points where the user can book."""
        return self.env["service.order.form"]._get_points()

    @api.model
    def _find_offer(self, offer_id):
        """Return the published offer with this id that something sells, empty when there is none for this user."""
        form = self.env["service.order.form"]
        domain = Domain("id", "=", offer_id) & form._get_offers_domain()
        offer = self.env["service.offer"].search(domain & Domain("point_id", "any", form._get_points_domain()))
        return offer.filtered(self._get_products)

    @api.model
    def _get_products(self, offers):
        """Return the products that sell these offers of one service point, the cheapest first."""
        return self.env["service.order.form"]._get_products(offers.point_id, offers).sorted("lst_price")

    @api.model
    def _get_catalogue(self):
        """Return ``[{"point", "cards"}]``, a card per offer; the number of queries does not grow with the offers."""
        return [{"point": point, "cards": self._get_cards(point)} for point in self._get_points()]

    @api.model
    def _get_cards(self, point):
        """Return what the first page shows of each offer of one point."""
        offers = point.offer_ids.filtered("is_published")
        products = self._get_products(offers)
        prices = self._get_prices(point, products)
        at_once = self._get_offers_of_now(point, offers)
        pictured = self._get_pictured(products)
        cards = []
        for offer in offers:
            sold = products.filtered(lambda product, offer=offer: offer in product.service_offer_ids)
            if not sold:
                continue
            own_prices = [prices[product] for product in sold]
            cards.append(
                {
                    "offer": offer,
                    "has_image": bool(sold & pictured),
                    "text": sold[0].description_sale or "",
                    "duration": minutes_text(self.env, offer.duration_minutes) if offer.allow_times else "",
                    "price": min(own_prices),
                    "is_from": min(own_prices) != max(own_prices),
                    "currency": self._get_currency(point),
                    "kind": offer.kind_id,
                    "is_now": offer in at_once,
                }
            )
        return cards

    @api.model
    def _get_pictured(self, products):
        """Return those of these products that have a picture."""
        with_sizes = products.with_context(bin_size=True)  # of the pictures only the sizes are read
        return products & with_sizes.filtered("image_128")

    @api.model
    def _get_prices(self, point, products):
        """Return ``{product: price of one unit, taxes included}``, as an order of this user would have it.

        It is in the currency of ``_get_currency``.
        """
        company = point.company_id
        partner = self.env.user.partner_id.with_company(company)
        currency = self._get_currency(point)
        prices = partner.property_product_pricelist._get_products_price(products, 1.0, currency=currency)
        position = self.env["account.fiscal.position"].with_company(company)._get_fiscal_position(partner)
        with_taxes = {}
        for product in products:
            taxes = position.map_tax(product.taxes_id._filter_taxes_by_company(company))
            price = prices[product.id]
            with_taxes[product] = taxes.compute_all(price, currency, 1.0, product, partner)["total_included"]
        return with_taxes

    @api.model
    def _get_currency(self, point):
        """Return the currency of an order of this user: the pricelist's, else the company's."""
        partner = self.env.user.partner_id.with_company(point.company_id)
        return partner.property_product_pricelist.currency_id or point.company_id.currency_id

    @api.model
    def _get_offers_of_now(self, point, offers, now=None):
        """Return those offers of one point that somebody could begin at once, in a fixed number of queries."""
        offers = offers.filtered("allow_now")
        if not offers:
            return offers
        now = now or timing.utc_now()
        zone = point._get_zone()
        start = offers[0]._get_now(now)
        day = local_day(start, zone)
        longest = DAY * (1 + max(offers.mapped("duration_minutes")) // 1440)
        resources = offers._get_candidates()
        opening, holidays, hours = point._read_hours(resources, day, day + timedelta(seconds=longest))
        claims = self.env["service.reservation"]._read_claims(resources, start - DAY, start + 2 * longest, now=now)

        def is_free(offer):
            supplies = [
                Supply(resource.id, resource.lane_count, hours[resource.id], claims.get(resource.id, []))
                for resource in offer._get_candidates()
            ]
            policy = offer._get_choice_policy(start, None, False, now)
            stop = start + offer.duration_minutes * 60
            return not reasons(start, stop, None, opening, supplies, policy, now, zone, leaves=holidays)

        return offers.filtered(is_free)

    # ------------------------------------------------------------------
    # Who and when
    # ------------------------------------------------------------------

    @api.model
    def _read_picker_form(self, offer, post, hold=None):
        """Return what ``post`` (raw strings by name) of the second page means.

        :param hold: the hold that the customer has of this offer: what he chose then stands until he says otherwise
        """
        products = self._get_products(offer)
        resources = offer._get_bookable_resources()
        shown = self.env["service.order.form"]._read_picker(post)
        is_fresh = not post.get("go")
        product, quantity_text, resource = products[:1], "1", resources.browse()
        if hold:
            product, quantity_text = hold._get_book_product(), str(hold._get_book_quantity())
            resource = hold.resource_id & resources if hold.is_resource_chosen else resource
            if is_fresh and not shown["choice"] and not shown["day"]:
                shown["choice"] = hold._get_book_choice() if hold.state == "held" else ""
                shown["day"] = local_day(timing.to_stamp(hold.start), offer.point_id._get_zone())
        quantity_text = text_of(post, "quantity", quantity_text).strip()
        quantity = int(quantity_text) if re.fullmatch("[0-9]{1,4}", quantity_text) else 0
        return {
            "offer": offer,
            "products": products,
            "product": find(products, post, "product_id", product),
            "resources": resources,
            "resource": find(resources, post, "resource_id", resource),
            "counts_units": offer.lanes_per == "unit",
            "quantity_text": quantity_text,
            "quantity": quantity if quantity <= MOST_UNITS else 0,
            **shown,
        }

    @api.model
    def _get_picker_values(self, offer, post, hold=None, errors=None):
        """Return what the template of the second page shows for ``post``, with ``errors`` (``{field: text}``)."""
        values = self._read_picker_form(offer, post, hold)
        lanes = offer._get_lanes(values["quantity"] or 1)
        resources = values["resource"] or None
        choice = "" if values["choice"] == NOW else values["choice"]
        picker = offer._get_portal_picker(
            day=values["day"], month=values["month"], choice=choice, lanes=lanes, ignore=hold, resources=resources
        )
        self._add_waits(offer, picker, resources, lanes)
        return {
            **values,
            "hold": hold,
            "picker": picker,
            "now_choice": offer._get_now_choice(resources=resources, lanes=lanes),
            "price": self._get_price(values),
            "most_units": MOST_UNITS,
            "errors": errors or {},
            "page_name": "book",
        }

    @api.model
    def _get_price(self, values):
        """Return ``{"total", "currency"}`` of what would be booked, None while it cannot be known."""
        if not values["product"] or not values["quantity"]:
            return None
        point = values["offer"].point_id
        unit = self._get_prices(point, values["product"])[values["product"]]
        currency = self._get_currency(point)
        return {"total": currency.round(unit * values["quantity"]), "currency": currency}

    # ------------------------------------------------------------------
    # Holding
    # ------------------------------------------------------------------

    @api.model
    def _get_holder(self, address):
        """Return whom a hold counts for: the user's partner, for guests their address made unreadable."""
        user = self.env.user
        if not user._is_public():
            return f"partner:{user.partner_id.id}"
        return f"address:{hmac(self.env, 'service.reservation.holder', address)[:40]}"

    @api.model
    def _take(self, offer, post, holder, session_key, *, hold=None, origin=None):
        """Hold the time that ``post`` asks for and return the reservation; ``hold`` moves instead, answers and all.

        Asking for the same time again changes nothing and prolongs nothing.

        :param str session_key: names the browser session: of guests' holds, only its own can be the same time again
        :raise FormRefused: with everything that is wrong
        :raise NotBookable, TimeTaken: as ``service.reservation._hold``
        """
        values = self._read_picker_form(offer, post, hold)
        self._check_picker_form(values)
        lanes = offer._get_lanes(values["quantity"])
        resources = values["resource"] or None
        choice = values["choice"]
        if not hold:
            partner = None if self.env.user._is_public() else self.env.user.partner_id
            mine = self.env["service.reservation"].search(
                [("state", "=", "held"), ("holder", "=", holder), ("book_session", "=", session_key)]
            )
            hold = self.env["service.reservation"]._hold(
                offer,
                choice,
                holder=holder,
                mine=mine if partner is None else None,
                partner=partner,
                resources=resources,
                lanes=lanes,
                origin=origin,
            )
        elif not hold._keeps(choice, resources, lanes):
            hold._move_hold(choice, holder=holder, resources=resources, lanes=lanes, anew=not hold._is_live())
        hold._set_booked(values["product"], values["quantity"], session_key)
        return hold

    @api.model
    def _wait_for_twin(self, key):
        """Wait while the same is done by another request, as a double click does, and let no other in until the end.

        :param str key: what must not be done twice at once: the name of a session that takes a time, or of a booking

        What a twin has done is in no snapshot from before: so the transaction begins anew here, and once more after
        waiting. Callers have written nothing yet.
        """
        lock = SQL("hashtextextended(%s, 0)", f"service.booking {key}")
        while True:
            self.env.cr.rollback()
            [(is_alone,)] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s)", lock))
            if is_alone:
                return
            self.env.execute_query(SQL("SELECT pg_advisory_xact_lock(%s)", lock))

    @api.model
    def _check_picker_form(self, values):
        """Raise ``FormRefused`` with everything that is wrong before a time is asked for."""
        errors = {}
        if not values["product"]:
            errors["product_id"] = self.env._("Choose one of the services listed.")
        if not values["quantity"]:
            errors["quantity"] = self.env._("The quantity is a whole number from 1 to %(most)s.", most=MOST_UNITS)
        if not values["choice"]:
            errors["choice"] = self.env._("Choose a day, then one of its times.")
        if errors:
            raise FormRefused(errors)
