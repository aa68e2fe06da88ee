from odoo import api, models
from odoo.fields import Domain

from odoo.addons.service_schedule.schedlib import local_day


class ServiceOffer(models.Model):
    _inherit = "service.offer"

    @api.model
    def _get_api_offers(self, points):
        """Return the offers of service points that the user may book; a customer's, those that are published."""
        offers = points.offer_ids
        return offers.filtered("is_published") if self.env.user.share else offers

    def _get_api_resources(self):
        """Return who or what can be asked for by name; customers, where the offer lets them."""
        self.ensure_one()
        candidates = self._get_candidates()
        return candidates if self.choose_resource or not self.env.user.share else candidates.browse()

    def _get_api_prices(self):
        """Return ``{product id: (price of one unit, currency)}`` of what sells these offers, as the user would pay it.

        A fixed number of queries for each company.
        """
        prices = {}
        partner = self.env.user.partner_id
        for company in self.company_id:
            offers = self.filtered(lambda offer, company=company: offer.company_id == company)
            products = (
                self.env["product.product"]
                .with_company(company)
                .search(offers._get_products_domain() & Domain("company_id", "in", [False, company.id]))
            )
            pricelist = partner.with_company(company).property_product_pricelist
            currency = pricelist.currency_id or company.currency_id
            found = pricelist._get_products_price(products, 1.0, currency=currency)
            prices |= {product_id: (price, currency) for product_id, price in found.items()}
        return prices

    def _check_starts(self, wanted, by_staff=False):
        """Return for each wanted start why it cannot be booked, [] when it can; queries do not grow with them.

        :param wanted: ``[(start stamp, resource or None)]``, within two months
        """
        self.ensure_one()
        zone = self.point_id._get_zone()
        days = [local_day(start, zone) for start, _resource in wanted]
        # what starts on the last day ends on a later one when the offer takes longer than that day: read as well
        opening, holidays, supplies = self._read_supplies(min(days), max(days))
        return [
            self._evaluate(
                start,
                None,
                by_staff=by_staff,
                read=(opening, holidays, [supply for supply in supplies if not resource or supply.id == resource.id]),
            )[0]
            for start, resource in wanted
        ]
