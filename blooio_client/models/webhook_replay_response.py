# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

from attrs import define

from ..types import (
    JsonObject,
    Model,
)


@define(kw_only=True, eq=False, repr=False)
class WebhookReplayResponse(Model):
    """Response details from the replay attempt"""

    _wire: ClassVar[dict[str, str]] = {"content_type": "contentType", "error_type": "errorType"}

    body: Any | None = None
    """Response body (if parseable)"""
    headers: JsonObject | None = None
    size: int | None = None
    content_type: str | None = None
    duration: int | None = None
    error: str | None = None
    error_type: str | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.body = get("body")
        model.headers = get("headers")
        model.size = get("size")
        model.content_type = get("contentType")
        model.duration = get("duration")
        model.error = get("error")
        model.error_type = get("errorType")
        return model
