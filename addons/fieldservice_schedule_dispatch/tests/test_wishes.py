from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import DispatchCase


@tagged("post_install", "-at_install")
class TestWishes(DispatchCase):
    """What wishes are worth is for field service managers to say, who may not write their company."""

    def test_manager(self):
        """A manager changes a wish in the dialog; dispatch weighs by it at once, and nothing else changes."""
        self.company.write({"dispatch_preferred": 20, "dispatch_even": 0})
        with self.assertRaises(AccessError):
            self.company.with_user(self.boss).dispatch_preferred = 45
        wizard = Form(self.env["fsm.dispatch.wishes"].with_user(self.boss))
        self.assertEqual((wizard.dispatch_preferred, wizard.dispatch_even), (20, 0))
        wizard.dispatch_preferred = 45
        saved = wizard.save()
        saved.action_save()
        weights = self.company._get_dispatch_weights()
        self.assertEqual((weights.preferred, weights.even), (45 * 60, 0))
        saved.dispatch_even = 10
        self.assertEqual(self.company.dispatch_even, 10)

    def test_others(self):
        """A dispatcher may not, and a manager not for a company that is none of his."""
        wishes = self.env["fsm.dispatch.wishes"]
        with self.assertRaises(AccessError):
            wishes.with_user(self.dispatcher).create({"dispatch_preferred": 45})
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaises(AccessError):
            wishes.with_user(self.boss).create({"company_id": elsewhere.id, "dispatch_preferred": 45})
        mine = wishes.with_user(self.boss).create({})
        with self.assertRaises(AccessError):
            mine.write({"company_id": elsewhere.id, "dispatch_preferred": 45})
        self.assertEqual(elsewhere.dispatch_preferred, 20)
