from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .common import NOW, NotificationCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestPreview(NotificationCase):
    """The preview shows what would be sent, with a record and in a language, and sends nothing."""

    def preview(self, **values):
        """Return the filled preview of the event with the record."""
        form = Form(self.env["service.notification.preview"].with_context(default_event_id=self.event.id))
        form.record_ref = f"res.partner,{self.record.id}"
        for name, value in values.items():
            form[name] = value
        return form

    def test_texts(self):
        """Subject, page, plain text and SMS with its size, in the language that is asked for."""
        template = self.env["sms.template"].create(
            {"name": "D", "model_id": self.env["ir.model"]._get_id("res.partner"), "body": "ж {{ object.name }}"}
        )
        self.event.sms_template_id = template
        self.template.with_context(lang="fr_FR").subject = "Plongée {{ object.name }}"
        form = self.preview(lang="fr_FR")
        self.assertEqual((form.subject, form.sms_text), ("Plongée Anna Dive", "ж Anna Dive"))
        self.assertEqual(form.sms_size, "1 segments (11 characters, UCS-2)")
        self.assertIn("Your dive, Anna Dive.", form.body_plain)
        self.assertIn("color-scheme", form.body_html)
        # nobody unsubscribes another from a preview
        self.assertIn("/unsubscribe/preview", form.body_html)
        self.assertEqual(form.recipient_id, self.record)
        self.assertFalse(self.get_messages())

    def test_fault(self):
        """A template that fails says why."""
        # Odoo tries what is saved with a record of its own choice: it fails for this one only
        self.template.body_html = "<p t-out=\"1 / (object.name != 'Anna Dive')\"/>"
        self.assertIn("ZeroDivisionError", self.preview().error)

    def test_rights(self):
        """It shows no record that its user may not read."""
        manager = new_test_user(self.env, "note_manager", groups="service_notification.group_manager")
        secret = self.create_partner("Secret")
        wizard = self.env["service.notification.preview"].with_user(manager)
        with self.assertRaises(AccessError):
            preview = wizard.create({"event_id": self.event.id, "record_ref": f"res.partner,{secret.id}"})
            self.assertFalse(preview.subject)
