"""Who may do what with every model of the field service addons: one table, compared whole."""

from odoo.tests import new_test_user, tagged

from odoo.addons.fieldservice_sale_schedule.tests.common import SoldCase
from odoo.addons.fieldservice_schedule_dispatch.tests.common import NOW, TODAY, DispatchCase
from odoo.addons.fieldservice_schedule_walk.tests.common import NINE, WalkMixin

OPERATIONS = {"read": "r", "write": "w", "create": "c", "unlink": "d"}
CALLERS = ("public", "portal", "maria", "tom", "dispatcher", "boss", "salesman", "accountant")
RIGHTS = """
fsm.order walk              -   -   rw  -   rwcd  rwcd  -   -
fsm.order finding           -   -   rw  -   rwcd  rwcd  -   -
fsm.order sold              -   -   rw  -   rwcd  rwcd  r   -
fsm.walk.unit               -   -   rw  -   rw    rw    -   -
fsm.damage                  -   -   r   r   r     rwcd  r   -
fsm.person                  -   -   r   r   r     rwcd  r   -
fsm.person.skill            -   -   r   r   rwcd  rwcd  -   -
fsm.equipment               -   -   r   r   r     rwcd  r   -
fsm.location                -   -   r   r   rwc   rwc   r   -
fsm.location.person         -   -   r   r   rwcd  rwcd  -   -
fsm.stage                   -   -   r   r   r     rwcd  r   -
fsm.team                    -   -   r   r   r     rwcd  r   -
fsm.template                -   -   r   r   r     rwcd  r   -
fsm.order.type              -   -   r   r   r     rwcd  r   -
fsm.recurring               -   -   -   -   rwc   rwcd  -   -
fsm.frequency.set           -   -   -   -   rwc   rwcd  -   -
fsm.frequency               -   -   -   -   rwc   rwcd  -   -
service.preference          -   -   -   -   rwc   rwcd  -   -
service.preference.site     -   -   -   -   rwc   rwcd  -   -
fsm.plan                    -   -   -   -   rwc   rwc   -   -
fsm.plan.line               -   -   -   -   r     r     -   -
fsm.plan.progress           -   -   -   -   -     -     -   -
fsm.travel                  -   -   -   -   -     -     -   -
field.command               -   -   -   -   r     r     -   -
service.reservation         -   -   -   -   -     -     -   -
rating.rating               -   -   r   -   r     r     -   -
fsm.order.overbook          -   -   c   c   c     c     -   -
fsm.order.batch             -   -   c   c   c     c     -   -
fsm.order.suggest           -   -   c   c   c     c     -   -
fsm.order.suggest.line      -   -   c   c   c     c     -   -
fsm.dispatch.wishes         -   -   -   -   -     c     -   -
fsm.walk.new                -   -   c   c   c     c     -   -
fsm.walk.finish             -   -   c   c   c     c     -   -
fsm.walk.finding            -   -   c   c   c     c     -   -
"""
"""Read, write, create, delete, by ``CALLERS``. What dialogs do is checked where they do it, by their own tests.

The record is Maria's and Harbour Fleet's: Tom is a technician with other work, the portal user another customer. What
is written of it is bounded further: a technician's job by ``fsm_order_assign``, a unit of a walk to its note.
"""


