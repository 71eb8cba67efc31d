# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import Any, ClassVar

from attrs import define

from ..models.webhook_scope import WebhookScope
from ..models.webhook_type import WebhookType
from ..types import (
    Codec,
    Members,
    Model,
    Moment,
    Required,
    read_generally,
)

_webhook_type = Members(WebhookType)
_webhook_scope = Members(WebhookScope)


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

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.webhook_id = get("webhook_id")
        model.webhook_url = get("webhook_url")
        model.api_key_name = get("api_key_name")
        model.integration_name = get("integration_name")
        model.failure_count = get("failure_count")
        model.is_active = get("is_active")
        try:
            model.webhook_type = _webhook_type[get("webhook_type")]
            model.scope = _webhook_scope[get("scope")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
