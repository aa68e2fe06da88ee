"""A second windshield firm in the same database: set up by its own manager, from a preference to an invoice, unseen."""

from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged

from odoo.addons.fieldservice_schedule_plan.tests.common import run_cron
from odoo.addons.fieldservice_schedule_walk.tests.common import WalkCase

HOUR = timedelta(hours=1)
NOW = datetime(2031, 10, 20, 5)
"""Naive UTC; Monday morning."""
GROUPS = {
    "boss": "fieldservice.group_fsm_manager,fieldservice.group_fsm_team,"
    "base.group_erp_manager,base.group_partner_manager",
    "planner": "fieldservice.group_fsm_dispatcher,fieldservice.group_fsm_team,base.group_partner_manager",
    "tess": "fieldservice.group_fsm_user_own",
    "seller": "sales_team.group_sale_manager,product.group_product_manager",
    "counter": "account.group_account_invoice",
}
"""The people of the second firm and their rights."""

COMPANIES = {
    "fsm.location": "owner_id.company_id",
    "fsm.location.person": "location_id.owner_id.company_id",
    "fsm.person": "resource_id.user_id.company_ids",
    "fsm.person.skill": "person_id.resource_id.user_id.company_ids",
    "fsm.plan.progress": "plan_id.company_id",
    "service.preference": "partner_id.company_id",
    "service.preference.site": "preference_id.partner_id.company_id",
    "rating.rating": "job_id.company_id",
    "service.reservation.change": "reservation_id.company_id",
    "res.users": "company_ids",
}
"""How records without a company of their own belong to one."""
SHARED = {
    "fsm.frequency.set",  # a rhythm in words, and nobody's
    "fsm.order.type",
    "fsm.person.calendar.filter",  # each user's own
    "fsm.travel",  # how long a road is; for administrators
}
"""What all firms have together, or is nobody else's business by another rule."""


class SecondCompanyCase(WalkCase):
    """The first firm is at work: Maria walks. Then comes the second one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.chip.company_id = cls.company
        cls.chip.product_id.company_id = cls.company
        cls.customer.company_id = cls.company
        cls.env["service.preference"].create({"partner_id": cls.customer.id, "has_lot_walks": True})
        cls.walk.with_user(cls.user_maria)._add_finding(cls.vans[0], {"damage": cls.chip.id})
        cls.walk._rating_get_access_token()
        cls.env["fsm.plan"].create({"date_from": NOW.date(), "date_to": NOW.date()})
        cls.second = cls.env["res.company"].create({"name": "Second Glass", "currency_id": cls.env.ref("base.EUR").id})
        cls.second.partner_id.tz = "UTC"
        cls.second.resource_calendar_id.tz = "UTC"
        cls.env["account.chart.template"].try_loading("generic_coa", cls.second, install_demo=False)
        cls.users = {
            name: new_test_user(
                cls.env,
                f"{name}@second",
                groups=f"{groups},base.group_multi_company",
                name=name.capitalize(),
                tz="UTC",
                company_id=cls.second.id,
                company_ids=[Command.set(cls.second.ids)],
            )
            for name, groups in GROUPS.items()
        }

    def form(self, record, user="boss", **values):
        """Fill in a form as one of the second firm's people does; return what is kept, as he sees it."""
        user = self.users[user]
        with Form(record.with_user(user).with_company(self.second)) as form:
            for name, value in values.items():
                setattr(form, name, value)
        return form.record

    def set_up(self):
        """Let the second firm's manager make what it needs: technician, team, stage, kind of damage, customer, lot."""
        self.users["tess"].with_user(self.users["boss"]).action_make_technician()
        self.tess = self.env["fsm.person"].search([("partner_id", "=", self.users["tess"].partner_id.id)])
        self.team = self.form(self.env["fsm.team"], name="Second team")
        self.parts = self.form(
            self.env["fsm.stage"],
            name="Waiting for parts",
            sequence=57,
            stage_type="order",
            code="in_progress",
        )
        product = self.form(
            self.env["product.template"],
            user="seller",
            name="Chip, second",
            type="service",
            list_price=70,
            invoice_policy="delivery",
            field_service_tracking="line",
        )
        self.damage = self.form(
            self.env["fsm.damage"], name="Stone chip", product_id=product.product_variant_id, minutes=20
        )
        self.fleet = self.form(self.env["res.partner"], user="planner", name="Second fleet", company_type="company")
        # without it Odoo shows a contact to all companies, and its sites with it
        self.fleet.company_id = self.second
        self.lot = self.form(self.env["fsm.location"], user="planner", name="Second lot", owner_id=self.fleet)
        for place in (self.lot, self.tess):
            place.sudo().partner_id.write({"partner_latitude": 46.8, "partner_longitude": -92.1})


