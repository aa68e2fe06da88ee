from lxml import etree

from odoo.tests import Form, new_test_user, tagged

from .common import OrderNotificationCase


@tagged("post_install", "-at_install")
class TestWebhookEndpoint(OrderNotificationCase):
    def test_form_of_a_manager(self):
        """A manager's endpoint is of his own service points, and his form wants one; an administrator's does not."""
        manager = new_test_user(self.env, "hook-boss", groups="service_schedule.group_manager")
        admin = new_test_user(self.env, "hook-admin", groups="base.group_system,service_schedule.group_manager")
        self.point.user_ids |= manager
        endpoints = self.env["service.webhook.endpoint"]
        for user, required in ((manager, ["1"]), (admin, [])):
            arch = etree.fromstring(endpoints.with_user(user).get_view(view_type="form")["arch"])
            self.assertEqual(arch.xpath("//field[@name='point_ids']/@required"), required, user.login)
        form = Form(endpoints.with_user(manager))
        form.name, form.url = "Till", "https://93.184.216.34/hooks"
        self.assertEqual(form.save().point_ids, self.point)
