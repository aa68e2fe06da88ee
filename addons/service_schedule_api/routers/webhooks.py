"""Endpoints of other systems that are told what happens. For who may set them up in the backend.

Administrators have all those of their companies, managers those of their own shops.
"""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Response

from odoo.fields import Command, Domain

from odoo.addons.sale_service_schedule.exceptions import FormRefused

from ..dependencies import DEFAULT, GUARDS, Cursor, Env, IdempotencyKey, Limit, note, read_page, require
from ..presenters.webhook import present, present_delivery
from ..schemas.common import LARGEST_ID, problems
from ..schemas.webhook import (
    Delivery,
    DeliveryPage,
    NewWebhook,
    RotationBody,
    Webhook,
    WebhookBody,
    WebhookPage,
    WebhookPatch,
)

router = APIRouter(prefix="/webhooks", tags=["Webhooks"], dependencies=GUARDS)
WebhookId = Annotated[int, Path(gt=0, le=LARGEST_ID)]


@router.get("", response_model=WebhookPage, responses=problems())
def list_webhooks(env: Env, limit: Limit = DEFAULT, cursor: Cursor = None):
    """The endpoints of the caller's companies."""
    endpoints, following = read_page(env["service.webhook.endpoint"].search, Domain.TRUE, limit, cursor)
    return {"items": [present(endpoint) for endpoint in endpoints], "next_cursor": following}


@router.post("", status_code=201, response_model=NewWebhook, responses=problems(409, 422))
def add_webhook(body: WebhookBody, env: Env, key: IdempotencyKey = None):
    """Add an endpoint. Its secret is in this answer and in no other."""
    env["service.webhook.endpoint"].check_access("create")
    values = _prepare_values(env, body.model_dump())
    endpoint = env["service.webhook.endpoint"].create(values)
    note(endpoint, f"added: {endpoint.url}")
    return {**present(endpoint), "secret": endpoint._reveal_secret()}


@router.get("/{webhook_id}", response_model=Webhook, responses=problems())
def read_webhook(webhook_id: WebhookId, env: Env):
    """One endpoint."""
    return present(_find(env, webhook_id))


@router.patch("/{webhook_id}", response_model=Webhook, responses=problems(409, 422))
def change_webhook(webhook_id: WebhookId, body: WebhookPatch, env: Env):
    """Change an endpoint; what is not given stays."""
    endpoint = _find(env, webhook_id)
    given = body.model_dump(exclude_none=True)
    is_on = given.pop("is_on", None)
    endpoint.write(_prepare_values(env, given))
    if is_on is not None and is_on != (endpoint.state != "off"):
        (endpoint.action_switch_on if is_on else endpoint.action_switch_off)()
    note(endpoint, f"changed: {', '.join(body.model_fields_set)}")
    return present(endpoint)


@router.delete("/{webhook_id}", status_code=204, responses=problems(409, 422))
def remove_webhook(webhook_id: WebhookId, env: Env):
    """Remove an endpoint, with what was delivered to it."""
    endpoint = _find(env, webhook_id)
    note(endpoint, f"removed: {endpoint.url}")
    endpoint.unlink()
    return Response(status_code=204)


@router.post("/{webhook_id}/rotate-secret", response_model=NewWebhook, responses=problems(422))
def rotate_secret(webhook_id: WebhookId, env: Env, body: RotationBody | None = None, key: IdempotencyKey = None):
    """Make a new secret, shown in this answer alone. Meanwhile deliveries are signed with the present one as well."""
    endpoint = _find(env, webhook_id)
    hours = (body or RotationBody()).overlap_hours
    secret = endpoint._rotate_secret(timedelta(hours=hours))
    note(endpoint, f"new secret, the old one for {hours} h")
    return {**present(endpoint), "secret": secret}


@router.post("/{webhook_id}/test", status_code=202, response_model=Delivery, responses=problems(409, 422))
def send_test(webhook_id: WebhookId, env: Env, key: IdempotencyKey = None):
    """Send a test through the queue, as every event goes."""
    endpoint = _find(env, webhook_id)
    delivery = endpoint.delivery_ids.browse(endpoint.action_send_test()["res_id"])
    note(endpoint, "test")
    return present_delivery(delivery)


@router.get("/{webhook_id}/deliveries", response_model=DeliveryPage, responses=problems())
def list_deliveries(webhook_id: WebhookId, env: Env, limit: Limit = DEFAULT, cursor: Cursor = None):
    """What was sent, the newest first."""
    endpoint = _find(env, webhook_id)
    domain = Domain("endpoint_id", "=", endpoint.id)
    deliveries, following = read_page(endpoint.delivery_ids.search, domain, limit, cursor, is_descending=True)
    return {"items": [present_delivery(delivery) for delivery in deliveries], "next_cursor": following}


@router.post("/deliveries/{delivery_id}/replay", status_code=202, response_model=Delivery, responses=problems(409, 422))
def replay(delivery_id: Annotated[int, Path(gt=0, le=LARGEST_ID)], env: Env, key: IdempotencyKey = None):
    """Send a delivery again, under its own id."""
    delivery = require(env["service.webhook.delivery"].search([("id", "=", delivery_id)]))
    delivery.action_replay()
    note(delivery, "replayed")
    return present_delivery(delivery)


def _find(env, webhook_id):
    return require(env["service.webhook.endpoint"].search([("id", "=", webhook_id)]))


def _prepare_values(env, given):
    """Return field values; codes of events and shops that are not there are refused."""
    values = {name: given[name] for name in ("name", "url") if name in given}
    if "events" in given:
        events = env["service.webhook.event"].search([("code", "in", given["events"])])
        unknown = sorted(set(given["events"]) - set(events.mapped("code")))
        if unknown:
            raise FormRefused({"events": env._("There is no event %(codes)s.", codes=", ".join(unknown))})
        values |= {"is_all_events": not events, "event_ids": [Command.set(events.ids)]}
    if "shop_ids" in given:
        if not given["shop_ids"] and not env.user.has_group("base.group_system"):
            raise FormRefused({"shop_ids": env._("Say of which of your shops; all of them is for administrators.")})
        points = env["service.point"].search([("id", "in", given["shop_ids"])])
        if len(points) < len(set(given["shop_ids"])):
            raise FormRefused({"shop_ids": env._("There is no such record, or it was not given.")})
        values["point_ids"] = [Command.set(points.ids)]
    return values
