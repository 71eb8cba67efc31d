# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.link_preview import LinkPreview
from ..types import UNSET, Model, Unset


@define(kw_only=True, eq=False, repr=False)
class MessagePart(Model):
    """The `parts` of SendMessageRequest."""

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
