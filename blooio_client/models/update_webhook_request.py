# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import Any, ClassVar

from attrs import define

from ..models.webhook_type import WebhookType
from ..types import (
    UNSET,
    Codec,
    Members,
    Model,
    Moment,
    Unset,
    read_generally,
)

_webhook_type = Members(WebhookType)


@define(kw_only=True, eq=False, repr=False)
class UpdateWebhookRequest(Model):
    """UpdateWebhookRequest, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"webhook_type": WebhookType, "valid_until": Moment("milliseconds", never=-1)}
    _absent: ClassVar[Any] = UNSET

    webhook_type: WebhookType | str | Unset = UNSET
    """Type of events to receive"""
    valid_until: datetime.datetime | int | None | Unset = UNSET
    """Expiration timestamp. Use -1 or null for no expiration."""
    deprecate: bool | Unset = UNSET
    """Set to true to deprecate, false to undeprecate"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.deprecate = get("deprecate", UNSET)
        try:
            model.webhook_type = _webhook_type[get("webhook_type", UNSET)]
        except TypeError:  # a list or an object, where the document has a text
            return read_generally(cls, data)
        return model
