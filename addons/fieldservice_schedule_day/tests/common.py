import uuid

from odoo.addons.fieldservice_schedule.tests.common import HOUR, NINE, FieldCase

__all__ = ["HOUR", "NINE", "DayCase"]

INSTRUCTIONS = """<p>Park at the gate.</p><ul class="o_checklist"><li id="checkId-1">Photograph the damage</li>
<li id="checkId-2">Tell the office</li></ul>"""


class DayCase(FieldCase):
    """Maria's Monday: two jobs at the lot, and Tom's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site.write({"street": "310 Canal Park Drive", "city": "Duluth", "phone": "+1 218-555-0100"})
        cls.van = cls.env["fsm.equipment"].create(
            {"name": "Ford Transit", "serial_number": "12", "owned_by_id": cls.customer.id}
        )
        cls.job = cls.create_job(NINE, cls.maria, equipment_ids=cls.van.ids, todo=INSTRUCTIONS)
        cls.second = cls.create_job(NINE + 2 * HOUR, cls.maria)
        cls.foreign = cls.create_job(NINE, cls.tom)

    @staticmethod
    def command(name, job, at="2031-10-20T09:00:00Z", **values):
        """Return a command as the phone sends it."""
        return {"id": str(uuid.uuid4()), "name": name, "job": job.id, "at": at, "values": values}

    def apply(self, *commands, user=None):
        """Return the answers to commands of a user, Maria unless another is named."""
        return self.env["field.command"].with_user(user or self.user_maria)._apply_all(list(commands))

    def assert_refused(self, answer, sentence):
        """Check that a command was refused with a sentence."""
        self.assertFalse(answer["ok"])
        self.assertRegex(answer["error"], sentence)
