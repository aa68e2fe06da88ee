import logging

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.service_schedule import timing
from odoo.addons.service_schedule.schedlib import local

_logger = logging.getLogger(__name__)
REPORT = "fieldservice_schedule_walk.fsm_walk_report"


class FsmOrder(models.Model):
    """The summary of a walk: as the customer's page, and as a file."""

    _name = "fsm.order"
    _inherit = ["fsm.order", "portal.mixin"]

    def _compute_access_url(self):
        """Override of ``portal``: the page of a walk's summary."""
        result = super()._compute_access_url()
        for visit in self.filtered(lambda job: job._is_walk()):
            visit.access_url = f"/my/walks/{visit.id}"
        return result

    def _get_walk_title(self):
        """Return "Lot walk complete - 4 repairs found", in the language of the environment."""
        self.ensure_one()
        if self.state not in ("completed", "closed"):
            return self.env._("Lot walk")
        count = self.finding_count
        if not count:
            return self.env._("Lot walk complete - nothing found")
        if count == 1:
            return self.env._("Lot walk complete - 1 repair found")
        return self.env._("Lot walk complete - %(count)s repairs found", count=count)

    def _get_found_text(self):
        """Return how much was found on this walk, where there is little room: "4 found"."""
        self.ensure_one()
        return self.env._("%(count)s found", count=self.finding_count)

    def _get_walk_summary(self):
        """Return what the summary of this walk says: ``{name: value}`` for its templates.

        Records are as superuser: the page and the file show the whole walk to whoever may have it.
        """
        self.ensure_one()
        visit = self.sudo()  # sudo: asked by who has been let in to the walk
        findings = visit._get_findings()
        rows = visit.walk_unit_ids.sorted(lambda row: (row.equipment_id.display_name.casefold(), row.id))
        return {
            "visit": visit,
            "title": visit._get_walk_title(),
            "day": visit._get_walk_day(),
            "technicians": ", ".join((visit.person_id | visit.person_ids).mapped("name")),
            "damaged": [(row, findings.filtered(lambda job, row=row: job.walk_unit_id == row)) for row in rows]
            if findings
            else [],
            "rows": rows,
            "seen": rows.filtered(lambda row: row.state == "seen"),
            "left": rows.filtered(lambda row: row.state == "open"),
            "findings": findings,
            "done": findings.filtered(lambda job: job.state in ("completed", "closed")),
            "totals": visit._get_finding_totals(findings),
        }

    def _get_walk_day(self):
        """Return the day of this walk by the clock of its site: "Monday, November 23, 2026", "" when it has none."""
        moment = self.date_start or self.scheduled_date_start
        if not moment:
            return ""
        day = local(timing.to_stamp(moment), self.location_id._get_zone()).date()
        return format_date(self.env, day, date_format="full")

    def _get_finding_totals(self, findings):
        """Return the prices of findings together, one text for each currency."""
        return [
            self._format_price(sum(jobs.mapped("quoted_total")), currency)
            for currency, jobs in findings.grouped("quoted_currency_id").items()
        ]

    def _get_state_label(self):
        """Return how it stands with this finding, as its customer reads it."""
        self.ensure_one()
        if self.state in ("completed", "closed"):
            return self.env._("Repaired")
        if self.state == "in_progress":
            return self.env._("Being repaired")
        if self.scheduled_date_start and self.state == "assigned":
            return self.env._("Planned for %(when)s", when=self._format_start())
        return self.env._("To be planned")

    def _attach_walk_summary(self):
        """Make the summary file of this walk and keep it at the visit; a new one takes the place of the old.

        A file that cannot be made keeps no walk from being finished: it is made when somebody asks for it.
        """
        visit = self.sudo()  # sudo: the file follows from the walk
        try:
            with self.env.cr.savepoint():
                visit._make_walk_summary()
        except UserError as error:
            _logger.info("no summary of walk %s yet", self.id, exc_info=error)
            visit.message_post(body=self.env._("The summary could not be made: %(reason)s", reason=str(error)))

    def _make_walk_summary(self):
        """Make the summary file, in the customer's language, and return it. Called as superuser."""
        visit = self.with_context(lang=self.partner_id.lang or self.env.lang)
        content, kind = visit.env["ir.actions.report"]._render(REPORT, visit.ids)
        old = self.walk_summary_id
        self.walk_summary_id = self.env["ir.attachment"].create(
            {
                "name": visit.env._("Lot walk %(name)s.pdf", name=self.name.replace("/", "-")),
                "raw": content,
                "mimetype": "application/pdf" if kind == "pdf" else "text/html",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        old.unlink()
        return self.walk_summary_id

    def _get_walk_file(self):
        """Return the summary file of a finished walk, as superuser; it is made when there is none."""
        visit = self.sudo()  # sudo: asked by who has been let in to the walk
        return visit.walk_summary_id or visit._make_walk_summary()
