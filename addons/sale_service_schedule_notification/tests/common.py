from freezegun import freeze_time

from odoo.addons.sale_service_schedule.tests.common import SaleScheduleCase
from odoo.addons.service_notification.tests.common import NotificationCase
from odoo.addons.service_schedule.tests.common import NOW


class OrderNotificationCase(SaleScheduleCase, NotificationCase):
    """John Doe in Paris orders visits by Maria at the dive shop in New York, whose clock shows the morning of NOW."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write(
            {"name": "Jeanne Doux", "email": "jeanne@example.com", "lang": "fr_FR", "tz": "Europe/Paris"}
        )
        cls.technician.partner_id.email = "maria@shop.example"
        cls.point.user_ids = cls.technician
        cls.point.company_id.email = "shop@reef.example"
        cls.maria = cls.create_person(user_id=cls.technician.id)
        cls.offer.write(
            {"resource_ids": cls.maria.ids, "allow_windows": False, "step_minutes": 60, "duration_minutes": 60}
        )

    def setUp(self):
        super().setUp()
        clock = freeze_time(NOW)
        self.clock = clock.start()
        self.addCleanup(clock.stop)

    @classmethod
    def at(cls, hour, day=20):
        """Return the choice of an hour of an October day on the shop's clock."""
        return f"time:2026-10-{day:02}T{hour:02}:00:00-04:00"

    def order_at(self, hour, day=20):
        """Return an order that has been booked for that hour, by the shop's manager."""
        order = self.create_order(user=self.manager)
        order._schedule(self.at(hour, day), by_staff=True)
        return order

    def mails_to(self, address):
        """Send what is due; return what this address got."""
        return [mail for mail in self.send() if address in mail["To"]]
