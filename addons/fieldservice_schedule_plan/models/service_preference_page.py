import re

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools.misc import get_lang

from .service_rhythm import WEEKDAYS

LARGEST_FLEET = 1_000_000
LONGEST_NOTE = 5000
SITE = re.compile(r"s\d+_rhythm")
"""The field that a browser sends for each site of the page."""


class ServicePreferencePage(models.AbstractModel):
    """The customer's page of preferences: what it shows, and what becomes of what he sends.

    Names in its form begin with the record: ``p_fleet_size`` of the preferences, ``s7_frequency`` of site 7; a box
    that is not ticked is not sent. Whoever calls has checked that the user belongs to the customer: below that, all is
    done as superuser, on his own record and on chosen fields.
    """

    _name = "service.preference.page"
    _description = "Page of Service Preferences"

    @api.model
    def _get_values(self, partner, sent=None):
        """Return what the page of a contact's customer shows.

        :param dict sent: what was refused; shown again, so that nothing is lost
        """
        preference = self._find_or_new(partner)
        fields = preference._fields
        return {
            "preference": preference,
            "sites": self._get_sites(preference),
            "modes": fields["service_mode"]._description_selection(self.env),
            "frequencies": fields["frequency"]._description_selection(self.env),
            "rhythms": preference.site_ids._fields["rhythm"]._description_selection(self.env),
            "weekdays": [(name, fields[name]._description_string(self.env)) for name in self._get_week()],
            "persons": self._get_persons(),
            "visits": preference._get_coming_visits(),
            "value": lambda record, name: self._get_value(record, name, sent),
        }

    @api.model
    def _get_week(self):
        """Return the names of the weekdays from the one with which weeks begin in the user's language."""
        first = int(get_lang(self.env).week_start) - 1
        return WEEKDAYS[first:] + WEEKDAYS[:first]

    @api.model
    def _save(self, partner, sent):
        """Keep what a contact of a customer sent: all of it or nothing.

        :raise UserError: says what is not as it may be
        :raise ConcurrencyError: a colleague keeps the first preferences at this moment: the request is tried again
        """
        preference = self.env["service.preference"]._find(partner) or self._create_for(partner)
        self._check_sites(preference, sent)
        lines = [(1, site.id, self._read_site(site, sent)) for site in self._get_sites(preference)]
        preference.write({**self._read_preference(preference, sent), "site_ids": lines})

    def _check_sites(self, preference, sent):
        """Raise when something is sent for a site that is not the customer's, or is not any more.

        :raise UserError: he has to look again
        """
        own = {f"{self._get_prefix(site)}_rhythm" for site in self._get_sites(preference)}
        if any(SITE.fullmatch(name) and name not in own for name in sent):
            raise UserError(self.env._("Your sites are not what this page showed. Please look again."))

    @api.model
    def _create_for(self, partner):
        """Return the first preferences of a contact's customer, as superuser."""
        try:
            with self.env.cr.savepoint():
                # sudo: customers say by their page how they want to be served
                return self.env["service.preference"].sudo().create({"partner_id": partner.commercial_partner_id.id})
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error

    def _read_preference(self, preference, sent):
        """Return the values that count for all sites."""
        return {
            "service_mode": self._read_choice(preference, "service_mode", sent),
            "has_lot_walks": bool(sent.get("p_has_lot_walks")),
            "fleet_size": self._read_number(sent.get("p_fleet_size")),
            "note": (sent.get("p_note") or "").strip()[:LONGEST_NOTE],
            **self._read_rhythm(preference, sent),
        }

    def _read_site(self, site, sent):
        """Return the values of a site's line; its own times are read only where they count."""
        rhythm = self._read_choice(site, "rhythm", sent)
        return {"rhythm": rhythm, **(self._read_rhythm(site, sent) if rhythm == "own" else {})}

    def _read_rhythm(self, record, sent):
        """Return how often, when and by whom."""
        prefix = self._get_prefix(record)
        persons = [person.id for person in self._get_persons() if sent.get(f"{prefix}_person_{person.id}")]
        return {
            "frequency": self._read_choice(record, "frequency", sent),
            "walk_time": self._read_time(sent.get(f"{prefix}_walk_time")),
            "preferred_person_ids": [(6, 0, persons)],
            **{name: bool(sent.get(f"{prefix}_{name}")) for name in WEEKDAYS},
        }

    def _read_choice(self, record, name, sent):
        """Return a value of a selection; one that is not sent stays as it is."""
        value = sent.get(f"{self._get_prefix(record)}_{name}", record[name])
        if value not in dict(record._fields[name].selection):
            raise UserError(self.env._("Please choose one of the answers of the page."))
        return value

    def _read_number(self, text):
        """Return the size of a fleet; nothing is 0."""
        text = (text or "0").strip() or "0"
        if not text.isdecimal() or int(text[:9]) > LARGEST_FLEET or len(text) > 9:
            raise UserError(self.env._("The size of your fleet is a number, like 25."))
        return int(text)

    def _read_time(self, text):
        """Return a time of day, "09:30" or "09:30:00", as hours."""
        hour, _colon, rest = (text or "").partition(":")
        minute = rest[:2]
        if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
            raise UserError(self.env._("Please choose a time of day, like 9:30."))
        return int(hour) + int(minute) / 60

    def _get_value(self, record, name, sent):
        """Return what a field of the form shows: what was sent and refused, else what is kept."""
        key = f"{self._get_prefix(record)}_{name}"
        if sent is not None:
            return sent.get(key)
        if name.startswith("person_"):
            return int(name.removeprefix("person_")) in record.preferred_person_ids.ids
        if name == "walk_time":
            return "{:02}:{:02}".format(*divmod(record._get_walk_minutes(), 60))
        return record[name]

    def _get_prefix(self, record):
        """Return with what the names of a record's fields begin in the form."""
        return "p" if record._name == "service.preference" else f"s{record.location_id.id}"

    def _find_or_new(self, partner):
        """Return the preferences of a contact's customer; looking makes none, so new ones are not in the database."""
        preferences = self.env["service.preference"]
        customer = partner.sudo().commercial_partner_id
        lines = [(0, 0, {"location_id": site.id}) for site in customer._get_service_sites()]
        return preferences._find(partner) or preferences.sudo().new({"partner_id": customer.id, "site_ids": lines})

    def _get_sites(self, preference):
        """Return the lines of the sites that are in use."""
        return preference.site_ids.filtered("location_id.active")

    def _get_persons(self):
        """Return the technicians of whom a customer may prefer some: those of the company whose portal it is."""
        # sudo: customers read no technicians; they see the names
        persons = self.env["fsm.person"].sudo()
        return persons.search(persons._get_company_domain(self.env.company), order="id")
