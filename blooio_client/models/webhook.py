# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..models.webhook_scope import WebhookScope
from ..models.webhook_type import WebhookType
from ..types import (
    Codec,
    Model,
    Moment,
    Required,
)


@define(kw_only=True, eq=False, repr=False)
class Webhook(Model):
    """Webhook, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {
        "webhook_type": WebhookType,
        "scope": WebhookScope,
        "created_at": Moment("milliseconds"),
        "deprecated_at": Moment("milliseconds"),
        "valid_until": Moment("milliseconds", never=-1),
        "last_triggered": Moment("milliseconds"),
    }
    _required: ClassVar[Required] = {"webhook_id": None}

    webhook_id: str
    webhook_url: str | None = None
    webhook_type: WebhookType | None = None
    scope: WebhookScope | None = None
    api_key_name: str | None = None
    """Name of the API key (if scope is api_key)"""
    integration_name: str | None = None
    """Name of the integration (if scope is integration)"""
    created_at: datetime.datetime | None = None
    deprecated_at: datetime.datetime | None = None
    valid_until: datetime.datetime | None = None
    """-1 means no expiration"""
    last_triggered: datetime.datetime | None = None
    failure_count: int | None = None
    is_active: bool | None = None
    """Whether the webhook is active (not deprecated)"""
