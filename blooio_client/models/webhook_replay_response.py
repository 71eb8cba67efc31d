# Generated from openapi/ by `make generate`. Do not edit.
from typing import Any

from attrs import define, field as described

from ..types import JsonObject, Model


@define(kw_only=True, eq=False, repr=False)
class WebhookReplayResponse(Model):
    """Response details from the replay attempt"""

    body: Any | None = None
    """Response body (if parseable)"""
    headers: JsonObject | None = None
    """The headers of your server's response"""
    size: int | None = None
    """The size of the response in bytes"""
    content_type: str | None = described(default=None, metadata={"wire": "contentType"})
    """The content type of your server's response"""
    duration: int | None = None
    """How long your server took, in milliseconds"""
    error: str | None = None
    """Why there was no response; None if there was one"""
    error_type: str | None = described(default=None, metadata={"wire": "errorType"})
    """The kind of the error, if there is one"""
