"""Orders, as clients send and get them."""

from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field, model_validator

from .common import Answer, Body, Currency, Day, Id, Moment, Money, SlotCode, Text

MOST_ITEMS = 20
MOST_UNITS = 99
MOST_MINUTES = 10_000

Status = Literal["pending", "confirmed", "preparing", "ready", "picked_up", "no_show", "cancelled"]
OrderType = Literal["instant", "pre_order"]
Bucket = Literal["overdue", "due_soon", "scheduled"]


class ItemBody(Body):
    product_id: Id = Field(description="One of the products of an offer of the shop, see `GET /offers`.")
    quantity: Annotated[int, Field(ge=1, le=MOST_UNITS, description="Units.", examples=[2])] = 1
    equipment_id: Id | None = Field(None, description="The customer's thing that is worked on, where that is kept.")


class TimeBody(Body):
    """A time, as a moment or as a window of a day."""

    MOMENT: ClassVar = "scheduled_date"

    date: Day | None = None
    time_slot: SlotCode | None = None

    @model_validator(mode="after")
    def check_time(self):
        """There is one time, where there has to be one."""
        by_window = (self.date is not None, self.time_slot is not None)
        if any(by_window) != all(by_window):
            raise ValueError("`date` and `time_slot` go together")
        if (getattr(self, self.MOMENT) is not None) + all(by_window) != self.count_times():
            raise ValueError(f"give {self.explain_times()}")
        return self

    def count_times(self):
        """Return how many times have to be given."""
        return 1

    def explain_times(self):
        """Return what has to be given."""
        return f"`{self.MOMENT}`, or `date` and `time_slot`"


class OrderBody(TimeBody):
    """An order. A pre-order has a time: `scheduled_pickup_time`, or `date` and `time_slot`."""

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "shop_id": 1,
                    "order_type": "pre_order",
                    "scheduled_pickup_time": "2026-02-26T17:00:00+05:30",
                    "order_notes": "Will come at 5 PM sharp",
                    "items": [{"product_id": 1, "quantity": 2, "equipment_id": 7}],
                }
            ]
        }
    }

    MOMENT: ClassVar = "scheduled_pickup_time"

    shop_id: Id
    order_type: OrderType = "instant"
    scheduled_pickup_time: Moment | None = None
    order_notes: Annotated[Text, Field(max_length=2000)] = ""
    customer_id: Id | None = Field(None, description="For whom: the staff say it, customers order for themselves.")
    items: Annotated[list[ItemBody], Field(min_length=1, max_length=MOST_ITEMS)]

    def count_times(self):
        """Override: a pre-order has one time, a walk-in none."""
        return int(self.order_type == "pre_order")

    def explain_times(self):
        """Override to tell which orders have a time."""
        return f"{super().explain_times()} for a pre_order; an instant one has no time"


class OrderPatch(Body):
    """What is to change. Customers can only cancel."""

    model_config = {"json_schema_extra": {"examples": [{"status": "confirmed", "estimated_preparation_minutes": 20}]}}

    status: Status | None = Field(None, description="The next state; one that it has already changes nothing.")
    estimated_preparation_minutes: Annotated[int, Field(ge=0, le=MOST_MINUTES, description="Minutes.")] | None = None

    @model_validator(mode="after")
    def check_any(self):
        """Something has to change."""
        if self.status is None and self.estimated_preparation_minutes is None:
            raise ValueError("say what shall change: `status`, `estimated_preparation_minutes`")
        return self


class RescheduleBody(TimeBody):
    """Another time: `scheduled_date`, or `date` and `time_slot`."""

    model_config = {
        "json_schema_extra": {
            "examples": [
                {"scheduled_date": "2026-10-17T15:00:00-04:00", "reason": "The boat leaves later"},
                {"date": "2026-10-17", "time_slot": "AFTERNOON"},
            ]
        }
    }

    scheduled_date: Moment | None = None
    reason: Annotated[Text, Field(max_length=500)] = ""


class Customer(Answer):
    id: int
    name: str


class Item(Answer):
    product_id: int | None
    equipment_id: int | None = Field(description="The customer's thing that is worked on; null where it is not kept.")
    name: str
    quantity: float = Field(description="Units.")
    unit_price: Money
    total: Money = Field(description="Taxes included.")


class Order(Answer):
    id: int
    order_number: str = Field(examples=["S00042"])
    status: Status
    order_type: OrderType
    is_scheduled: bool
    scheduled_date: AwareDatetime | None = Field(description="When it begins, in the shop's zone; null for a walk-in.")
    scheduled_end: AwareDatetime | None
    time_slot: str | None = Field(description="Code of the window; null for a time of its own.", examples=["MORNING"])
    original_scheduled_date: AwareDatetime | None
    reschedule_count: int
    is_overdue: bool = Field(description="The promised time has passed, and work has not begun.")
    estimated_preparation_minutes: int = Field(description="Minutes.")
    shop_id: int
    customer: Customer
    items: list[Item]
    total_amount: Money = Field(description="Taxes included.")
    currency: Currency
    item_count: int = Field(description="Units of all items.")
    order_notes: str
    confirmation: str = Field(description="For the customer.", examples=["Order #S00042 scheduled for …"])
    portal_url: str = Field(description="The customer's page; wants his log-in.")
    revision: int = Field(description="Rises with every change; also the `ETag`.")
    created_at: AwareDatetime
    updated_at: AwareDatetime


class Reschedule(Answer):
    from_: AwareDatetime | None = Field(serialization_alias="from", validation_alias="from")
    to: AwareDatetime | None
    by: str = Field(description="Who moved it.")
    reason: str
    at: AwareDatetime


class OrderDetail(Order):
    history: list[Reschedule] = Field(description="Every move, the first one first.")


class DueOrder(Order):
    bucket: Bucket | None


class OrderPage(Answer):
    items: list[Order]
    next_cursor: str | None = Field(description="For the next page; null on the last one.")


class DuePage(Answer):
    items: list[DueOrder]
    next_cursor: str | None


class CalendarEvent(Answer):
    """An event as FullCalendar reads it."""

    id: int
    title: str = Field(examples=["S00042 - John Doe"])
    start: AwareDatetime
    end: AwareDatetime
    url: str
    color: str = Field(examples=["#198754"])
