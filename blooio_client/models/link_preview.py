# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import Any, ClassVar

from attrs import define

from ..types import (
    UNSET,
    Model,
    Unset,
)


@define(kw_only=True, eq=False, repr=False)
class LinkPreview(Model):
    """Rich-link-preview overrides for URL messages (iMessage URL balloon). All fields are optional. Only applies when
    the message text (or the concatenated part text) is exactly a single http(s) URL. If omitted but the text is a
    URL, Blooio auto-fetches the page's Open Graph metadata to generate a preview. If the image download fails, the
    send still succeeds — Blooio silently falls back to the auto-generated preview."""

    _absent: ClassVar[Any] = UNSET

    image_url: str | Unset = UNSET
    """HTTPS URL to an image (png, jpg, webp, gif). Blooio downloads the image server-side and attaches it as the
    rich-link hero. Max 16 MB. If the download fails or returns a non-image MIME, the send falls back to
    auto-fetched OG metadata."""
    title: str | Unset = UNSET
    """Bold title line rendered in the iMessage bubble. Overrides the page's `<meta property="og:title">`."""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.image_url = get("image_url", UNSET)
        model.title = get("title", UNSET)
        return model