@tagged("post_install", "-at_install", "standard")
class TestSecondCompany(SecondCompanyCase):
    def test_from_preference_to_invoice(self):
        """Its manager sets it up by its forms; its customer is visited, its technician finds, its order is invoiced."""
        self.set_up()
        with Form(self.env["service.preference"].with_user(self.users["planner"])) as form:
            form.partner_id = self.fleet
            form.service_mode = "scheduled"
            form.has_lot_walks = True
        plan = form.record.sudo().site_ids.plan_ids
        self.assertEqual((plan.company_id, plan.state), (self.second, "progress"))
        run_cron(self)
        visit = plan.fsm_order_ids.sorted("occurrence_date")[0]
        self.assertEqual((visit.company_id, visit.placement_problem), (self.second, False))
        self.assertEqual((visit.person_id, visit.state), (self.tess, "assigned"))
        self.assertIn(visit.team_id.company_id, (self.second, self.env["res.company"]))
        self.assertEqual(visit.reservation_id.company_id, self.second)
        walk = visit.with_user(self.users["tess"])
        walk.action_start()
        unit = walk._find_or_add_unit("S-1")
        finding = walk._add_finding(unit, {"damage": self.damage.id, "done": True}).sudo()
        walk._finish_walk()
        self.assertEqual((visit.state, finding.company_id, unit.sudo().company_id), ("completed", *[self.second] * 2))
        order = visit.walk_order_id
        self.assertEqual((order.company_id, order.currency_id), (self.second, self.env.ref("base.EUR")))
        self.assertEqual((order.state, order.amount_untaxed, order.invoice_status), ("sale", 70, "to invoice"))
        wizard = self.env["sale.advance.payment.inv"].with_user(self.users["seller"])
        wizard.with_context(active_model="sale.order", active_ids=order.ids).create({}).create_invoices()
        invoice = order.invoice_ids.with_user(self.users["counter"])
        invoice.action_post()
        self.assertEqual((invoice.company_id, invoice.amount_untaxed, invoice.state), (self.second, 70, "posted"))
        # its own stage, its own team: by its dispatcher's form
        job = self.form(
            self.env["fsm.order"],
            user="planner",
            location_id=self.lot,
            team_id=self.team,
            person_id=self.tess,
            scheduled_date_start=NOW + 30 * HOUR,
        )
        job.stage_id = self.parts
        self.assertEqual((job.company_id, job.state), (self.second, "in_progress"))

    def test_portal_customer(self):
        """The second firm's customer chooses among its technicians, and his visits are its visits."""
        self.set_up()
        portal = new_test_user(
            self.env,
            "fleet@second",
            groups="base.group_portal",
            company_id=self.second.id,
            company_ids=[Command.set(self.second.ids)],
        )
        portal.partner_id.write({"parent_id": self.fleet.id})
        page = self.env["service.preference.page"].with_user(portal)
        self.assertEqual(page._get_values(portal.partner_id)["persons"].mapped("name"), ["Tess"])
        page._save(
            portal.partner_id,
            {"p_service_mode": "both", "p_has_lot_walks": "1", "p_walk_time": "9:00", "p_tu": "1"},
        )
        run_cron(self)
        visits = self.env["fsm.order"].search([("location_id", "=", self.lot.id)])
        self.assertTrue(visits)
        self.assertEqual((visits.company_id, visits.person_id), (self.second, self.tess))

    def test_nothing_of_the_first_is_seen(self):
        """No user of the second firm finds a record of the first one, in any model of the field service addons."""
        self.set_up()
        leaks = []
        for model in self.get_models():
            if model in SHARED:
                continue
            for name, user in self.users.items():
                try:
                    rows = self.env[model].with_user(user).search_read([], ["id"])
                except AccessError:
                    continue  # he reads none of these at all
                found = self.env[model].sudo().browse([row["id"] for row in rows])
                foreign = found.filtered(lambda one, model=model: self.is_foreign(model, one))
                leaks += [(model, name, foreign[:3].mapped("display_name"))] if foreign else []
        self.assertFalse(leaks)

    def test_nothing_of_the_second_is_seen(self):
        """Nor does the first firm's manager find the second firm's technician, job, lot or plan; or plan him."""
        self.set_up()
        for user in (self.boss, self.dispatcher, self.user_maria):
            people = self.env["fsm.person"].with_user(user)
            self.assertNotIn(self.tess, people.search([]))
            self.assertNotIn(self.lot, self.env["fsm.location"].with_user(user).search([]))
        self.assertNotIn(self.tess, self.env["fsm.dispatch"]._get_persons(self.company))
        self.assertEqual(self.env["fsm.dispatch"]._get_persons(self.second), self.tess)
        board = self.env["fsm.board"].with_user(self.users["planner"])
        self.assertEqual(board._search_persons(self.env["fsm.order"]), self.tess)

    def test_technician_of_both(self):
        """Who may log in to both firms works for both."""
        self.set_up()
        self.user_tom.company_ids |= self.second
        persons = self.env["fsm.dispatch"]._get_persons
        self.assertIn(self.tom, persons(self.company))
        self.assertEqual(persons(self.second), self.tom | self.tess)

    def get_models(self):
        """Return the names of the stored models that field service addons of ours define or change."""
        known = self.env["ir.model"].search([("transient", "=", False)])
        return sorted(
            model.model
            for model in known
            if any(name.strip().startswith(("fieldservice",)) for name in (model.modules or "").split(","))
            and model.model.startswith(("fsm.", "field.", "service.", "rating."))
            and model.model in self.env
            and self.env[model.model]._auto
            and not self.env[model.model]._abstract
        )

    def is_foreign(self, model, record):
        """Return whether a record belongs to another company than the second."""
        if model in COMPANIES:
            companies = record.mapped(COMPANIES[model])
        else:
            self.assertIn("company_id", record._fields, f"{model}: say in COMPANIES whose its records are")
            companies = record.company_id
        return bool(companies) and self.second not in companies
