"""The doors through which a time is taken: ours, and the peer's."""

import urllib.parse
import uuid
from datetime import UTC, datetime

from .contest import Outcome

WON, LOST = "won", "lost"


class HoldDoor:
    """`POST /book/hold`: the first step of our booking wizard. The winner holds the time while he pays."""

    name = "ours"
    path = "/book/hold"

    def take(self, client, slot):
        """Hold the slot; 303 to the booking's page, or a page that says the time is taken."""
        answer = client.browser.post(self.path, {"offer_id": slot.offer_id, "choice": slot.choice, "new": 1})
        kind = {303: WON, 409: LOST, 422: LOST}.get(answer.status, f"HTTP {answer.status}")
        if kind == WON and not self.public_id(answer.location):
            kind = f"sent to {answer.location}"
        return Outcome(kind, answer.status, answer.seconds, slot, answer.location, answer.text)

    @staticmethod
    def public_id(location):
        """Return the public id of the booking that a redirect leads to, "" for another one."""
        parts = urllib.parse.urlsplit(location).path.strip("/").split("/")
        return parts[1] if len(parts) >= 2 and parts[0] == "book" and len(parts[1]) == 36 else ""


class OrderDoor:
    """`POST /my/service/new`: an order in one form."""

    name = "ours, order form"
    path = "/my/service/new"

    def __init__(self, point_id):
        self.point_id = point_id

    def take(self, client, slot):
        """Place an order for the slot."""
        values = {
            "submission_key": str(uuid.uuid4()),
            "point_id": self.point_id,
            "product_id": slot.product_id,
            "quantity": "1",
            "when": "later",
            "choice": slot.choice,
            "go": "place",
        }
        answer = client.browser.post(self.path, values)
        kind = {303: WON, 409: LOST, 422: LOST}.get(answer.status, f"HTTP {answer.status}")
        return Outcome(kind, answer.status, answer.seconds, slot, answer.location, answer.text)


class PeerDoor:
    """`GET /my/bookings/<id>/confirm`: how OCA `resource_booking` lets a customer confirm a time.

    Every try is made with a booking that the shop has invited the customer to; one that got no time is used again.
    """

    name = "OCA resource_booking"
    path = "/my/bookings/"

    def __init__(self, bookings):
        self.bookings = bookings

    def take(self, client, slot):
        """Confirm a booking at the slot's time; the loser is sent back to the calendar with an error."""
        waiting = self.bookings[client.number, slot.offer_id]
        booking_id, token = waiting[-1]
        when = datetime.fromtimestamp(slot.stamp, UTC).isoformat()
        query = urllib.parse.urlencode({"access_token": token, "when": when})
        answer = client.browser.get(f"{self.path}{booking_id}/confirm?{query}")
        if answer.status not in (302, 303):
            kind = f"HTTP {answer.status}"
        elif "/schedule" in answer.location:
            kind = LOST
        else:
            kind = WON
            waiting.pop()
        return Outcome(kind, answer.status, answer.seconds, slot, answer.location, answer.text)
