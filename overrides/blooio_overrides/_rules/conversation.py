"""The body of a send, checked before it leaves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeGuard

from blooio_client.models import SendStatus
from blooio_client.types import JsonObject, Model, plain

from .._call.exchange import Exchange
from .._call.outcome import message_ids
from ..arguments import checked_text, id_of, refuse
from ..chat_ids import phone_number
from ..json_values import is_object
from ..results import SentMessage, is_duplicate


class HasMessageId(Protocol):
    """Anything that is a message, or tells of one."""

    @property
    def message_id(self) -> str | None:
        """The id of the message."""
        ...


if TYPE_CHECKING:
    from blooio_client.models import LinkPreview, MessageEffect, MessagePart, OutgoingAttachment, ReplyTarget

    Attachment = str | OutgoingAttachment | Mapping[str, Any]
    Part = MessagePart | Mapping[str, Any]
    Preview = LinkPreview | Mapping[str, Any]
    Parent = str | ReplyTarget | Mapping[str, Any] | HasMessageId

_URL: Final = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
FIELDS: Final = frozenset(
    {
        "attachments",
        "effect",
        "from_number",
        "link_preview",
        "parts",
        "reply_to",
        "share_contact",
        "text",
        "use_typing_indicator",
    }
)


def message_body(
    text: str | Sequence[str] | None,
    *,
    attachments: str | Sequence[Attachment] | None,
    parts: Sequence[Part] | None,
    link_preview: Preview | None,
    from_number: str | None,
    share_contact: bool | None,
    use_typing_indicator: bool | None,
    effect: MessageEffect | str | None = None,
    reply_to: Parent | None = None,
    extra: Mapping[str, Any] | None,
) -> JsonObject:
    """Return the body of a send.

    Raises:
        InvalidArgumentError: There is nothing to send, or what there is cannot be sent as it is.
    """
    if text is None and attachments is None and parts is None and not extra:
        refuse("there is nothing to send; write a text, attachments= or parts=")
    if parts is not None and text is not None:
        refuse("parts and text exclude each other; write the text as a part of its own: {'text': '...'}")
    if parts is not None and effect is not None:
        refuse("effect does not go with parts; send the text by itself")
    fields = {
        "text": None if text is None else checked_message_text(text),
        "attachments": None if attachments is None else checked_attachments(attachments),
        "parts": None if parts is None else checked_parts(parts),
        "link_preview": None if link_preview is None else checked_preview(link_preview, text, parts),
        "from_number": None if from_number is None else phone_number(from_number, "from_number"),
        "share_contact": share_contact,
        "use_typing_indicator": use_typing_indicator,
        "effect": None if effect is None else str(checked_text(effect, "effect", "write one such as 'confetti'")),
        "reply_to": None if reply_to is None else checked_parent(reply_to),
    }
    return {**{name: value for name, value in fields.items() if value is not None}, **_checked_extra(extra or {})}


def checked_message_text(text: str | Sequence[str]) -> str | list[str]:
    """Return a text, or several: each of them becomes a message of its own."""
    if isinstance(text, str):
        return _one_text(text, "text")
    if not isinstance(text, Sequence):
        refuse(f"text is {type(text).__name__}; write a str, or a list of str for several messages")
    if not text:
        refuse("text is an empty list; write at least one text")
    texts: Sequence[object] = text
    return [_one_text(one, f"text[{position}]") for position, one in enumerate(texts)]


def _one_text(text: object, name: str) -> str:
    if not isinstance(text, str):
        refuse(f"{name} is {type(text).__name__}; write a str")
    if not text.strip():
        refuse(f"{name} is empty; write what the message shall say")
    return text


def checked_attachments(attachments: str | Sequence[Attachment]) -> list[str | JsonObject]:
    """Return attachments as the service takes them: URLs, or objects with a URL and a name."""
    if isinstance(attachments, str | bytes | PathLike | Mapping | Model):
        attachments = [attachments]
    if not isinstance(attachments, Iterable):
        refuse(f"attachments is {type(attachments).__name__}; write a URL, or a list of them")
    listed = list(attachments)
    if not listed:
        refuse("attachments is an empty list; leave it out")
    return [_attachment(one, f"attachments[{position}]") for position, one in enumerate(listed)]


def _attachment(attachment: Attachment | PathLike[str] | bytes, name: str) -> str | JsonObject:
    if isinstance(attachment, str | bytes | PathLike):
        return checked_url(attachment, name)
    written = plain(attachment)
    if not is_object(written) or "url" not in written:
        refuse(f"{name} is {type(attachment).__name__}; write a URL, or {{'url': ..., 'name': ...}}")
    checked_url(written["url"], f"{name}['url']")
    return written


def checked_url(url: object, name: str) -> str:
    """Return an http(s) URL; the service fetches what it points to."""
    if not is_url(url):
        refuse(f"{name} is no http(s) URL; Blooio fetches files by URL: host the file, and pass its URL")
    return url


def is_url(url: object) -> TypeGuard[str]:
    """Whether something is an http(s) URL."""
    return isinstance(url, str) and bool(_URL.fullmatch(url))


def checked_parts(parts: Sequence[Part]) -> list[JsonObject]:
    """Return the parts of a message, each with either a text or a URL."""
    if isinstance(parts, str | bytes | Mapping) or not isinstance(parts, Iterable):
        refuse("parts is not a list; write [{'text': '...'}, {'url': 'https://...'}]")
    written = [_part(part, f"parts[{position}]") for position, part in enumerate(parts)]
    if not written:
        refuse("parts is an empty list; write at least one part")
    if any(part.get("link_preview") is not None for part in written):
        for position, part in enumerate(written):
            if not _is_url(part.get("text")):
                refuse(f"parts[{position}] is not a single URL as text; where one part has a link_preview, all must be")
    return written


def _part(part: object, name: str) -> JsonObject:
    written = plain(part)
    if not is_object(written):
        refuse(f"{name} is {type(part).__name__}; write {{'text': '...'}} or {{'url': 'https://...'}}")
    if (written.get("text") is None) == (written.get("url") is None):
        refuse(f"{name} must have either a text or a url, not both and not neither")
    if written.get("text") is not None:
        _one_text(written["text"], f"{name}['text']")
    else:
        checked_url(written["url"], f"{name}['url']")
    return written


def checked_preview(preview: Preview, text: object, parts: object) -> JsonObject:
    """Return a link preview, which goes with a text that is exactly one URL."""
    if parts is None and not _is_url(text):
        refuse(
            "link_preview goes with a text that is exactly one http(s) URL; send other words as a message of their own"
        )
    written = plain(preview)
    if not is_object(written):
        refuse(f"link_preview is {type(preview).__name__}; write {{'title': ..., 'image_url': ...}}")
    return written


def checked_parent(reply_to: Parent) -> JsonObject:
    """Return what a message replies to: a message's id, or its GUID and the part of it."""
    if isinstance(reply_to, Mapping) or type(reply_to).__name__ == "ReplyTarget":
        written: JsonObject = plain(reply_to)
        if (written.get("message_id") is None) == (written.get("guid") is None):
            refuse("reply_to names the message either by message_id or by guid; write one of them")
        return written
    return {"message_id": id_of(reply_to, "reply_to", "message_id")}


