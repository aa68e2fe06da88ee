"""Webhook endpoints and what was delivered."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from .common import Answer, Body, Id, Text

MOST_HOURS = 7 * 24
Name = Annotated[Text, Field(min_length=1, max_length=200)]
Url = Annotated[
    Text, Field(min_length=1, max_length=2000, description="https only.", examples=["https://example.com/hooks"])
]
Codes = Annotated[
    list[Annotated[Text, Field(max_length=100)]],
    Field(max_length=50, description="Codes of events; an empty list is all of them.", examples=[["new_order"]]),
]
ShopIds = Annotated[list[Id], Field(max_length=100, description="Only of these shops; an empty list is all of them.")]


class WebhookBody(Body):
    name: Name
    url: Url
    events: Codes = []
    shop_ids: ShopIds = []


class WebhookPatch(Body):
    name: Name | None = None
    url: Url | None = None
    events: Codes | None = None
    shop_ids: ShopIds | None = None
    is_on: bool | None = Field(None, description="Switch it on again, or off.")


class Webhook(Answer):
    id: int
    name: str
    url: str
    events: list[str]
    shop_ids: list[int]
    state: Literal["on", "failing", "off"]
    old_secret_until: AwareDatetime | None = Field(
        description="Until then deliveries are signed with two secrets, the new one and the one before; null for one."
    )


class RotationBody(Body):
    """How long the present secret holds beside the new one."""

    model_config = {"json_schema_extra": {"examples": [{"overlap_hours": 72}]}}

    overlap_hours: Annotated[int, Field(ge=0, le=MOST_HOURS, description="Hours; 0: at once, others know it.")] = 72


class NewWebhook(Webhook):
    secret: str = Field(description="What deliveries are signed with (Standard Webhooks). It is shown this once.")


class WebhookPage(Answer):
    items: list[Webhook]
    next_cursor: str | None


class Delivery(Answer):
    id: int
    webhook_id: str = Field(description="The header `webhook-id`; the same however often it is sent.")
    event: str
    state: Literal["waiting", "delivered", "dead"]
    tries: int
    last_status: int | None = Field(description="Of the receiver's last answer.")
    next_attempt_at: AwareDatetime | None
    delivered_at: AwareDatetime | None


class DeliveryPage(Answer):
    items: list[Delivery]
    next_cursor: str | None
