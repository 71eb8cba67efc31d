# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class ChatBackground(Model):
    """Response for chat background operations"""

    chat_id: str | None = None
    """Normalized chat identifier (phone number, email, or group ID)"""
    has_background: bool | None = None
    """Whether the chat currently has a background set"""
    background_id: str | None = None
    """Unique identifier for the current background, or null if none"""
    background_version: int | None = None
    """Version number of the background (for cache invalidation)"""
    changed: bool | None = None
    """Whether the background was changed by this operation (only present on PUT)"""
    background_url: str | None = None
    """The URL of the background, if it was set through the API"""
