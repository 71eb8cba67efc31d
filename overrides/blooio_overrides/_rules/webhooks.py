"""The arguments and the result of a webhook subscription."""

from __future__ import annotations

import datetime
from typing import Any

from blooio_client.models import CreatedWebhook as WireWebhook
from blooio_client.models import WebhookLog
from blooio_client.types import UNSET, JsonObject, Unset
from blooio_client.values import milliseconds

from .._call.exchange import Exchange
from ..arguments import checked_text, checked_time, reject
from ..results import CreatedWebhook
from .conversation import is_url

NO_END = -1
"""Means a subscription without an end."""


def subscription_body(
    *,
    webhook_url: str | Unset = UNSET,
    webhook_type: str | Unset = UNSET,
    valid_until: datetime.datetime | int | Unset | None = UNSET,
    deprecate: bool | Unset = UNSET,
) -> JsonObject:
    """Return the body of a new or updated subscription, with only the given fields.

    Raises:
        InvalidArgumentError: The URL or the type is invalid, or the time has no time zone.
    """
    given: dict[str, Any] = {
        "webhook_url": webhook_url if isinstance(webhook_url, Unset) else _target(webhook_url),
        "webhook_type": webhook_type
        if isinstance(webhook_type, Unset)
        else checked_text(webhook_type, "type", "expected a type such as 'all'"),
        "valid_until": valid_until if isinstance(valid_until, Unset) else _end(valid_until),
        "deprecate": deprecate,
    }
    return {name: value for name, value in given.items() if value is not UNSET}


def _target(url: str) -> str:
    if not is_url(url):
        reject("url must be an http(s) URL")
    return url


def _end(time: datetime.datetime | int | None) -> int:
    if time is None:
        return NO_END
    checked = checked_time(time, "valid_until")
    return milliseconds(checked) if isinstance(checked, datetime.datetime) else checked


def created_webhook(exchange: Exchange) -> CreatedWebhook:
    """Return a subscription, and whether it is new.

    Raises:
        BlooioError: The call failed.
    """
    response = exchange.successful_response()
    wire = WireWebhook.from_dict(response.json)
    return CreatedWebhook(
        webhook_id=wire.webhook_id,
        created=response.status == 201,  # noqa: PLR2004 - a status
        signing_secret=wire.signing_secret,
        webhook_url=wire.webhook_url,
        webhook_type=wire.webhook_type,
        scope=wire.scope,
        created_at=wire.created_at,
        message=wire.message,
    )


def entry_key(log: WebhookLog) -> str | None:
    """Return the key of a log entry: an event has one entry for each delivery attempt.

    None if the time is missing: the entry may be new or not.
    """
    return f"{log.event_id} {log.attempted_time}" if log.attempted_time is not None else None
