# Generated from openapi/ by `make generate`. Do not edit.
from collections.abc import Sequence

from attrs import define

from ..models.link_preview import LinkPreview
from ..models.message_effect import MessageEffect
from ..models.message_format import MessageFormat
from ..models.message_part import MessagePart
from ..models.outgoing_attachment import OutgoingAttachment
from ..models.reply_target import ReplyTarget
from ..types import UNSET, Model, Unset


@define(kw_only=True, eq=False, repr=False)
class SendMessageRequest(Model):
    """Request body for sending a message"""

    text: Sequence[str] | str | Unset = UNSET
    """Message text. Can be a single string or array of strings (each becomes a separate message)"""
    attachments: Sequence[OutgoingAttachment | str] | Unset = UNSET
    """Array of attachment URLs or objects with url/name"""
    use_typing_indicator: bool | Unset = UNSET
    """Whether to show typing indicator before sending. Defaults to org preference."""
    from_number: str | Unset = UNSET
    """E.164 phone number to send from. For Twilio API keys, this is optional — if omitted, the first assigned Twilio
    number is auto-selected. For Blooio (iMessage) API keys, this selects a specific number from your pool. Must be
    a number assigned to your API key."""
    share_contact: bool | Unset = UNSET
    """If true, the contact card (Name & Photo) will be shared with this message. The contact card is piggybacked onto
    the outgoing message. Defaults to false."""
    parts: Sequence[MessagePart] | Unset = UNSET
    """Ordered array of message parts. Two modes:

      1. **Multipart mode** — parts sent as a single unified iMessage bubble (mix of text and attachment parts).
    This is the default.
      2. **URL-balloon batch mode** — triggered when any part has a `link_preview` object. Each part becomes its own
    rich-link-preview iMessage; parts are sent sequentially in array order. In batch mode every part must be
    text-only with `text` being a single http(s) URL. Response contains `message_ids[]` + `count` instead of
    `message_id`."""
    link_preview: LinkPreview | None | Unset = UNSET
    """Optional. Override the rich-link-preview image and/or title on URL messages. See the LinkPreview schema. When
    omitted, Blooio auto-generates the preview from the page's Open Graph tags."""
    effect: MessageEffect | str | Unset = UNSET
    """The effect that plays when the message arrives; cannot be combined with parts"""
    reply_to: ReplyTarget | Unset = UNSET
    """The message to reply to: an iMessage in the same chat, at most 30 days old"""
    format: MessageFormat | str | Unset = UNSET
    """How to read the text: unchanged, or with `**bold**`, `*italic*`, `++underline++` and `~~strikethrough~~`"""
