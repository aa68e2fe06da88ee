"""A customer on the way from the hold to the money: fills in, pays, pays late, twice or never, walks away."""

import random
import re
import time

from .contest import Outcome
from .doors import WON

DEMO_STATES = ["done"] * 6 + ["pending", "pending", "cancel", "error"]


class Customer:
    """Carries one booking on through the pages. What he was told is kept in `told`, to be compared with the books."""

    def __init__(self, client, provider, slowness, dice=None):
        self.client, self.provider, self.slowness = client, provider, slowness
        self.random = dice or random.Random(client.number)
        self.told = []

    def act(self, door, slot):
        """Hold a slot and go on with it or not; return the `Outcome` of the hold."""
        outcome = self.client.patiently(lambda: self.client.take(door, slot))
        if outcome.kind == WON:
            public_id = door.public_id(outcome.location)
            self.told.append((public_id, "held"))
            intent = self.random.random()
            if intent < 0.65:
                self._pay(public_id)
            elif intent < 0.8:
                self.client.patiently(lambda: self.client.browser.post(f"/book/{public_id}/release", {}))
        return Outcome(outcome.kind, outcome.status, outcome.seconds, outcome.slot, outcome.location)

    def _pay(self, public_id):
        """Fill in the page, begin to pay, and let the provider's message arrive some time later, perhaps twice."""
        saved = self.client.patiently(lambda: self.client.browser.post(f"/book/{public_id}", {"note": "race"}))
        if not saved.location.partition("?")[0].endswith("/review"):
            return  # the hold has ended meanwhile: the page says so
        path = f"/book/{public_id}/transaction"
        begun = self.client.patiently(lambda: self.client.browser.call(path, **self.provider))
        reference = re.search(r'"reference": "([^"]+)"', begun.text)
        if not reference:
            return  # the same, on the way to the money
        time.sleep(self.random.uniform(0, self.slowness))
        self._notify(reference[1], self.random.choice(DEMO_STATES), public_id)

    def _notify(self, reference, state, public_id):
        """Let the provider tell what became of the payment; then look at the status page, or close the laptop."""
        data = {"reference": reference, "payment_details": "4111", "simulated_state": state}
        for _message in range(self.random.choice((1, 1, 2))):
            self.client.patiently(lambda: self.client.browser.call("/payment/demo/simulate_payment", **data))
        self.told.append((public_id, state))
        if self.random.random() < 0.7:
            self.client.patiently(lambda: self.client.browser.call("/payment/status/poll"))
