from odoo import api, models

GIVEN_UP = ("cancelled", "done", "released", "expired", "no_show")
"""The kinds of change after which a reservation has no time any more."""


class ServiceReservation(models.Model):
    _inherit = "service.reservation"

    def _get_place(self):
        """Return the values of a change row's "from" side: where the reservation is now."""
        self.ensure_one()
        return {
            "from_start": self.start,
            "from_stop": self.stop,
            "from_window_id": self.window_id.id,
            "from_resource_id": self.sudo().resource_id.id,
        }

    def _record(self, kind, before, reason):
        """Append to the history and announce it."""
        self.ensure_one()
        self._record_all(kind, {self: before}, reason)

    @api.model
    def _record_all(self, kind, befores, reason=""):
        """Append what happened to many reservations to the history, in one go, and announce each.

        :param befores: ``{reservation: the place that it had before}``, as ``_get_place`` returns it; {} is none
        """
        values = [one._prepare_change_values(kind, before, reason) for one, before in befores.items()]
        # sudo: nobody has rights to write history, this is its only pen
        changes = self.env["service.reservation.change"].sudo().create(values)
        for reservation, change in zip(befores, changes, strict=True):
            reservation._announce(change)

    def _prepare_change_values(self, kind, before, reason):
        """Return the values of a row of the history."""
        after = (
            {}
            if kind in GIVEN_UP
            else {
                "to_start": self.start,
                "to_stop": self.stop,
                "to_window_id": self.window_id.id,
                "to_resource_id": self.sudo().resource_id.id,
            }
        )
        return {
            "reservation_id": self.id,
            "kind": kind,
            "revision": self.revision,
            "user_id": self.env.uid,
            "reason": reason or False,
            **before,
            **after,
        }

    def _announce(self, change):
        """Tell whoever is concerned that this reservation changed: the one place where events leave this addon.

        Here the staff of the service point hear on the bus that something moved; addons above extend it with what
        they know (orders, messages). ``change`` is the ``service.reservation.change`` row just written.
        """
        self.ensure_one()
        self.sudo().point_id._bus_send(
            "service_schedule/changed",
            {"point_id": self.point_id.id, "reservation": self.public_id, "kind": change.kind},
        )
