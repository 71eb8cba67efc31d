# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from attrs import define

from ..types import (
    UNSET,
    Codec,
    Model,
    Nested,
    Unset,
)

if TYPE_CHECKING:
    from ..models.link_preview import LinkPreview


@define(kw_only=True, eq=False, repr=False)
class MessagePart(Model):
    """MessagePart, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"link_preview": Nested("LinkPreview")}
    _absent: ClassVar[Any] = UNSET

    text: str | Unset = UNSET
    """Text content for this part. Mutually exclusive with 'url'."""
    mention: str | Unset = UNSET
    """Participant phone number or email to @-mention. Only valid with 'text'. The entire text of the part is rendered
    as the mention."""
    url: str | Unset = UNSET
    """URL to an attachment for this part. Mutually exclusive with 'text'."""
    name: str | Unset = UNSET
    """Filename for the attachment. Only valid with 'url'."""
    link_preview: LinkPreview | None | Unset = UNSET
    """Optional. Per-part rich-link-preview override. When any part carries this, every part must be a text-only
    single-URL part (URL-balloon batch mode)."""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = {}
        get = data.get
        model.text = get("text", UNSET)
        model.mention = get("mention", UNSET)
        model.url = get("url", UNSET)
        model.name = get("name", UNSET)
        return model
