from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import content_disposition, request, route
from odoo.tools import consteq

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

SHOWN = ("completed", "closed")
UNSTORED = [("Cache-Control", "no-store")]
PAGE = {"type": "http", "website": True, "sitemap": False, "methods": ["GET"]}
ON_PAGE = 20


class WalkPortal(CustomerPortal):
    """What fleet customers see of the walks over their lots: their company's; by a link, the one that it is of."""

    def _prepare_home_portal_values(self, counters):
        """Override of ``portal`` to count the customer's walks."""
        values = super()._prepare_home_portal_values(counters)
        if "walk_count" in counters:
            values["walk_count"] = self._get_orders().search_count(self._get_own_walks())
        return values

    @route(["/my/walks", "/my/walks/page/<int:page>"], auth="user", **PAGE)
    def portal_my_walks(self, page=1, **query):
        """List the walks over the lots of the user's company."""
        orders, domain = self._get_orders(), self._get_own_walks()
        pages = pager("/my/walks", total=orders.search_count(domain), page=page, step=ON_PAGE)
        walks = orders.search(domain, order="date_end desc, id desc", limit=ON_PAGE, offset=pages["offset"])
        values = {
            **self._prepare_portal_layout_values(),
            "walks": walks,
            "pager": pages,
            "page_name": "walks",
            "default_url": "/my/walks",
        }
        return request.render("fieldservice_schedule_walk.portal_my_walks", values, headers=UNSTORED)

    @route("/my/walks/<int:walk_id>", auth="public", **PAGE)
    def portal_my_walk(self, walk_id, access_token=None, **query):
        """Show the summary of a walk."""
        walk = self._find_walk(walk_id, access_token)
        values = {
            **self._prepare_portal_layout_values(),
            "s": walk._get_walk_summary(),
            "walk": walk,
            "access_token": access_token,
            "token_query": f"?access_token={access_token}" if access_token else "",
            "page_name": "walk",
        }
        return request.render("fieldservice_schedule_walk.portal_my_walk", values, headers=UNSTORED)

    @route("/my/walks/<int:walk_id>/summary.pdf", auth="public", readonly=False, **PAGE)
    def portal_walk_file(self, walk_id, access_token=None, **query):
        """Return the summary of a walk as a file."""
        file = self._find_walk(walk_id, access_token)._get_walk_file()
        return self._send(file.raw, file.mimetype, file.name)

    @route("/my/walks/<int:walk_id>/photos/<int:photo_id>", auth="public", **PAGE)
    def portal_walk_photo(self, walk_id, photo_id, access_token=None, **query):
        """Return a photo of one of the findings of a walk."""
        photos = self._find_walk(walk_id, access_token)._get_findings().finding_photo_ids
        photo = photos.filtered(lambda photo: photo.id == photo_id)
        if not photo:
            raise NotFound
        return self._send(photo.raw, photo.mimetype)

    def _send(self, content, kind, name=""):
        """Return a response with a file. Nobody between us and the reader keeps it."""
        headers = [
            ("Content-Type", kind),
            ("Cache-Control", "private, no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        if name:
            headers.append(("Content-Disposition", content_disposition(name)))
        return request.make_response(content, headers)

    def _get_orders(self):
        """Return the model of jobs. sudo: customers have no rights on it; what they ask for is bound to them here."""
        return request.env["fsm.order"].sudo()

    def _get_own_walks(self):
        """Return the domain of the finished walks over the lots of the user's company."""
        customer = request.env.user.partner_id.commercial_partner_id
        return (
            Domain("partner_id", "=", customer.id)
            & Domain("type.internal_type", "=", "lot_walk")
            & Domain("state", "in", SHOWN)
        )

    def _find_walk(self, walk_id, token):
        """Return a finished walk of the user's company, or the one that the token is of.

        :raise NotFound: there is none for him; it does not say whether there is one for others
        """
        orders = self._get_orders()
        walk = orders.browse(walk_id).exists()
        is_invited = bool(walk and token and walk.access_token and consteq(walk.access_token, token))
        is_own = not request.env.user._is_public() and bool(walk.filtered_domain(self._get_own_walks()))
        if not is_own and not (is_invited and walk._is_walk() and walk.state in SHOWN):
            raise NotFound
        return walk
