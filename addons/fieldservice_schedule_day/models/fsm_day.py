from odoo import models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext


class FsmOrder(models.Model):
    """What the day on the phone shows of a job, and whose it is. All is read in batch."""

    _inherit = "fsm.order"

    def _get_day_values(self):
        """Return what the day shows of these jobs: ``[dict]`` in their order, each fit for JSON.

        A hook: addons add keys. Their number of queries does not grow with the jobs. Instants are ISO in UTC, texts are
        plain, the clock of the site is ``tz``.
        """
        photos = self._read_field_photos()
        # sudo: site, customer, units and what may forbid to begin are part of a job that one may see
        return [{**job.sudo()._prepare_day_values(), "photos": photos[job.id]} for job in self]

    def _prepare_day_values(self):
        """Return what the day shows of one job, as superuser."""
        self.ensure_one()
        labels = dict(self._fields["state"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": self.name,
            "kind": "job",
            "type": self.type.name or "",
            "state": self.state,
            "state_label": labels.get(self.state, ""),
            "priority": int(self.priority or 0),
            "technician": self.person_id.id,
            "start": _iso(self.scheduled_date_start),
            "stop": _iso(self.scheduled_date_end),
            "started": _iso(self.date_start),
            "ended": _iso(self.date_end),
            "tz": self._get_zone().key,
            "customer": self.partner_id.name or "",
            **self._prepare_day_place(),
            "units": [
                {"id": unit.id, "name": unit.name, "number": unit.serial_number or "", "notes": _plain(unit.notes)}
                for unit in self.equipment_ids
            ],
            "skills": self.skill_ids.mapped("name"),
            "tags": self.tag_ids.mapped("name"),
            "description": _plain(self.description),
            "todo": self._get_field_instructions(),
            "notes": _plain(self.location_id.notes),
            "resolution": _plain(self.resolution),
            "checklist": self._get_field_checklist(),
            "obstacles": self._get_begin_obstacles() if self.state == "assigned" else [],
            "returned": self._get_field_return(),
        }

    def _prepare_day_place(self):
        """Return where a job is, and whom one calls there."""
        site, located = self.location_id, self._get_coordinates()
        lines = site.partner_id._display_address(without_company=True).splitlines()
        people = ((site.contact_id.name, site.contact_id.phone), (site.name, site.phone))
        people += ((self.partner_id.name, self.partner_id.phone),)
        return {
            "site": site.name or "",
            "address": ", ".join(line.strip() for line in lines if line.strip()),
            "directions": _plain(self.location_directions),
            "latitude": located[0] if located else None,
            "longitude": located[1] if located else None,
            "phones": [{"name": name, "number": number} for number, name in _unique(people)],
        }

    def _get_begin_obstacles(self):
        """Return the sentences why work may not begin, [] when it may."""
        self.ensure_one()
        reservation = self.sudo().reservation_id  # sudo: what forbids the work may be known to whoever does it
        return reservation._get_begin_obstacles() if reservation else []

    # ------------------------------------------------------------------
    # Whose it is
    # ------------------------------------------------------------------

    def _find_field_job(self, job_id):
        """Return a job on which the user may work: his own, that of a technician whom he manages, any as a dispatcher.

        :raise UserError: it is not; who guesses numbers learns nothing from the sentence
        """
        # sudo: to tell a job that was taken away from the user; only what may be his is given back, as himself
        job = self.sudo().browse(job_id).exists().sudo(False)
        if not job._filter_field_jobs():
            raise UserError(
                self.env._("This job is no longer yours: it was given to somebody else, or deleted. Ask dispatch.")
            )
        job.check_access("write")
        return job

    def _filter_field_jobs(self):
        """Return those of the jobs that the user may work on from the phone."""
        mine = self._filtered_access("read")
        if self.env.user.has_group("fieldservice.group_fsm_dispatcher"):
            return mine
        people = self.env["fsm.person"]._get_own()._get_field_people()
        return mine.filtered(lambda job: job.sudo().person_id in people)


def _iso(moment):
    """Return a naive UTC field value as ISO text with its zone, None of an empty one."""
    return f"{moment.isoformat(timespec='seconds')}Z" if moment else None


def _plain(html):
    """Return the plain text of an HTML field."""
    return html2plaintext(html or "", include_references=False).strip()


def _unique(people):
    """Return ``[(number, name)]`` of those who have a number, each number once, the first name of each."""
    named = {}
    for name, number in people:
        if number and number not in named:
            named[number] = name or ""
    return list(named.items())
