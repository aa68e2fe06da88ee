from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.addons.sale.controllers.portal import CustomerPortal

from ..exceptions import FormRefused
from ..models.service_order_form import LONGEST_REASON, read_date, text_of

UNSTORED = [("Cache-Control", "no-store")]
"""A form fetched again has a fresh key and the places that are free now."""
REFUSED = [("Cache-Control", "private, no-cache")]
"""Of the answer to a refused form, which has no address of its own: without a copy in the browser, going back to it
ends on the browser's own error page, and what was typed is lost."""


class ServicePortal(CustomerPortal):
    # ------------------------------------------------------------------
    # My service orders
    # ------------------------------------------------------------------

    def _prepare_home_portal_values(self, counters):
        """Override of ``portal`` to count the customer's service orders."""
        values = super()._prepare_home_portal_values(counters)
        if "service_order_count" in counters:
            orders = request.env["sale.order"]
            domain = orders._get_portal_service_domain()
            values["service_order_count"] = orders.search_count(domain) if orders.has_access("read") else 0
        return values

    def _prepare_quotations_domain(self, partner):
        """Override of ``sale``: an order that waits for the shop, not for the customer, is nothing to review."""
        waits_for_customer = (
            Domain("service_point_id", "=", False)
            | Domain("require_signature", "=", True)
            | Domain("require_payment", "=", True)
        )
        return Domain(super()._prepare_quotations_domain(partner)) & waits_for_customer

    @route(["/my/service", "/my/service/page/<int:page>"], type="http", auth="user", website=True, sitemap=False)
    def portal_my_service(self, page=1, **kwargs):
        """List the customer's service orders, open ones first."""
        orders = request.env["sale.order"]
        total = orders.search_count(orders._get_portal_service_domain())
        pager = portal_pager(url="/my/service", total=total, page=page, step=self._items_per_page)
        shown = orders._get_portal_service_page(pager["offset"], self._items_per_page)
        request.session["my_quotations_history"] = request.session["my_orders_history"] = shown.ids[:100]
        values = {
            **self._prepare_portal_layout_values(),
            "orders": shown.sudo(),  # sudo: of their own orders customers may read shop and time as well
            "pager": pager,
            "page_name": "service",
            "default_url": "/my/service",
        }
        return request.render("sale_service_schedule.portal_my_service", values)

    # ------------------------------------------------------------------
    # A new order
    # ------------------------------------------------------------------

    @route("/my/service/new", type="http", auth="user", website=True, methods=["GET"], sitemap=False)
    def portal_service_new(self, **query):
        """Show the order form."""
        return self._render_order_form(query)

    @route("/my/service/new", type="http", auth="user", website=True, methods=["POST"], sitemap=False)
    def portal_service_place(self, **post):
        """Place the order, or show the form again: as the customer asked, or with what is wrong."""
        if text_of(post, "go", "place") != "place":
            return self._render_order_form(post)
        form = self._get_order_form()
        if form._wait_for_twin(post):
            request.env.cr.rollback()
        placed = form._find_placed(post)
        if placed:
            return self._redirect_to_order(placed, "service_again")
        order, refusal = self._attempt(lambda: form._place(post))
        if order:
            return self._redirect_to_order(order, "service_placed")
        placed = form._find_placed(post)
        if placed:
            return self._redirect_to_order(placed, "service_again")
        return self._render_order_form(post, refusal)

    def _get_order_form(self):
        """Return the form's model. sudo: it decides itself what the user may use, see there."""
        return request.env["service.order.form"].sudo()

    def _render_order_form(self, post, refusal=None):
        """Return the page with the order form, or only the form when the page's script asks for it."""
        values = self._get_order_form()._get_form_values(post, self._get_refusal_errors(refusal))
        template = "portal_order_form" if text_of(post, "fragment") else "portal_service_new"
        return self._render_form(template, {**self._prepare_portal_layout_values(), **values}, refusal)

    # ------------------------------------------------------------------
    # Changing an order
    # ------------------------------------------------------------------

    @route(
        "/my/service/<int:order_id>/reschedule",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def portal_service_reschedule(self, order_id, access_token=None, **query):
        """Show the date picker with the time that the order has."""
        order = self._get_own_order(order_id, access_token)
        return self._render_reschedule(order, query, access_token) if order else self._redirect_stranger()

    @route(
        "/my/service/<int:order_id>/reschedule",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_service_move(self, order_id, access_token=None, **post):
        """Move the order to the chosen time, or show the picker again."""
        order = self._get_own_order(order_id, access_token)
        if not order:
            return self._redirect_stranger()
        if text_of(post, "go", "place") != "place":
            return self._render_reschedule(order, post, access_token)
        choice, day, reason = text_of(post, "choice"), read_date(text_of(post, "day")), text_of(post, "reason")
        moved, refusal = self._attempt(lambda: order._reschedule_by_customer(choice, day, reason))
        if refusal:
            return self._render_reschedule(order, post, access_token, refusal)
        return self._redirect_to_order(order, "service_rescheduled" if moved else "service_same", access_token)

    def _render_reschedule(self, order, post, access_token, refusal=None):
        """Return the page to reschedule ``order``, or only its form when the page's script asks for it."""
        may_change = order._may_customer_change() and order.service_offer_id
        values = {
            **self._prepare_portal_layout_values(),
            "sale_order": order,
            "picker": order._prepare_portal_picker(post) if may_change else None,
            "panel": order._prepare_portal_panel(),
            "reason": text_of(post, "reason"),
            "longest_reason": LONGEST_REASON,
            "errors": self._get_refusal_errors(refusal),
            "access_token": access_token,
            "page_name": "service_reschedule",
        }
        template = "portal_reschedule_form" if text_of(post, "fragment") else "portal_service_reschedule"
        return self._render_form(template, values, refusal)

    @route(
        "/my/service/<int:order_id>/cancel", type="http", auth="public", website=True, methods=["GET"], sitemap=False
    )
    def portal_service_ask_cancel(self, order_id, access_token=None, **query):
        """Ask whether the order shall be cancelled; nothing is cancelled by looking."""
        order = self._get_own_order(order_id, access_token)
        return self._render_cancel(order, {}, access_token) if order else self._redirect_stranger()

    @route(
        "/my/service/<int:order_id>/cancel", type="http", auth="public", website=True, methods=["POST"], sitemap=False
    )
    def portal_service_cancel(self, order_id, access_token=None, **post):
        """Cancel the order."""
        order = self._get_own_order(order_id, access_token)
        if not order:
            return self._redirect_stranger()
        _done, refusal = self._attempt(lambda: order._cancel_by_customer(self._read_reason(post)))
        if refusal:
            return self._render_cancel(order, post, access_token, refusal)
        return self._redirect_to_order(order, "service_cancelled", access_token)

    def _render_cancel(self, order, post, access_token, refusal=None):
        """Return the page that asks whether ``order`` shall be cancelled."""
        values = {
            **self._prepare_portal_layout_values(),
            "sale_order": order,
            "panel": order._prepare_portal_panel(),
            "reason": text_of(post, "reason"),
            "longest_reason": LONGEST_REASON,
            "errors": self._get_refusal_errors(refusal),
            "access_token": access_token,
            "page_name": "service_cancel",
        }
        return self._render_form("portal_service_cancel", values, refusal)

    # ------------------------------------------------------------------
    # Paying
    # ------------------------------------------------------------------

    def _get_payment_values(self, order_sudo, is_down_payment=False, payment_amount=None, **kwargs):
        """Override of ``sale``: who has paid a part pays the rest, not the whole once more."""
        if payment_amount is None and order_sudo._is_part_paid():
            payment_amount = order_sudo._get_due_amount(is_whole=not is_down_payment)
            is_down_payment = True
        return super()._get_payment_values(order_sudo, is_down_payment, payment_amount, **kwargs)

    # ------------------------------------------------------------------
    # Tools
    # ------------------------------------------------------------------

    def _get_own_order(self, order_id, access_token):
        """Return the service order that the user may change, as superuser who acts in his name; None for others'."""
        try:
            order = self._document_check_access("sale.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            return None
        # the access was checked as the user; history shall say who it was
        order = order.with_user(request.env.user).sudo()
        return order if order.service_point_id and order.state != "draft" else None

    def _redirect_stranger(self):
        """Send who may not see the order to log in, or to his own orders."""
        if request.env.user._is_public():
            return request.redirect_query("/web/login", {"redirect": request.httprequest.path}, code=303)
        return request.redirect("/my/service", code=303)

    def _attempt(self, action):
        """Return ``(what action returns, None)``, or ``(None, the refusal)`` after undoing all of it.

        After somebody else took the time, this transaction still sees it free: the roll back is also what lets the
        page show the times that are free now.
        """
        try:
            result = action()
            request.env.flush_all()
        except (AccessError, MissingError):
            raise
        except UserError as refusal:
            request.env.cr.rollback()
            return None, refusal
        except UniqueViolation as race:
            request.env.cr.rollback()
            return None, UserError(request.env["sale.order"]._sql_error_to_message(race))
        return result, None

    def _read_reason(self, post):
        """Return the customer's reason, no longer than it may be."""
        return text_of(post, "reason").strip()[:LONGEST_REASON]

    def _get_refusal_errors(self, refusal):
        """Return ``{field: text}`` of a refusal, {} without one. Times are refused with all reasons in one text."""
        if not refusal:
            return {}
        return refusal.errors if isinstance(refusal, FormRefused) else {"choice": str(refusal)}

    def _render_form(self, template, values, refusal=None):
        """Return a page with a form; a refused one says so by its status."""
        status = getattr(refusal, "http_status", 422) if refusal else 200
        headers = REFUSED if refusal else UNSTORED
        return request.render(f"sale_service_schedule.{template}", values, status=status, headers=headers)

    def _redirect_to_order(self, order, message, access_token=None):
        """Send the browser to the order's page, so that reloading it repeats nothing."""
        query = {"message": message, **({"access_token": access_token} if access_token else {})}
        return request.redirect_query(f"/my/orders/{order.id}", query)
