"""One command of a technician's phone, sent by two requests at once: it is applied once, and both are told the same."""

import uuid
from functools import partial

from suite_race import race, transaction

from odoo import fields
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

PHONES = 4


@tagged("post_install", "-at_install", "standard")
class TestRaceField(BaseCase):
    """What is made is committed, and deleted at the end."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with transaction() as env:
            customer = env["res.partner"].create({"name": "Race customer", "is_company": True})
            site = env["fsm.location"].create({"name": "Race site", "owner_id": customer.id})
            person = env["fsm.person"].create({"name": "Race technician"})
            job = env["fsm.order"].create(
                {
                    "location_id": site.id,
                    "person_id": person.id,
                    "scheduled_date_start": fields.Datetime.now().replace(microsecond=0),
                    "scheduled_duration": 1.0,
                }
            )
            self.made = {
                "jobs": job.ids,
                "people": person.ids,
                "sites": site.ids,
                "partners": [*customer.ids, *site.partner_id.ids, *person.partner_id.ids],
                "resources": person.resource_id.ids,
                "points": job.reservation_id.point_id.ids,
            }
            self.job_id = job.id
        self.addCleanup(self._clean)

    def _clean(self):
        with transaction() as env:
            env.cr.execute(
                """UPDATE fsm_order SET reservation_id = NULL WHERE id = ANY(%(jobs)s);
                   DELETE FROM field_command WHERE job_id = ANY(%(jobs)s);
                   DELETE FROM service_reservation_change WHERE reservation_id IN
                       (SELECT id FROM service_reservation WHERE job_id = ANY(%(jobs)s));
                   DELETE FROM service_reservation WHERE job_id = ANY(%(jobs)s);
                   DELETE FROM service_notification_message WHERE res_model = 'fsm.order' AND res_id = ANY(%(jobs)s);
                   DELETE FROM mail_message WHERE model = 'fsm.order' AND res_id = ANY(%(jobs)s);
                   DELETE FROM mail_followers WHERE res_model = 'fsm.order' AND res_id = ANY(%(jobs)s);
                   DELETE FROM fsm_order WHERE id = ANY(%(jobs)s);
                   DELETE FROM fsm_person WHERE id = ANY(%(people)s);
                   DELETE FROM resource_resource WHERE id = ANY(%(resources)s);
                   DELETE FROM fsm_location WHERE id = ANY(%(sites)s);
                   DELETE FROM res_partner WHERE id = ANY(%(partners)s)""",
                self.made,
            )
            env.registry.clear_all_caches()

    def send(self, *commands):
        """Return an act: commands applied as a request does it, which Odoo runs again when another was quicker."""
        return lambda env: retrying(partial(env["field.command"]._apply_all, list(commands)), env)

    def command(self, name, **values):
        """Return a command on the job."""
        now = f"{fields.Datetime.now().isoformat(timespec='seconds')}Z"
        return {"id": str(uuid.uuid4()), "name": name, "job": self.job_id, "at": now, "values": values}

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_same_command_at_once(self):
        """A note that arrives several times at once is written once; all get the same answer."""
        note = self.command("note", note="Race note")
        phones = race([self.send(note)] * PHONES)
        self.assertEqual([phone.error for phone in phones], [None] * PHONES)
        self.assertTrue(phones[0].value[0]["ok"])
        for phone in phones[1:]:
            self.assertEqual(phone.value, phones[0].value)
        with transaction() as env:
            bodies = env["fsm.order"].browse(self.job_id).message_ids.mapped("body")
            self.assertEqual(sum("Race note" in body for body in bodies), 1)
            self.assertEqual(env["field.command"].search_count([("uuid", "=", note["id"])]), 1)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_same_batch_at_once(self):
        """Start and finish that arrive twice at once, with one that is refused: the same job, the same answers."""
        batch = [self.command("start"), self.command("resume", note=1), self.command("finish", note="Race end")]
        batch.insert(1, self.command("return", reason="nonsense"))
        phones = race([self.send(*batch)] * 2)
        self.assertEqual([phone.error for phone in phones], [None] * 2)
        self.assertEqual([answer["ok"] for answer in phones[0].value], [True, False, True, True])
        self.assertEqual(phones[0].value, phones[1].value)
        with transaction() as env:
            job = env["fsm.order"].browse(self.job_id)
            self.assertEqual(job.state, "completed")
            self.assertEqual(sum("Race end" in body for body in job.message_ids.mapped("body")), 1)
