"""The testing checklists of phases 1.2, 2.1, 2.3 and 6.2 of the workflow document (requirement document 004)."""

from datetime import datetime, timedelta

from lxml import etree

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.fieldservice_schedule_dispatch.tests.common import TODAY, DispatchCase
from odoo.addons.fieldservice_schedule_plan.tests.common import run_cron

HOUR = timedelta(hours=1)
TEN = datetime(2031, 10, 20, 10)


CHIP = "fieldservice_schedule_walk.damage_chip"


class Seed004Case(DispatchCase):
    """Maria in the west, Tom in the east, a fleet customer near Maria; Monday, before work."""

    def get_fields(self, model, user):
        """Return the names of the fields on the form that a user sees."""
        arch = self.env[model].with_user(user).get_view(view_type="form")["arch"]
        return {node.get("name") for node in etree.fromstring(arch).iter("field")}

    def walk_and_invoice(self, visit, count):
        """Let Maria walk and repair so many chips on the spot; return the posted invoice."""
        walk = visit.with_user(self.user_maria)
        visit.person_id = self.maria
        for number in range(count):
            unit = walk._find_or_add_unit(f"C-{number}")
            walk._add_finding(unit, {"damage": self.env.ref(CHIP).id, "done": True})
        walk._finish_walk(leave_open=True)
        invoice = visit.sudo().walk_order_id._create_invoices()
        invoice.action_post()
        return invoice

    def who(self, job):
        """Return the names of who can do a job today, the best first."""
        return [choice.person.name for choice in self.env["fsm.dispatch"]._suggest(job, TODAY, TODAY).choices]


@tagged("post_install", "-at_install", "standard")
class TestPhase12(Seed004Case):
    """Enhanced technician role system."""

    def test_fields(self):
        """New fields appear: roles and limits, what was measured, availability."""
        shown = self.get_fields("fsm.person", self.boss)
        roles = {"is_manager", "approval_limit", "may_assign", "may_override_prices", "managed_ids"}
        measured = {"job_count", "average_hours", "customer_rating"}
        self.assertLessEqual(roles | measured | {"calendar_id", "active"}, shown)

    def test_availability(self):
        """Who is not active, or does not work at that time, is given nothing."""
        job = self.create_open_job()
        self.assertEqual(self.who(job), ["Maria", "Tom"])
        self.tom.active = False
        self.assertEqual(self.who(job), ["Maria"])
        self.week.attendance_ids.filtered(lambda line: line.dayofweek == "0").unlink()
        self.assertEqual(self.who(job), [])

    def test_manager(self):
        """One can set a technician as manager, with his settings; he decides then, others do not."""
        with Form(self.maria.with_user(self.boss)) as form:
            form.is_manager = True
            form.approval_limit = 250
        self.maria.managed_ids = self.tom
        job = self.create_job(TEN, self.tom)
        job.with_user(self.user_maria).person_id = self.maria
        self.assertEqual((job.person_id, self.maria.approval_limit), (self.maria, 250))
        other = self.create_job(TEN + 2 * HOUR, self.tom)
        with self.assertRaises(AccessError):
            other.with_user(self.user_tom).person_id = self.maria

    def test_managed(self):
        """Managed technicians can be assigned, and each knows his managers; nobody manages himself."""
        with Form(self.maria.with_user(self.boss)) as form:
            form.is_manager = True
            form.managed_ids.add(self.tom)
        self.assertEqual(self.tom.manager_ids, self.maria)
        with self.assertRaises(ValidationError):
            self.maria.managed_ids |= self.maria

    def test_measured(self):
        """Repairs completed, average time and rating are measured, not typed."""
        with Form(self.maria.with_user(self.boss)) as form:
            for name in ("job_count", "average_hours", "customer_rating"):
                with self.subTest(name), self.assertRaisesRegex(AssertionError, "readonly"):
                    setattr(form, name, 3)
        before = self.maria.job_count
        job = self.create_job(TEN, self.maria)
        job.write({"date_start": TEN, "date_end": TEN + HOUR})
        job.action_complete()
        self.maria.invalidate_recordset()
        self.assertEqual((self.maria.job_count, self.maria.average_hours), (before + 1, 1))
        job._rating_get_access_token()
        job.rating_ids.write({"rating": 4, "consumed": True})
        self.maria.invalidate_recordset()
        self.assertEqual((self.maria.customer_rating, self.maria.rating_count), (4, 1))


