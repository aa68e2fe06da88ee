import re
import uuid
from datetime import date

from odoo import api, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..exceptions import FormRefused

MOST_UNITS = 99
LONGEST_NOTE = 2000
LONGEST_REASON = 500


class ServiceOrderForm(models.AbstractModel):
    """The portal's order form: reads what a browser posts, says what is wrong with it, and places the order.

    Runs as superuser for the user who is logged in: customers have no rights on shops, offers and products. What they
    may use is decided by ``_get_points`` and what hangs on it.
    """

    _name = "service.order.form"
    _description = "Portal Order Form"

    # ------------------------------------------------------------------
    # What can be ordered, and by whom
    # ------------------------------------------------------------------

    @api.model
    def _get_points(self):
        """Return the service points where the user can order."""
        return self.env["service.point"].search(self._get_points_domain())

    @api.model
    def _get_points_domain(self):
        """Return the domain of the service points where the user can order: with a published offer that is sold.

        A portal user belongs to a company; shops of other companies are none of his, as is one whose company may not
        sell to his contact.
        """
        partner = self.env.user.partner_id
        companies = self.env.user.company_ids
        if partner.company_id:
            companies &= partner.company_id
        return (
            Domain("active", "=", True)
            & Domain("company_id", "in", companies.ids)
            & Domain("offer_ids", "any", self._get_offers_domain())
        )

    @api.model
    def _get_offers_domain(self):
        """Return the domain of the offers that customers may book."""
        return Domain("is_published", "=", True) & Domain("product_tmpl_ids.sale_ok", "=", True)

    @api.model
    def _get_products(self, point, offers=None):
        """Return the services that a customer can order at ``point``, only those of ``offers`` when given."""
        offers = (point.offer_ids if offers is None else offers).filtered("is_published")
        domain = offers._get_products_domain() & Domain("company_id", "in", [False, point.company_id.id])
        products = self.env["product.product"].with_company(point.company_id).search(domain)
        return products.with_context(display_default_code=False)  # customers do not know our references

    @api.model
    def _get_offer(self, point, product):
        """Return the published offer that ``product`` books at ``point``; of several, the one that takes longest."""
        offers = product.service_offer_ids.filtered(lambda offer: offer.point_id == point and offer.is_published)
        return offers.sorted("duration_minutes")[-1:]

    # ------------------------------------------------------------------
    # Reading the form
    # ------------------------------------------------------------------

    @api.model
    def _read_form(self, post):
        """Return what ``post`` (raw strings by name) means, and what could not be read as None or an empty record."""
        points = self._get_points()
        point = find(points, post, "point_id", points[:1])
        products = self._get_products(point)
        product = find(products, post, "product_id", products[:1])
        quantity_text = text_of(post, "quantity", "1").strip()
        quantity = int(quantity_text) if re.fullmatch("[0-9]{1,4}", quantity_text) else 0
        return {
            "points": points,
            "point": point,
            "products": products,
            "product": product,
            "offer": self._get_offer(point, product),
            "quantity_text": quantity_text,
            "quantity": quantity if quantity <= MOST_UNITS else 0,
            "when": text_of(post, "when", "asap"),
            "note": text_of(post, "note"),
            "submission_key": read_key(text_of(post, "submission_key")),
            **self._read_picker(post),
        }

    @api.model
    def _read_picker(self, post):
        """Return ``choice``, ``day`` and ``month`` of the date picker; its buttons come before what was shown."""
        kind, _colon, value = text_of(post, "go").partition(":")
        day = read_date(value if kind == "day" else text_of(post, "day"))
        month = read_date(f"{value}-01") if kind == "month" else None
        return {"choice": "" if kind == "day" else text_of(post, "choice"), "day": day, "month": month}

    @api.model
    def _get_errors(self, values):
        """Return everything that is wrong with the form, ``{field: text}``."""
        errors = {}
        if not values["point"]:
            errors["point_id"] = self.env._("Choose one of the shops listed.")
        if not values["offer"]:
            errors["product_id"] = self.env._("Choose one of the services listed.")
        if not values["quantity"]:
            errors["quantity"] = self.env._("The quantity is a whole number from 1 to %(most)s.", most=MOST_UNITS)
        if values["when"] not in ("asap", "later"):
            errors["when"] = self.env._("Say when: as soon as possible, or later.")
        if values["offer"] and values["when"] == "later":
            errors["choice"] = values["offer"]._get_choice_error(
                values["choice"], values["day"], lanes=self._get_lanes(values)
            )
        errors["note"] = check_length(self.env, values["note"], LONGEST_NOTE)
        return {name: text for name, text in errors.items() if text}

    @api.model
    def _get_lanes(self, values):
        """Return how many places the order takes; one unit's worth while the quantity cannot be read."""
        return values["offer"]._get_lanes(values["quantity"] or 1) if values["offer"] else 1

    # ------------------------------------------------------------------
    # Showing the form
    # ------------------------------------------------------------------

    @api.model
    def _get_form_values(self, post, errors=None):
        """Return what the form's template shows for ``post``, with ``errors`` (``{field: text}``) beside the fields."""
        values = self._read_form(post)
        picker = values["offer"] and values["offer"]._get_portal_picker(
            day=values["day"], month=values["month"], choice=values["choice"], lanes=self._get_lanes(values)
        )
        return {
            **values,
            "errors": errors or {},
            "picker": picker,
            "price": self._get_price(values),
            "most_units": MOST_UNITS,
            "longest_note": LONGEST_NOTE,
            "page_name": "service_new",
        }

    @api.model
    def _get_price(self, values):
        """Return ``{"total", "currency"}`` of the order as it would be placed, None while it cannot be known."""
        if not values["offer"] or not values["quantity"]:
            return None
        orders = self.env["sale.order"].with_company(values["point"].company_id)
        order = orders.new(self._prepare_order_values(values))
        return {"total": order.amount_total, "currency": order.currency_id}

    # ------------------------------------------------------------------
    # Placing the order
    # ------------------------------------------------------------------

    @api.model
    def _wait_for_twin(self, post):
        """Wait while this very form is being placed by another request, as a double click does; True if it was.

        What the other has placed is in no snapshot taken before: the caller rolls back, then looks. The unique index
        stays the judge.
        """
        key = f"service.order.form {self.env.uid} {text_of(post, 'submission_key')}"
        [(is_alone,)] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", key))
        if not is_alone:
            self.env.execute_query(SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", key))
        return not is_alone

    @api.model
    def _find_placed(self, post):
        """Return the order that this very form has already placed, empty when there is none."""
        key = text_of(post, "submission_key")
        domain = [("partner_id", "=", self.env.user.partner_id.id), ("submission_key", "=", key)]
        return self.env["sale.order"].search(domain, limit=1) if is_key(key) else self.env["sale.order"]

    @api.model
    def _place(self, post):
        """Place the order that ``post`` asks for and return it. On any error the caller rolls back.

        :raise FormRefused: with everything that is wrong
        :raise TimeTaken: somebody else took the time meanwhile
        :raise psycopg2.errors.UniqueViolation: the same form is being placed at this moment, see ``_find_placed``
        """
        values = self._read_form(post)
        errors = self._get_errors(values)
        if errors:
            raise FormRefused(errors)
        self._prepare_placing(values)
        orders = self.env["sale.order"].with_company(values["point"].company_id)
        order = orders.create(self._prepare_order_values(values))
        return self._finish_placing(order, values["choice"] if values["when"] == "later" else "")

    @api.model
    def _finish_placing(self, order, choice):
        """Demand what is paid ahead, take the time of ``choice`` ("" for none), tell the shop; return the order."""
        order._apply_payment_policy()
        order.action_quotation_sent()
        if choice:
            order._schedule(choice)
        if not order._awaits_payment():
            order._announce("new_order")
        return order

    @api.model
    def _prepare_placing(self, values):
        """Create what the order needs and the form brings along. A hook: nothing here."""

    @api.model
    def _prepare_order_values(self, values):
        """Return the values of the order. A customer's own order needs no signature, and its price does not expire."""
        return {
            "partner_id": self.env.user.partner_id.id,
            "company_id": values["point"].company_id.id,
            "service_point_id": values["point"].id,
            "service_offer_id": values["offer"].id,
            "order_notes": values["note"].strip() or False,
            "submission_key": values["submission_key"],
            "require_signature": False,
            "validity_date": False,
            "order_line": [Command.create(self._prepare_line_values(values))],
        }

    @api.model
    def _prepare_line_values(self, values):
        """Return the values of the order's line."""
        return {"product_id": values["product"].id, "product_uom_qty": values["quantity"]}


def text_of(post, name, default=""):
    """Return a posted text with one kind of line end; "" for a file or what the database cannot store."""
    value = post.get(name)
    if not isinstance(value, str):
        return default
    return value.replace("\r\n", "\n").replace("\x00", "")


def find(records, post, name, default):
    """Return the one of ``records`` whose id was posted as ``name``: ``default`` without an id, else none."""
    wanted = text_of(post, name)
    return records.filtered(lambda record: str(record.id) == wanted) if wanted else default


def read_date(text):
    """Return the date of an ISO text, None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def is_key(text):
    """Return whether ``text`` can be a form's key."""
    return bool(re.fullmatch("[0-9a-f-]{36}", text))


def read_key(text):
    """Return the form's key, a new one when there is none."""
    return text if is_key(text) else str(uuid.uuid4())


def check_length(env, text, longest):
    """Return what is wrong with the length of a text, "" when nothing is."""
    if len(text) <= longest:
        return ""
    return env._("It can have at most %(longest)s characters; yours has %(length)s.", longest=longest, length=len(text))
