# Generated from openapi/ by `make generate`. Do not edit.
from typing import Any

from attrs import define, field

from ..types import JsonObject, Model


@define(kw_only=True, eq=False, repr=False)
class WebhookReplayResponse(Model):
    """Response details from the replay attempt"""

    body: Any | None = None
    """Response body (if parseable)"""
    headers: JsonObject | None = None
    size: int | None = None
    content_type: str | None = field(default=None, metadata={"wire": "contentType"})
    duration: int | None = None
    error: str | None = None
    error_type: str | None = field(default=None, metadata={"wire": "errorType"})