@tagged("post_install", "-at_install", "standard")
class TestPhase21(Seed004Case):
    """Fleet management settings of a customer."""

    def test_fields(self):
        """All fields appear: fleet, walks, service mode, preferred technicians; payment terms are Odoo's."""
        shown = self.get_fields("service.preference", self.boss)
        wanted = {"fleet_size", "has_lot_walks", "frequency", "walk_time", "service_mode", "preferred_person_ids"}
        self.assertLessEqual(wanted, shown)
        for name in ("has_lot_walks", "fleet_size", "walk_time", "preferred_person_ids", "note"):
            self.assertTrue(self.env["service.preference"]._fields[name].help, f"{name} explains itself")

    def test_payment_terms(self):
        """Net 30, Net 60 or prepaid are the customer's payment terms: what his walks find is invoiced by them."""
        visit = self.create_job(TEN, self.maria, **self.env["fsm.order"]._prepare_walk_values(self.site))
        for days in (30, 60):
            with self.subTest(days=days):
                line = {"value": "percent", "value_amount": 100, "nb_days": days}
                term = self.env["account.payment.term"].create({"name": "Net", "line_ids": [(5, 0, 0), (0, 0, line)]})
                self.customer.property_payment_term_id = term
                invoice = self.walk_and_invoice(visit.copy({"scheduled_date_start": False}), 1)
                self.assertEqual((invoice.invoice_date_due - invoice.invoice_date).days, days)

    def test_configure(self):
        """Staff configure the schedule of the walks and the preferred technicians; what is kept is what was chosen."""
        with Form(self.env["service.preference"].with_user(self.boss)) as form:
            form.partner_id = self.customer
            form.fleet_size = 42
            form.service_mode = "both"
            form.has_lot_walks = True
            form.mo, form.we, form.fr = False, True, True
            form.walk_time = 7.75
            form.preferred_person_ids.add(self.tom)
        preference = form.record
        self.assertEqual((preference.fleet_size, preference._get_weekdays()), (42, (2, 4)))
        self.assertEqual(preference._get_walk_minutes(), 7 * 60 + 45)
        self.assertEqual(preference.preferred_person_ids, self.tom)
        run_cron(self)
        self.assertEqual(preference.site_ids.plan_ids.state, "progress")


@tagged("post_install", "-at_install", "standard")
class TestPhase23(Seed004Case):
    """Lot walks. Approval of what they find, within limits, is another piece of work: all is confirmed at once."""

    def test_schedule_walks(self):
        """One can schedule lot walks: from a customer's settings, and one by hand beside them."""
        self.env["fsm.recurring"].search([("state", "=", "progress")]).state = "suspend"
        walks = {"service_mode": "scheduled", "has_lot_walks": True}
        self.env["service.preference"].create({"partner_id": self.customer.id, **walks})
        run_cron(self)
        visits = self.env["fsm.order"].search([("location_id", "=", self.site.id), ("occurrence_date", "!=", False)])
        self.assertEqual(set(visits.mapped("internal_type")), {"lot_walk"})
        template = self.env.ref("fieldservice_schedule_plan.template_lot_walk")
        with Form(self.env["fsm.order"].with_user(self.dispatcher)) as form:
            form.location_id = self.site
            form.template_id = template
            form.person_id = self.tom
            form.scheduled_date_start = TEN
        self.assertEqual((form.record.internal_type, form.record.state), ("lot_walk", "assigned"))

    def test_batch_invoicing(self):
        """Batch invoicing groups repairs: all of a walk are lines of one invoice, each with its unit."""
        visit = self.create_job(TEN, self.maria, **self.env["fsm.order"]._prepare_walk_values(self.site))
        invoice = self.walk_and_invoice(visit, 3)
        self.assertEqual((len(invoice), invoice.state, invoice.partner_id), (1, "posted", self.customer))
        lines = invoice.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        self.assertEqual(len(lines), 3)
        for number, line in enumerate(lines):
            self.assertIn(f"C-{number}", line.name)

    def test_views_of_technicians(self):
        """Lot walking views in the technician's portal: his walks are listed, his day tells a walk from a job."""
        visit = self.create_job(TEN, self.maria, **self.env["fsm.order"]._prepare_walk_values(self.site))
        job = self.create_job(TEN + 2 * HOUR, self.maria)
        action = self.env["ir.actions.act_window"]._for_xml_id("fieldservice_schedule_walk.fsm_order_walk_action")
        domain = safe_eval(action["domain"])
        walks = self.env["fsm.order"].with_user(self.user_maria).search([*domain, ("id", "in", (visit | job).ids)])
        self.assertEqual(walks, visit)
        kinds = [stop["kind"] for stop in (visit | job).with_user(self.user_maria)._get_day_values()]
        self.assertEqual(kinds, ["walk", "job"])


