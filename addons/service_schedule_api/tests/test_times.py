from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestTimes(ApiCase):
    def test_shops_and_offers(self):
        """A customer sees where he can order, what, in which windows and for how much; no drafts."""
        hidden = self.create_offer("Secret", self.point, is_published=False)
        [shop] = self.fetch("/shops", self.ann)["items"]
        self.assertEqual((shop["id"], shop["timezone"]), (self.point.id, "America/New_York"))
        self.assertEqual(
            [(window["code"], window["start"], window["end"]) for window in shop["windows"]],
            [("MORNING", "08:00", "12:00"), ("AFTERNOON", "12:00", "17:00"), ("EVENING", "17:00", "20:00")],
        )
        [offer] = self.fetch(f"/offers?shop_id={self.point.id}", self.ann)["items"]
        self.assertEqual(offer["id"], self.offer.id)
        self.assertEqual([(p["id"], p["price"]) for p in offer["products"]], [(self.product.id, "12.50")])
        ids = [one["id"] for one in self.fetch("/offers", self.manager)["items"]]
        self.assertIn(hidden.id, ids)

    def test_availability(self):
        """The slots are those that the portal offers, and each can be ordered."""
        query = f"/availability?offer_id={self.offer.id}&start={self.day}&end={self.day}"
        slots = self.fetch(query, self.ann)["items"]
        self.assertEqual(len(slots), len(self.offer.get_availability(self.day, self.day)))
        window = next(slot for slot in slots if slot["time_slot"] == "EVENING")
        self.assertEqual((window["remaining"], window["resource_ids"]), (self.point.counter_lane_count, []))
        time = next(slot for slot in slots if not slot["time_slot"])
        self.place_by_api(date=None, time_slot=None, scheduled_pickup_time=time["start"])
        self.fetch(
            f"/availability?offer_id={self.offer.id}&start={self.day}&end={self.day + timedelta(days=70)}",
            self.ann,
            422,
        )
        self.fetch("/availability?offer_id=2147483647&start=2026-01-01&end=2026-01-02", self.ann, 404)

    def test_check_slots(self):
        """Each wanted time is free, or says why not, with the rules of booking; one reading for all."""
        free = f"{self.day}T15:00:00-04:00"
        starts = [free, f"{self.day}T15:07:00-04:00", f"{self.day - timedelta(days=30)}T15:00:00-04:00"]
        body = {"offer_id": self.offer.id, "slots": [{"start": start} for start in starts]}
        items = self.expect(self.call("POST", "/availability/check-slots", self.ann, body), 200)["items"]
        self.assertEqual([item["available"] for item in items], [True, False, False])
        self.assertEqual(items[1]["reasons"][0]["code"], "off_grid")
        self.assertIn("past", [reason["code"] for reason in items[2]["reasons"]])

    def test_check_agrees_with_booking(self):
        """Whatever start is asked about, the answer is that of the model which books."""
        self.point.counter_id.lane_count = 1
        self.place_by_api(time_slot="MORNING")
        zone = self.point._get_zone()
        starts = [
            datetime.combine(self.day + timedelta(days=days), datetime.min.time(), zone) + timedelta(minutes=minutes)
            for days in (-9, 0, 1, 20)
            for minutes in range(0, 1440, 173)
        ]
        wanted = [(int(start.timestamp()), None) for start in starts]
        found = self.offer._check_starts(wanted)
        self.assertEqual(found, [self.offer.get_reasons(start) for start, _resource in wanted])
