# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from attrs import define

from ..types import (
    Codec,
    Model,
    Nested,
)

if TYPE_CHECKING:
    from ..models.webhook_replay_response import WebhookReplayResponse


@define(kw_only=True, eq=False, repr=False)
class WebhookReplay(Model):
    """WebhookReplay, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"response_data": Nested("WebhookReplayResponse")}

    success: bool | None = None
    """Whether the replay received a 2xx response"""
    replay_event_id: str | None = None
    """New event ID for this replay attempt"""
    original_event_id: str | None = None
    """The original event ID that was replayed"""
    webhook_id: str | None = None
    webhook_url: str | None = None
    response_status: int | None = None
    """HTTP status code from replay attempt"""
    duration_ms: int | None = None
    """Time taken for the replay request in milliseconds"""
    response_data: WebhookReplayResponse | None = None
    """Response details from the replay attempt"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = {}
        get = data.get
        model.success = get("success")
        model.replay_event_id = get("replay_event_id")
        model.original_event_id = get("original_event_id")
        model.webhook_id = get("webhook_id")
        model.webhook_url = get("webhook_url")
        model.response_status = get("response_status")
        model.duration_ms = get("duration_ms")
        return model
