from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from .common import WaiverCase, draw_picture

LOGGER = "odoo.addons.service_schedule_waiver.models.service_waiver_signature"
CRON = "service_schedule_waiver.ir_cron_make_documents"


@tagged("post_install", "-at_install")
class TestDocument(CronMixinCase, WaiverCase):
    def run_cron(self):
        """Run the job that keeps documents."""
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()

    def fail(self, error):
        """Return a patch under which no document can be rendered."""
        return patch.object(self.env.registry["ir.actions.report"], "_render_qweb_pdf", side_effect=error)

    def test_signing_asks_for_the_document(self):
        """A signature wakes the job, once."""
        with self.capture_triggers(CRON) as captured:
            self.sign()
            self.sign()
        self.assertEqual(len(captured.records), 1)

    def test_document_is_kept(self):
        """The document says what was signed by whom, when in the shop's zone, with the picture; it stays as it is."""
        signature = self.sign(picture=draw_picture())
        self.waiver.body = "<p>Diving is fun.</p>"
        self.waiver._publish()
        self.run_cron()
        document = signature.document_id
        self.assertEqual((document.res_model, document.res_id), (signature._name, signature.id))
        text = document.raw.decode()
        for part in (
            "Liability release",
            "Diving is dangerous.",
            "John Doe",
            "(America/New_York, UTC-",
            "data:image/png",
        ):
            self.assertIn(part, text)
        self.assertNotIn("fun", text)
        self.run_cron()
        self.assertEqual(signature.document_id, document)
        for values in ({"raw": b"forged"}, {"res_id": 1}, {"name": "x"}, {"datas": False}, {"res_model": False}):
            with self.assertRaises(UserError):
                document.sudo().write(values)
        document.write({"raw": document.raw, "mimetype": document.mimetype})  # as core does when it moves the storage
        with self.assertRaises(UserError):
            document.unlink()
        with self.assertRaises(UserError):
            signature.document_id = document.copy()

    def test_document_in_the_signers_language(self):
        """The document is in the language in which it was read."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.translate(self.waiver, "Diving is dangerous.", "La plongée est dangereuse.")
        self.waiver._publish()
        signature = self.sign(self.reservation.with_context(lang="fr_FR"))
        self.assertEqual(signature.lang, "fr_FR")
        content, _kind = signature.with_context(lang="en_US")._render_document()
        self.assertIn("La plongée est dangereuse.", content.decode())

    def test_typed_name(self):
        """Without a picture the typed name stands as the signature."""
        content, _kind = self.sign()._render_document()
        self.assertIn("Signed by typing the name", content.decode())

    def test_failing_printer_loses_nothing(self):
        """Where no document can be made the signature stays; the next run of the job makes it, the rest meanwhile."""
        broken = self.sign()
        for error in (UserError("no wkhtmltopdf"), OSError("gone")):
            with self.fail(error), self.assertLogs(LOGGER, "WARNING"):
                self.run_cron()
            self.assertFalse(broken.document_id)
            self.assertEqual(self.reservation.waiver_state, "signed")
        self.run_cron()
        self.assertTrue(broken.document_id)
        self.assertEqual(self.env.ref(CRON).failure_count, 0)

    def test_one_broken_document_does_not_stop_the_others(self):
        """The job goes on after a document that fails."""
        first = self.sign()
        second = self.sign(self.book(self.window_on(self.evening, first.day)))
        render = type(self.env["ir.actions.report"])._render_qweb_pdf

        def break_first(report, name, res_ids=None, data=None):
            if res_ids == first.ids:
                raise OSError("cannot")
            return render(report, name, res_ids=res_ids, data=data)

        with (
            patch.object(self.env.registry["ir.actions.report"], "_render_qweb_pdf", break_first),
            mute_logger(LOGGER),
        ):
            self.run_cron()
        self.assertTrue(second.document_id)
        self.assertFalse(first.document_id)

    def test_staff_ask_for_the_document(self):
        """The button makes a document that is not there yet, and says so when it cannot be made."""
        signature = self.sign().with_user(self.technician)
        with self.fail(UserError("no wkhtmltopdf")), self.assertRaisesRegex(UserError, "wkhtmltopdf"):
            signature.action_open_document()
        action = signature.action_open_document()
        self.assertEqual(action["url"], f"/web/content/{signature.document_id.id}")
