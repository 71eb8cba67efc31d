# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import Any, ClassVar

from attrs import define

from ..models.webhook_scope import WebhookScope
from ..models.webhook_type import WebhookType
from ..types import (
    Codec,
    Hidden,
    Members,
    Model,
    Moment,
    Required,
    Secret,
    hiding,
    read_generally,
)

_webhook_scope = Members(WebhookScope)
_webhook_type = Members(WebhookType)


@define(kw_only=True, eq=False, repr=False)
class CreatedWebhook(Model):
    """CreatedWebhook, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {
        "scope": WebhookScope,
        "webhook_type": WebhookType,
        "created_at": Moment("milliseconds"),
        "signing_secret": Hidden(),
    }
    _required: ClassVar[Required] = {"webhook_id": None}

    webhook_id: str
    webhook_url: str | None = None
    scope: WebhookScope | None = None
    message: str | None = None
    webhook_type: WebhookType | None = None
    created_at: datetime.datetime | None = None
    signing_secret: Secret | None = None
    """The webhook signing secret. Store this securely - it will not be shown again."""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = hiding(data, "signing_secret")
        model._held = None
        get = data.get
        model.webhook_id = get("webhook_id")
        model.webhook_url = get("webhook_url")
        model.message = get("message")
        try:
            model.scope = _webhook_scope[get("scope")]
            model.webhook_type = _webhook_type[get("webhook_type")]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
