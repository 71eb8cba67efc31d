# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any

from attrs import define

from ..types import (
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class WebhookLogMetadata(Model):
    """Additional metadata about the webhook delivery"""

    organization_id: str | None = None
    event_name: str | None = None
    message_id: str | None = None
    is_replay: bool | None = None
    original_event_id: str | None = None
    duration_ms: int | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.organization_id = get("organization_id")
        model.event_name = get("event_name")
        model.message_id = get("message_id")
        model.is_replay = get("is_replay")
        model.original_event_id = get("original_event_id")
        model.duration_ms = get("duration_ms")
        return model
