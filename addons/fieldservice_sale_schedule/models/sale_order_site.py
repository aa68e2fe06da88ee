from odoo import api, fields, models
from odoo.fields import Domain

from .product_template import TRACKED


class SaleOrder(models.Model):
    """Where the jobs of an order are done: the site that was chosen, or the one that goes without saying."""

    _inherit = "sale.order"

    commercial_partner_id = fields.Many2one(related="partner_id.commercial_partner_id")

    @api.depends("partner_id", "partner_shipping_id", "company_id")
    def _compute_fsm_location_id(self):
        """Override of ``fieldservice_sale``, which finds a site only when it is the customer's own address.

        The delivery address counts first, then the only site that the customer has. What was chosen stays, as long as
        it is the customer's.
        """
        sites = self._search_sites()
        for order in self:
            mine = order._filter_sites(sites)
            here = mine.filtered(
                lambda site, order=order: site.partner_id in (order.partner_shipping_id, order.partner_id)
            )
            kept = order.fsm_location_id if order.fsm_location_id in mine else mine.browse()
            order.fsm_location_id = here[:1] or kept or (mine if len(mine) == 1 else False)

    def _search_sites(self):
        """Return the sites of the customers of these orders, as superuser, oldest first; one query."""
        # sudo: which sites a customer has may be known to whoever sells to him
        owners = self.partner_id.commercial_partner_id
        domain = Domain("owner_id.commercial_partner_id", "in", owners.ids)
        domain |= Domain("partner_id", "in", (self.partner_id | self.partner_shipping_id).ids)
        return self.env["fsm.location"].sudo().search(domain, order="id")

    def _filter_sites(self, sites):
        """Return those of the sites that are of this order's customer and company."""
        self.ensure_one()
        customer, addresses = self.partner_id.commercial_partner_id, self.partner_id | self.partner_shipping_id
        return sites.filtered(
            lambda site: (
                (site.owner_id.commercial_partner_id == customer or site.partner_id in addresses)
                and site.company_id in (self.company_id, site.company_id.browse())
            )
        )

    def _lacks_site(self):
        """Return whether this order makes jobs, and nobody said where."""
        self.ensure_one()
        tracked = self.order_line.product_id.filtered(lambda product: product.field_service_tracking in TRACKED)
        return bool(tracked) and not self.fsm_location_id

    def _confirmation_error_message(self):
        """Override of ``sale`` to ask for the site when the customer has several.

        Not of a customer who accepts or pays on his own (Odoo does that as the superuser): nothing is to keep his order
        from being accepted.
        """
        message = super()._confirmation_error_message()
        if message or self.env.su or not self._lacks_site():
            return message
        sites = self._filter_sites(self._search_sites())
        if len(sites) < 2:
            return message
        return self.env._(
            "Order %(order)s: choose the service location, the customer has several: %(sites)s",
            order=self.name,
            sites=", ".join(sites.mapped("name")),
        )

    def _settle_sites(self):
        """Give the orders that make jobs a site: the customer's first, else a new one at the delivery address."""
        lacking = self.sudo().filtered(lambda order: order._lacks_site())  # sudo: as in ``_search_sites``
        sites = lacking._search_sites() if lacking else self.env["fsm.location"]
        for order in lacking:
            mine = order._filter_sites(sites)
            order.fsm_location_id = mine[:1] or order._create_site()
            if len(mine) > 1:
                order._message_log(
                    body=self.env._(
                        "The customer has several sites and nobody chose one: the jobs are planned for %(site)s.",
                        site=order.fsm_location_id.display_name,
                    )
                )

    def _create_site(self):
        """Return a new site of the customer at this order's delivery address."""
        self.ensure_one()
        address = self.partner_shipping_id or self.partner_id
        if address.fsm_location_ids:
            return address.fsm_location_ids[:1]
        return self.env["fsm.location"].create(self.env["fsm.wizard"]._prepare_site_values(address))
