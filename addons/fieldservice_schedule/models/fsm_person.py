from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.fieldservice.models.fsm_person import FSMPerson as OcaPerson


class FsmPerson(models.Model):
    """A technician: a contact, usually that of a user, with a resource that has his time."""

    _inherit = "fsm.person"

    resource_id = fields.Many2one(
        "resource.resource",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="Whose time is reserved: with his working hours, leaves and public holidays.",
    )
    # one truth: working hours are the resource's, where all reservations look for them
    calendar_id = fields.Many2one(related="resource_id.calendar_id", readonly=False, store=False, related_sudo=True)

    _partner_uniq = models.Constraint("UNIQUE (partner_id)", "This contact is a technician already.")
    _resource_uniq = models.Constraint("UNIQUE (resource_id)", "This resource is another technician's.")

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``fieldservice`` to give each technician a resource; callers keep their values."""
        hours = [vals.get("calendar_id") for vals in vals_list]
        people = super().create([{k: v for k, v in vals.items() if k != "calendar_id"} for vals in vals_list])
        people._create_missing_resources(
            {
                person.id: own
                for person, vals, own in zip(people, vals_list, hours, strict=True)
                if "calendar_id" in vals
            }
        )
        return people

    def write(self, vals):
        """Override of ``base`` to archive the resource with its technician, and to follow another contact."""
        result = super().write(vals)
        if "active" in vals or "partner_id" in vals:
            self._update_resources()
        return result

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        """Override of ``fieldservice``, whose own drops ``active_test`` and ``bypass_access``.

        Odoo reads what it has at hand with them: an archived technician could not even be read by the superuser. Its
        way of searching for a site is kept.
        """
        rules = {"active_test": active_test, "bypass_access": bypass_access}
        if any(isinstance(leaf, list | tuple) and leaf[0] == "location_ids" for leaf in domain):
            return super()._search(domain, offset, limit, order, **rules)
        return super(OcaPerson, self)._search(domain, offset, limit, order, **rules)

    def _create_missing_resources(self, hours=None):
        """Give resources to the technicians who have none.

        :param hours: ``{person id: calendar id or False}``; whoever is not in it works as his company does
        """
        without = self.filtered(lambda person: not person.resource_id)
        # sudo: whoever may keep technicians need not keep all resources
        resources = without.env["resource.resource"].sudo()
        values = [person._prepare_resource_values() for person in without]
        for person, own in zip(without, values, strict=True):
            company = person.company_id or self.env.company
            own["calendar_id"] = (hours or {}).get(person.id, company.resource_calendar_id.id)
        for person, resource in zip(without, resources.create(values), strict=True):
            person.sudo().resource_id = resource

    def _prepare_resource_values(self):
        """Return the values that a technician's resource has from him."""
        self.ensure_one()
        login = self._get_login()
        return {
            "name": self.name,
            "resource_type": "user",
            "company_id": self.company_id.id,
            "user_id": login.id,
            "tz": self.tz or login.tz or self.env.company.partner_id.tz or "UTC",
            "active": self.active,
        }

    def _get_login(self):
        """Return the user whose contact this is, empty when he does not log in."""
        self.ensure_one()
        # sudo: who logs in as a colleague may be known, his user may not be read
        return self.partner_id.sudo().with_context(active_test=False).user_ids.filtered(lambda user: not user.share)[:1]

    def _update_resources(self):
        """Bring the resources in line with their technicians."""
        for person in self.filtered("resource_id"):
            person.sudo().resource_id.write(person._prepare_resource_values())

    @api.model
    def _get_company_domain(self, companies):
        """Return the domain of the technicians who work for some companies, the same as that of their record rule.

        A technician works for the company of his contact. The contact of whoever logs in usually has none: he works
        for the companies that he may enter; without a log-in for all.

        :param companies: ``res.company``
        """
        of_user = Domain("company_ids", "in", companies.ids)
        login = Domain("user_id", "=", False) | Domain("user_id", "any!", of_user)
        anybody = Domain("resource_id", "=", False) | Domain("resource_id", "any!", login)
        return Domain("company_id", "in", companies.ids) | (Domain("company_id", "=", False) & anybody)

    @api.model
    def _get_own(self):
        """Return the technician who is logged in, empty when the user is none."""
        return self.sudo().search([("partner_id", "=", self.env.user.partner_id.id)], limit=1)