@tagged("post_install", "-at_install", "standard")
class TestFieldRights(WalkMixin, SoldCase, DispatchCase):
    """Maria's walk at Harbour Fleet, what came of it, and all that stands around it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpWalk()
        cls.users = {
            "public": cls.env.ref("base.public_user"),
            "portal": new_test_user(cls.env, "other@fleet", groups="base.group_portal"),
            "maria": cls.user_maria,
            "tom": cls.user_tom,
            "dispatcher": cls.dispatcher,
            "boss": cls.boss,
            "salesman": cls.salesman,
            "accountant": cls.accountant,
        }

    def make_records(self):
        """Return ``{row of the table: record}``."""
        finding = self.find()
        order = self.create_order((self.create_product("Pane", 200.0, "line"), 1), user=self.salesman)
        order.action_confirm()
        sold = order.sudo().fsm_order_ids
        sold.write({"person_id": self.maria.id, "scheduled_date_start": NINE.replace(day=22)})
        sold._rating_get_access_token()
        preference = self.env["service.preference"].create({"partner_id": self.customer.id, "service_mode": "both"})
        preference.has_lot_walks = True
        recurring = preference.site_ids.plan_ids
        return {
            "fsm.order walk": self.walk,
            "fsm.order finding": finding,
            "fsm.order sold": sold,
            "fsm.walk.unit": finding.walk_unit_id,
            "fsm.damage": self.chip,
            "fsm.person": self.maria,
            "fsm.equipment": self.vans[0],
            "fsm.location": self.site,
            "fsm.location.person": self.make("fsm.location.person", location_id=self.site.id, person_id=self.maria.id),
            "fsm.stage": sold.stage_id,
            "fsm.team": sold.team_id,
            "fsm.order.type": self.walk.type,
            "fsm.template": self.walk.template_id,
            "fsm.recurring": recurring,
            "fsm.frequency.set": recurring.fsm_frequency_set_id,
            "fsm.frequency": recurring.fsm_frequency_set_id.fsm_frequency_ids,
            "service.preference": preference,
            "service.preference.site": preference.site_ids,
            "service.reservation": sold.reservation_id,
            "rating.rating": self.env["rating.rating"].search([("job_id", "=", sold.id)]),
            **self.make_inner_records(sold),
        }

    def make_inner_records(self, job):
        """Return the records that no person makes: what plans, phones and services of roads leave behind."""
        plan = self.make("fsm.plan", date_from=TODAY, date_to=TODAY)
        skill_type = self.make(
            "hr.skill.type",
            name="Glass",
            skill_ids=[(0, 0, {"name": "Glass II"})],
            skill_level_ids=[(0, 0, {"name": "One"})],
        )
        places = dict.fromkeys(("from_latitude", "from_longitude", "to_latitude", "to_longitude"), 1)
        return {
            "fsm.plan": plan,
            "fsm.plan.line": self.make("fsm.plan.line", plan_id=plan.id, job_id=job.id, kind="new"),
            "fsm.plan.progress": self.make("fsm.plan.progress", plan_id=plan.id, queued_at=NOW),
            "fsm.travel": self.make("fsm.travel", provider="x", profile="car", fetched_at=NOW, **places),
            "field.command": self.make(
                "field.command",
                uuid="1",
                name="note",
                job_id=job.id,
                user_id=self.user_maria.id,
                company_id=self.company.id,
                at=NOW,
            ),
            "fsm.person.skill": self.make(
                "fsm.person.skill",
                person_id=self.maria.id,
                skill_type_id=skill_type.id,
                skill_id=skill_type.skill_ids.id,
                skill_level_id=skill_type.skill_level_ids.id,
            ),
        }

    def make(self, model, **values):
        """Return a new record."""
        return self.env[model].create(values)

    def get_rights(self, record, user):
        """Return the letters of what a user may do with a record; of a dialog, whether he may open it."""
        mine = record.with_user(user)
        if record._transient:
            return "c" if mine.has_access("create") else ""
        letters = "".join(letter for operation, letter in OPERATIONS.items() if mine.has_access(operation))
        if mine.browse().has_access("read"):
            self.assertEqual(mine.search([("id", "=", record.id)]), mine if "r" in letters else mine.browse())
        return letters

    def test_rights(self):
        """Each caller may do just what the table says with each record, and finds it when he may read it."""
        records = self.make_records()
        for line in RIGHTS.strip().splitlines():
            row, rights = line[:28].strip(), line[28:].split()
            record = records[row] if row in records else self.env[row]
            self.assertEqual(len(record), not record._transient, row)
            found = [self.get_rights(record, self.users[caller]) or "-" for caller in CALLERS]
            with self.subTest(row):
                self.assertEqual(dict(zip(CALLERS, found, strict=True)), dict(zip(CALLERS, rights, strict=True)))

    def test_table_is_whole(self):
        """The table has each stored or dialog model that one of our field service addons brings."""
        listed = {line.split()[0] for line in RIGHTS.strip().splitlines()}
        ours = {
            name
            for name, model in self.env.registry.items()
            if model._original_module.startswith(("fieldservice_schedule", "fieldservice_sale_schedule"))
            and not model._abstract
        }
        self.assertFalse(ours - listed)
        self.assertGreater(len(ours), 15)
