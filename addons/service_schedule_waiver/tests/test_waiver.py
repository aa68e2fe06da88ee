from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import WaiverCase


@tagged("post_install", "-at_install")
class TestWaiver(WaiverCase):
    def test_publishing_makes_versions(self):
        """Each publishing of a changed draft is the next version; an unchanged draft makes none."""
        first = self.waiver.version_id
        self.assertEqual(first.number, 1)
        self.assertEqual(first.published_by, self.env.user)
        self.assertTrue(first.published_on)
        self.assertFalse(self.waiver.has_changes)
        self.assertEqual(self.waiver._publish(), first)
        self.waiver.body = "<p>Diving is fun.</p>"
        self.assertTrue(self.waiver.has_changes)
        self.assertEqual(self.waiver.version_id, first, "customers sign the old text until the new one is published")
        second = self.waiver.with_user(self.manager)._publish()
        self.assertEqual((second.number, second.published_by), (2, self.manager))
        self.assertEqual(self.waiver.version_id, second)
        self.assertIn("dangerous", first.body)
        self.assertIn("fun", second.body)

    def test_version_never_changes(self):
        """A published version can neither be changed nor deleted, not even by the superuser."""
        version = self.waiver.version_id.sudo()
        for values in ({"texts": {}}, {"number": 7}, {"waiver_id": self.waiver.copy().id}, {"published_on": False}):
            with self.assertRaises(UserError):
                version.write(values)
        with self.assertRaises(UserError):
            version.unlink()
        with self.assertRaises(UserError):
            self.waiver.sudo().unlink()
        self.assertTrue(version.exists())

    def test_text_in_the_languages_of_its_day(self):
        """A version keeps every language as it was; who reads another language gets English."""
        self.env["res.lang"]._activate_lang("fr_FR")
        french = self.waiver.with_context(lang="fr_FR")
        french.name = "Décharge"
        self.translate(self.waiver, "Diving is dangerous.", "La plongée est dangereuse.")
        self.assertTrue(self.waiver.has_changes, "a translation is a change")
        version = self.waiver._publish()
        self.translate(self.waiver, "Diving is dangerous.", "La plongée est un plaisir.")
        self.assertIn("dangereuse", version.with_context(lang="fr_FR").body)
        self.assertEqual(version.with_context(lang="fr_FR").name, "Décharge")
        self.assertIn("dangerous", version.with_context(lang="en_US").body)
        self.env["res.lang"]._activate_lang("de_DE")
        self.assertIn("dangerous", version.with_context(lang="de_DE").body)
        self.assertEqual(version._get_lang("de_DE"), "en_US")

    def test_only_published_waivers_are_asked_for(self):
        """A waiver without text is not published, and an unpublished one cannot be asked for."""
        draft = self.env["service.waiver"].create({"name": "Draft", "body": "<p><br></p>"})
        with self.assertRaisesRegex(UserError, "no text yet"):
            draft._publish()
        with self.assertRaisesRegex(ValidationError, "not been published"), self.cr.savepoint():
            self.offer.waiver_id = draft
        draft.body = "<p>Text</p>"
        draft._publish()
        self.offer.waiver_id = draft

    def test_waiver_in_use_stays(self):
        """A waiver that an offer asks for is not archived; one that was never published may be deleted."""
        with self.assertRaisesRegex(ValidationError, "Tank fill"), self.cr.savepoint():
            self.waiver.active = False
        self.offer.waiver_id = False
        self.waiver.active = False
        draft = self.waiver.copy()
        self.assertFalse(draft.version_ids, "a copy begins as a draft")
        self.assertEqual(draft.name, "Liability release (copy)")
        draft.unlink()

    def test_waiver_of_another_company_is_refused(self):
        """An offer cannot ask for the text of another company."""
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self.create_waiver(company_id=company.id)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.offer.waiver_id = stranger