@tagged("post_install", "-at_install", "standard")
class TestPhase62(Seed004Case):
    """Smart assignment."""

    def test_assigns_correctly(self):
        """Who is near, able and free is proposed first; who cannot is not, and it is said why."""
        job = self.create_open_job()
        self.assertEqual(self.who(job), ["Maria", "Tom"])
        skill_type = self.env["hr.skill.type"].create(
            {"name": "Glass", "skill_ids": [(0, 0, {"name": "Glass II"})], "skill_level_ids": [(0, 0, {"name": "One"})]}
        )
        job.skill_ids = skill_type.skill_ids
        self.tom.skill_ids = [
            (
                0,
                0,
                {
                    "skill_id": skill_type.skill_ids.id,
                    "skill_type_id": skill_type.id,
                    "skill_level_id": skill_type.skill_level_ids.id,
                },
            )
        ]
        self.assertEqual(self.who(job), ["Tom"])
        refused = self.env["fsm.dispatch"]._suggest(job, TODAY, TODAY).refused
        self.assertIn("Maria: lacks Glass II", self.env["fsm.dispatch"]._say_refusals(refused))

    def test_factors(self):
        """Workload, distance, history and availability count, each as much as the manager wants."""
        job = self.create_open_job()
        self.assertEqual(self.who(job)[0], "Maria", "distance")
        done = self.create_job(TEN - 24 * 7 * HOUR, self.tom)
        done.action_complete()
        self.company.dispatch_previous = 10 * 60
        self.assertEqual(self.who(job)[0], "Tom", "history")
        self.company.dispatch_previous = 0
        self.create_job(TEN - 2 * HOUR, self.maria, 7)
        self.company.dispatch_even = 6000
        self.assertEqual(self.who(job)[0], "Tom", "workload")
        self.company.dispatch_even = 0
        self.create_leave(TEN - 10 * HOUR, TEN + 14 * HOUR, person=self.tom)
        self.assertEqual(self.who(job), ["Maria"], "availability")

    def test_assignment_ui(self):
        """The dialog answers with the best first, each with his reasons; one click assigns, whomever one chooses."""
        job = self.create_open_job()
        dialog = Form(self.env["fsm.order.suggest"].with_user(self.dispatcher).with_context(default_job_id=job.id))
        dialog.first_day, dialog.day_count = TODAY, 1
        lines = dialog.save().line_ids
        self.assertEqual(lines.person_id.mapped("name"), ["Maria", "Tom"])
        for line in lines:
            self.assertRegex(line.why, r"\d+ min")
        lines[1].action_assign()
        self.assertEqual((job.person_id, job.state, job.reservation_id.state), (self.tom, "assigned", "confirmed"))

    def test_override(self):
        """A person's choice wins, whatever is proposed, and no plan takes it back."""
        self.env["fsm.recurring"].search([("state", "=", "progress")]).state = "suspend"
        walks = {"service_mode": "scheduled", "has_lot_walks": True, "mo": False, "tu": True}
        preference = self.env["service.preference"].create({"partner_id": self.customer.id, **walks})
        run_cron(self)
        visit = preference.site_ids.plan_ids.fsm_order_ids.sorted("occurrence_date")[0]
        self.assertEqual(visit.person_id, self.maria)
        visit.with_user(self.dispatcher).person_id = self.tom
        begin = visit.scheduled_date_start
        preference.walk_time = 14
        run_cron(self)
        self.assertEqual((visit.person_id, visit.is_moved, visit.scheduled_date_start), (self.tom, True, begin))

    def test_performance(self):
        """Forty visits of a day are given away together: what is read for one is read for all."""
        sites = self.env["fsm.location"].create(
            [{"name": f"Lot {number}", "owner_id": self.customer.id, "tz": "UTC"} for number in range(40)]
        )
        for number, site in enumerate(sites):
            self.locate(site, 28.5, -81.5 + number / 100)
        jobs = self.env["fsm.order"].create(
            [
                {
                    **self.job_values(TEN, hours=0.25),
                    "location_id": site.id,
                    "request_early": False,
                    "request_late": False,
                }
                for site in sites
            ]
        )
        self.env.flush_all()
        before = self.cr.sql_log_count
        failures = self.env["fsm.dispatch"]._insert(jobs)
        self.assertLess(self.cr.sql_log_count - before, 5 * len(jobs))
        self.assertGreater(len(jobs.filtered("person_id")), 15)
        self.assertEqual(len(jobs.filtered("person_id")) + len(failures), 40)
