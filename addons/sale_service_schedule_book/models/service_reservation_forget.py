import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

from odoo.addons.service_schedule.models.service_reservation_hold import GONE
from odoo.addons.service_schedule.sweeps import attempt

_logger = logging.getLogger(__name__)

KEPT_DAYS = 7
"""How long what was typed stays with a hold that came to nothing."""
GC_BATCH = 500


class ServiceReservation(models.Model):
    """Bookings that were begun and given up: what was typed for them is deleted, the row stays with its history."""

    _inherit = "service.reservation"

    @api.autovacuum
    def _gc_bookings(self):
        """Delete what was typed for holds that ended long ago: answers, files, draft orders, the contacts of guests.

        One that cannot be deleted is logged and tried again days later; it stops no other.
        """
        domain = (
            Domain("state", "in", GONE)
            & Domain("trouble", "=", False)
            & Domain("book_session", "!=", False)
            & Domain("write_date", "<", fields.Datetime.now() - timedelta(days=KEPT_DAYS))
        )
        found = self.search(domain, order="write_date, id", limit=GC_BATCH + 1)
        for hold in found[:GC_BATCH]:
            hold._try_forget()
        return len(found[:GC_BATCH]), len(found) > GC_BATCH

    def _try_forget(self):
        """Forget one booking; when that fails, leave it as it was for some days."""
        self.ensure_one()
        if attempt(self, lambda hold: hold._forget(), _logger) is None:
            self.env.cr.execute(
                "UPDATE service_reservation SET write_date = now() AT TIME ZONE 'UTC' WHERE id = %s", [self.id]
            )
            self.invalidate_recordset(["write_date"])

    def _forget(self):
        """Delete what was typed for this booking, unless an order is to be kept: then all of it belongs to that."""
        self.ensure_one()
        order, guest = self.order_ids, self.book_guest_id
        if not order or all(map(self._is_forgettable, order)):
            self.answer_ids.unlink()
            order.unlink()
            self.write(
                {"book_guest_id": False, "partner_id": False if self.partner_id == guest else self.partner_id.id}
            )
            self._forget_guest(guest)
        return self.write({"book_draft": False, "book_session": False})

    def _is_forgettable(self, order):
        """Return whether a draft order is only what the customer typed: nobody tried to pay, no staff wrote in it.

        The end of a hold recomputes the order, in the name of whoever took the time: that is no writing in it.
        """
        ended_at = self.change_ids[:1].create_date
        is_typed = _is_staff(order.write_uid) and order.write_date != ended_at
        is_typed |= any(_is_staff(line.write_uid) for line in order.order_line)
        talked = order.message_ids.filtered(lambda message: message.message_type in ("comment", "email"))
        return (
            order.state == "draft"
            and self._is_ordered(order)
            and not (order.transaction_ids or order.activity_ids or talked or is_typed)
        )

    def _forget_guest(self, guest):
        """Delete the contact that was made for the guest, unless it is used elsewhere or was written in."""
        if not guest or _is_staff(guest.write_uid) or guest.user_ids or guest.child_ids or guest.activity_ids:
            return
        elsewhere = {"service.reservation": "partner_id", "service.waitlist.entry": "partner_id"}
        is_used = any(
            self.env[model].search_count([(name, "=", guest.id)], limit=1) for model, name in elsewhere.items()
        )
        roles = ("partner_id", "partner_invoice_id", "partner_shipping_id")
        ordered = [Domain(name, "=", guest.id) for name in roles]
        if not is_used and not self.env["sale.order"].search_count(Domain.OR(ordered), limit=1):
            guest.unlink()


def _is_staff(user):
    """Return whether this is a person of the shop: no customer, and not the machine."""
    return bool(user) and not user.share and user.id != SUPERUSER_ID
