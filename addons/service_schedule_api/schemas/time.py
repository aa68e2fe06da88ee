"""Service points, offers, free times and reservations."""

from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from .common import Answer, Body, Currency, Id, Moment, Money, Text
from .order import TimeBody

MOST_SLOTS = 50
State = Literal["held", "confirmed", "done", "no_show", "cancelled", "released", "expired"]


class Window(Answer):
    code: str = Field(examples=["MORNING"])
    name: str
    start: str = Field(description="Wall clock of the shop.", examples=["08:00"])
    end: str = Field(examples=["12:00"])


class Shop(Answer):
    id: int
    name: str
    timezone: str = Field(description="IANA name.", examples=["America/New_York"])
    address: str
    phone: str
    windows: list[Window]


class ShopPage(Answer):
    items: list[Shop]
    next_cursor: str | None


class Product(Answer):
    id: int
    name: str
    price: Money = Field(description="Of one unit, as this user's price list says, before taxes that are added to it.")
    currency: Currency


class Named(Answer):
    id: int
    name: str


class Offer(Answer):
    id: int
    name: str
    shop_id: int
    duration_minutes: int = Field(description="Minutes.")
    step_minutes: int = Field(description="Times of its own start at multiples of these minutes.")
    lead_minutes: int = Field(description="Least notice of customers, minutes.")
    horizon_days: int = Field(description="Furthest day of customers; 0 is no limit.")
    cutoff_minutes: int = Field(description="Until how long before its start customers may change it, minutes.")
    hold_minutes: int = Field(description="How long a time is held, minutes.")
    allows_windows: bool
    allows_times: bool
    payment: Literal["shop", "deposit", "full"] = Field(description="What is paid ahead.")
    resources: list[Named] = Field(description="Who or what can be asked for; empty where nobody can choose.")
    products: list[Product] = Field(description="Ordering one of these books the offer.")


class OfferPage(Answer):
    items: list[Offer]
    next_cursor: str | None


class Slot(Answer):
    start: AwareDatetime = Field(description="In the shop's zone.")
    end: AwareDatetime
    time_slot: str | None = Field(description="Code of the window; null for a time of its own.")
    remaining: int = Field(description="Places left.")
    resource_ids: list[int] = Field(description="Who or what could do it, as far as one may choose.")


class SlotList(Answer):
    items: list[Slot]


class WantedSlot(Body):
    start: Moment
    resource_id: Id | None = None


class CheckBody(Body):
    offer_id: Id
    slots: Annotated[list[WantedSlot], Field(min_length=1, max_length=MOST_SLOTS, description="Within two months.")]


class Reason(Answer):
    code: str = Field(examples=["full"])
    detail: str = Field(description="For people.")


class CheckedSlot(Answer):
    start: AwareDatetime
    resource_id: int | None
    available: bool
    reasons: list[Reason]


class CheckedList(Answer):
    items: list[CheckedSlot]


class HoldBody(TimeBody):
    """A time to hold: `start`, or `date` and `time_slot`."""

    model_config = {
        "json_schema_extra": {"examples": [{"offer_id": 1, "start": "2026-10-15T15:00:00-04:00", "resource_id": 3}]}
    }

    MOMENT: ClassVar = "start"

    offer_id: Id
    start: Moment | None = None
    resource_id: Id | None = Field(None, description="This one and no other; null is any.")
    customer_id: Id | None = Field(None, description="For whom: the staff may say it, customers hold for themselves.")


class ReasonBody(Body):
    reason: Annotated[Text, Field(max_length=500)] = ""


class Reservation(Answer):
    id: str = Field(description="The public id.", examples=["2a1f5f0e-2f0b-4a57-9b1c-0f0c3d2b1a00"])
    status: State
    offer_id: int
    shop_id: int
    order_id: int | None
    start: AwareDatetime = Field(description="In the shop's zone.")
    end: AwareDatetime
    time_slot: str | None
    resource_id: int | None = Field(description="Null for customers where nobody can choose.")
    expires_at: AwareDatetime | None = Field(description="Until when it is held; null when it is not only held.")
    reschedule_count: int
    needs_new_time: bool = Field(description="The shop cannot keep the promise: choose another time.")
    revision: int = Field(description="Rises with every change; also the `ETag`.")
