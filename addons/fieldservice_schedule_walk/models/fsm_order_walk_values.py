from odoo import models
from odoo.tools import formatLang


class FsmOrder(models.Model):
    """What the screens of a walk show, in as many queries for 150 units as for one."""

    _inherit = "fsm.order"

    def _get_walk_values(self):
        """Return the whole walk as JSON: what the phone, and whoever else draws a walk, needs.

        Moments are ISO texts in UTC, prices texts in the customer's currency.
        """
        self.ensure_one()
        self.check_access("read")
        visit = self.sudo()  # sudo: after the check; units, findings and prices of a walk are seen by who sees the walk
        units = visit._get_unit_values()
        states = [unit["state"] for unit in units]
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "customer": visit.partner_id.name,
            "site": visit.location_id.name,
            "counts": {
                "units": len(units),
                "left": states.count("open"),
                "seen": states.count("seen"),
                "damaged": states.count("found"),
                "findings": sum(len(unit["findings"]) for unit in units),
            },
            "units": units,
            "damages": visit._get_damage_values(),
        }

    def _get_unit_values(self):
        """Return the units of this walk, those without a row as open, by their names. Called as superuser."""
        rows = self.walk_unit_ids
        findings = self._get_findings()
        findings.fetch(["walk_unit_id", "damage_id", "damage_count", "quoted_price"])
        by_row = findings.grouped("walk_unit_id")
        values = [row._get_values(by_row.get(row, self.browse())) for row in rows]
        if not self.walk_unit_count and self.state not in ("completed", "closed", "cancelled"):
            values += [unit._get_walk_unit_values() for unit in self._find_walk_units() - rows.equipment_id]
        return sorted(values, key=lambda unit: (unit["name"].casefold(), unit["id"]))

    def _get_finding_values(self):
        """Return these findings as JSON. Called as superuser."""
        return [
            {
                "id": job.id,
                "name": job.name,
                "uuid": job.found_key or "",
                "damage": job.damage_id.name,
                "damage_id": job.damage_id.id,
                "count": job.damage_count,
                "label": job.damage_id._get_label(job.damage_count),
                "note": job.damage_note or "",
                "done": job.is_done_on_spot,
                "price": job._format_price(job.quoted_total, job.quoted_currency_id),
                "photos": [f"/web/image/{photo.id}" for photo in job.finding_photo_ids],
            }
            for job in self
        ]

    def _get_damage_values(self):
        """Return the kinds of damage with this customer's prices, as JSON. Called as superuser."""
        damages = self.env["fsm.damage"]._get_all(self.company_id)
        prices, currency = damages._get_prices(self.partner_id, self.company_id)
        return [
            {
                "id": damage.id,
                "name": damage.name,
                "icon": damage.icon_url,
                "color": damage.color,
                "minutes": damage.minutes,
                "price": self._format_price(
                    damage._leave_out_taxes(prices[damage], currency, 1, self.partner_id, self.company_id), currency
                ),
            }
            for damage in damages
        ]

    def _format_price(self, amount, currency):
        """Return an amount in a currency as the user reads it."""
        return formatLang(self.env, amount, currency_obj=currency)