def _is_url(text: object) -> bool:
    return isinstance(text, str) and _URL.fullmatch(text.strip()) is not None


def _checked_extra(extra: Mapping[str, Any]) -> JsonObject:
    if not isinstance(extra, Mapping):
        refuse(f"extra is {type(extra).__name__}; write a dict of body fields")
    known = sorted(FIELDS & extra.keys())
    if known:
        refuse(f"extra holds {', '.join(known)}, which send has as an argument; pass it there")
    written: JsonObject = plain(extra)
    return written


def sent_message(exchange: Exchange, key: str, *, own_key: bool) -> SentMessage:
    """Return what became of a send.

    Args:
        exchange: How the call ended.
        key: The idempotency key of the send.
        own_key: Whether the key was made for this call.

    Raises:
        BlooioError: It was not accepted, or nobody can know.
    """
    response = exchange.successful_response()
    data: dict[str, Any] = response.json
    used = exchange.journey.idempotency_key or key
    is_ours = own_key and used == key  # a header may have replaced it
    return SentMessage(
        message_ids=message_ids(data),
        duplicate=is_duplicate(response.status, own_key=is_ours, uncertain=exchange.journey.uncertain),
        idempotency_key=used,
        status=SendStatus.read(data.get("status")),
        group_id=data.get("group_id"),
        group_created=data.get("group_created"),
        participants=data.get("participants"),
        raw=data,
    )
