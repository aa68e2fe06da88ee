"""A small client of the API: places an order, moves it, and follows it until it is ready.

    python3 docs/examples/api_client.py http://127.0.0.1:8069 KEY

Python's standard library is all that it needs. What it does about answers other than good ones is what a real client
does: wait when it is told to, take another time when one is taken, and send a POST again under the same key when no
answer came.
"""

import json
import sys
import time
import urllib.error
import urllib.request
import uuid
from datetime import date, timedelta

TRIES = 5


class Refused(Exception):
    """The API said no; ``problem`` is its answer (RFC 9457)."""

    def __init__(self, problem):
        super().__init__(problem["detail"])
        self.problem = problem


class Client:
    """One key's access to the API."""

    def __init__(self, url, key):
        self.root, self.key = f"{url}/api/v1", key

    def call(self, method, path, body=None, headers=None):
        """Return what the API answers; a POST that had no answer is sent again, and is done once."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **(headers or {})}
        if method == "POST":
            headers.setdefault("Idempotency-Key", str(uuid.uuid4()))
        data = json.dumps(body).encode() if body is not None else None
        for left in reversed(range(TRIES)):
            request = urllib.request.Request(self.root + path, data, headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code != 429 or not left:
                    raise Refused(json.load(error)) from error
                time.sleep(int(error.headers["Retry-After"]))
            except urllib.error.URLError:
                if not left:
                    raise
                time.sleep(1)
        return None

    def find_offer(self):
        """Return the first offer that a product sells."""
        return next(offer for offer in self.call("GET", "/offers")["items"] if offer["products"])

    def find_slots(self, offer, days=14):
        """Return the free times of the next days, windows and times."""
        start = date.today() + timedelta(days=2)
        query = f"offer_id={offer['id']}&start={start}&end={start + timedelta(days=days)}"
        return self.call("GET", f"/availability?{query}")["items"]

    def place(self, offer, slot, notes=""):
        """Place an order for a slot; when it has just been taken, for the nearest one that is free."""
        product = offer["products"][0]["id"]
        body = {"shop_id": offer["shop_id"], "order_type": "pre_order", "order_notes": notes}
        body |= {"items": [{"product_id": product, "quantity": 1}], **self.describe_time(slot, "scheduled_pickup_time")}
        try:
            return self.call("POST", "/orders", body)
        except Refused as refused:
            others = refused.problem.get("alternatives")
            if not others:
                raise
            return self.place(offer, others[0], notes)

    def move(self, order, slot, reason):
        """Give an order another time, if it is still as we know it."""
        body = {"reason": reason, **self.describe_time(slot, "scheduled_date")}
        return self.call("POST", f"/orders/{order['id']}/reschedule", body, {"If-Match": f'"{order["revision"]}"'})

    def follow(self, order, seconds=2, until=("ready", "picked_up", "cancelled", "no_show")):
        """Yield the order whenever it has changed, until it is ready or over."""
        seen = None
        while seen is None or order["status"] not in until:
            order = self.call("GET", f"/orders/{order['id']}")
            if order["revision"] != seen:
                seen = order["revision"]
                yield order
            else:
                time.sleep(seconds)

    @staticmethod
    def describe_time(slot, name):
        """Return a slot as bodies name it: a window by its day and code, another time by its moment."""
        if slot["time_slot"]:
            return {"date": slot["start"][:10], "time_slot": slot["time_slot"]}
        return {name: slot["start"]}


def main(url, key):
    """Place, move and follow an order; say what happens."""
    client = Client(url, key)
    offer = client.find_offer()
    first, *_others, last = client.find_slots(offer)
    order = client.place(offer, first, "By the example client")
    print(order["confirmation"], flush=True)  # noqa: T201 - an example says what it does
    order = client.move(order, last, "The boat leaves later")
    print(order["confirmation"], flush=True)  # noqa: T201
    for news in client.follow(order):
        print(news["order_number"], news["status"], flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
