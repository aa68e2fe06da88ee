from odoo.tests import Form

from .common import NINE, WalkCase


class TestViews(WalkCase):
    """The backend's pages open and work for those whom they are for."""

    def test_form_of_a_walk(self):
        """A technician opens his walk, writes a note on its list and saves, while it runs and when it is over."""
        self.find()
        walk = self.walk.with_user(self.user_maria)
        for _state in ("in_progress", "completed"):
            with Form(walk) as form, form.walk_unit_ids.edit(1) as row:
                row.note = f"note {walk.state}"
            self.assertEqual(walk.walk_unit_ids[1].note, f"note {walk.state}")
            walk._finish_walk(leave_open=True)

    def test_form_of_a_finding(self):
        """The form of a finding opens for who found it, and its note can be changed."""
        finding = self.find(done=True).with_user(self.user_maria)
        with Form(finding) as form:
            form.damage_note = "longer now"
        self.assertEqual(finding.damage_note, "longer now")

    def test_dialog_of_a_finding(self):
        """The dialog says the price of what is chosen before it is added."""
        self.see(self.vans[0])
        action = self.walk._get_row(self.vans[0]).with_user(self.user_maria).action_add_finding()
        wizard = self.env["fsm.walk.finding"].with_user(self.user_maria).with_context(**action["context"])
        with Form(wizard) as form:
            form.damage_id = self.crack
            form.count = 2
            self.assertEqual(form.price, 160)
        form.record.action_add()
        self.assertEqual(self.walk.finding_ids.equipment_id, self.vans[0])

    def test_list_asks_little(self):
        """The list of walks costs as many queries for twenty walks as for two."""
        walks = self.env["fsm.order"].union(
            *[self.create_walk(person=self.maria, start=NINE.replace(month=11, day=day + 1)) for day in range(20)]
        )
        names = ["walk_unit_count", "walk_left_count", "finding_count", "state"]
        counts = []
        for some in (walks[:2], walks[:2], walks):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.dispatcher).read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_translations(self):
        """What people read can be translated: sentences of the code and names of data are among the terms."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.chip.with_context(lang="de_DE").name = "Steinschlag"
        self.find()
        values = self.walk.with_user(self.user_maria).with_context(lang="de_DE")._get_walk_values()
        self.assertEqual(values["units"][0]["findings"][0]["label"], "Steinschlag")
        template = self.env.ref("fieldservice_schedule_walk.mail_template_walk_completed")
        for name in ("subject", "body_html"):
            self.assertTrue(template._fields[name].translate)
